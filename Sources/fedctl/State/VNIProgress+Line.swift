import FederationAPI
import FederationModel
import Terminal

extension VNIProgress {
    /// `blue → 10002: sends in 10001, gets 10002 ready beside; waits for tokyo/gw1`
    func line(isOnProbation: Bool) -> StyledText {
        let doing =
            sending == goal ? "sends with \(sending), removing \(secondary)" : "sends with \(sending), preparing \(secondary)"
        let told = 5
        let waiting =
            waitsFor.prefix(told).map(\.description).joined(separator: ", ")
            + (waitsFor.count > told ? " and \(waitsFor.count - told) more" : "")
        let why = !waitsFor.isEmpty ? "; waits for \(waiting)" : isOnProbation ? "; waits for “fedctl confirm”" : ""
        return StyledText("\(vpn) → \(goal): ", .doubtful) + StyledText(doing + why)
    }
}
