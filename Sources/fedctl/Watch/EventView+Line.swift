import FederationAPI
import FederationViews
import Terminal

extension EventView {
    /// `18:44:41.123  drift-repaired      paris/gw1  …`
    var line: StyledText {
        StyledText(Self.clock(at), .faint) + "  "
            + StyledText(event + String(repeating: " ", count: max(0, Self.width - event.count)), style)
            + "  " + StyledText(subject, .heading) + StyledText(message.isEmpty ? "" : "  \(message)")
    }

    private static let width = "agent-disconnected".count

    /// The time of day, UTC.
    private static func clock(_ milliseconds: Int64) -> String {
        let inDay = ((milliseconds % 86_400_000) + 86_400_000) % 86_400_000
        func digits(_ number: Int64, _ count: Int) -> String {
            let text = "\(number)"
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1000 % 60].map { digits($0, 2) }.joined(separator: ":")
            + ".\(digits(inDay % 1000, 3))"
    }

    private var style: Style {
        switch source.kind {
        case .agentConnected, .resourceAcknowledged(_, _, .applied), .revisionConfirmed: .good
        case .agentDisconnected, .resourceAcknowledged(_, _, .rejected): .bad
        case .driftRepaired: .doubtful
        case .verdictsChanged(let transition): transition.after?.state.style ?? .faint
        case .recordingBegan, .verdicts: .faint
        case .revisionApplied: .accent
        }
    }
}
