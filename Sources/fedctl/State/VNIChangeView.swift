import FederationAPI
import FederationModel
import NetworkTypes
import Terminal

/// A VPN whose VNI changes, make before break.
struct VNIChangeView: Hashable, Sendable, Encodable {
    var vpn: VPNName
    /// Traffic is sent in it.
    var sending: UInt32
    /// Received besides.
    var secondary: UInt32
    /// What it comes to in the end.
    var goal: UInt32
    /// Whose agents have not applied the present state.
    var waitsFor: [GatewayID]

    init(_ wire: WireVNIChange) throws {
        vpn = try VPNName(parsing: wire.vpn)
        sending = wire.sending
        secondary = wire.secondary
        goal = wire.goal
        waitsFor = try wire.waitsFor.map { try GatewayID($0) }
    }

    /// `blue → 10002: sends in 10001, gets 10002 ready beside; waits for tokyo/gw1`
    func line(isOnProbation: Bool) -> StyledText {
        let doing =
            sending == goal ? "sends in \(sending), leaves \(secondary)" : "sends in \(sending), gets \(secondary) ready beside"
        let told = 5
        let waiting =
            waitsFor.prefix(told).map(\.description).joined(separator: ", ")
            + (waitsFor.count > told ? " and \(waitsFor.count - told) more" : "")
        let why = !waitsFor.isEmpty ? "; waits for \(waiting)" : isOnProbation ? "; waits for “fedctl confirm”" : ""
        return StyledText("\(vpn) → \(goal): ", .doubtful) + StyledText(doing + why)
    }
}
