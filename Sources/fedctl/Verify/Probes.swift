import FederationViews
import Terminal

extension Probes {
    /// For the foot of a screen.
    var note: StyledText {
        switch word {
        case "none": StyledText("probes: none. PROGRAMMED means that routes and flows are set, not that packets pass.", .faint)
        case "some":
            StyledText(
                "probes: \(probed) of \(pairs) pairs. PROGRAMMED means that routes and flows are set, not that packets pass.", .faint)
        default: StyledText("probes: every pair. OK means that packets between the gateways pass both ways.", .faint)
        }
    }
}
