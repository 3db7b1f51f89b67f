import FederationViews
import Terminal
import Verification

extension VerdictState {
    var style: Style {
        switch self {
        case .ok: .good
        case .programmed: .accent
        case .failed: .bad
        case .unknown, .degraded: .doubtful
        case .empty, .waiting: .faint
        }
    }

    /// What is said of the step at which something is found.
    var placeTitle: String {
        switch self {
        case .degraded: "seen at"
        case .waiting: "waits at"
        default: "broken at"
        }
    }

    var styled: StyledText { StyledText(word, style) }
}
