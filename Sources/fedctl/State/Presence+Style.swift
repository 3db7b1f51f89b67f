import FederationViews
import Terminal

extension Presence {
    var styled: StyledText { StyledText(word, self == .connected ? .good : self == .silent ? .bad : .doubtful) }
}
