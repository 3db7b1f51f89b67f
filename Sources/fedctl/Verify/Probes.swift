import FederationViews
import Terminal

extension Probes {
    /// For the foot of a screen.
    static let note = StyledText("probes: none. PROGRAMMED means that routes and flows are set, not that packets pass.", .faint)
}
