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
        case .empty: .faint
        }
    }

    var styled: StyledText { StyledText(word, style) }
}
