import FederationModel
import NetworkTypes

/// One pair of clouds, step by step: how far the viewer's packets to a prefix of the origin get, and how that is known.
package struct PairWalk: Hashable, Sendable, Codable {
    package var vpn: VPNName
    package var origin: CloudName
    package var viewer: CloudName
    /// The prefix that was followed; nil where the origin has none in this VPN.
    package var prefix: IPPrefix?
    /// How many prefixes the origin has for the viewer: the walk is about one of them.
    package var prefixes: Int
    package var state: VerdictState
    /// Why it is not well; nil where it is `ok`, `programmed` or `empty`.
    package var cause: Cause?
    /// All steps, in order.
    package var steps: [WalkedStep]

    package init(
        vpn: VPNName, origin: CloudName, viewer: CloudName, prefix: IPPrefix?, prefixes: Int, state: VerdictState, cause: Cause?,
        steps: [WalkedStep]
    ) {
        self.vpn = vpn
        self.origin = origin
        self.viewer = viewer
        self.prefix = prefix
        self.prefixes = prefixes
        self.state = state
        self.cause = cause
        self.steps = steps
    }
}

/// One step of a walk.
package struct WalkedStep: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// It holds.
        case passed
        /// The first step that does not hold.
        case broken
        /// The first step of which not enough is known.
        case unknown
        /// It comes after the broken or unknown one, or no packet was tried: nothing was looked at.
        case unchecked
    }

    package var step: RouteStep
    package var state: State
    /// What was seen, one fact each, as an engineer would collect it. Empty where nothing was looked at.
    package var evidence: [String]

    package init(step: RouteStep, state: State, evidence: [String]) {
        self.step = step
        self.state = state
        self.evidence = evidence
    }
}
