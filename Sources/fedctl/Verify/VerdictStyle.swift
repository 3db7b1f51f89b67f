import FederationViews
import Terminal
import Verification

extension VerdictState {
    var style: Style {
        switch self {
        case .ok: .good
        case .failed: .bad
        case .unknown: .doubtful
        case .empty: .faint
        }
    }

    var styled: StyledText { StyledText(word, style) }
}
