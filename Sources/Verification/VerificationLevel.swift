/// How far a verification looks: the steps that it judges.
package enum VerificationLevel: String, Hashable, Sendable, CaseIterable {
    /// What is to be is in force at both ends, and attached in OVN.
    case intent
    /// And routes travel, into the right VRF.
    case routes
    /// And they are in the kernel, and OVN and Open vSwitch hand them traffic.
    case installed
    /// And packets come back.
    case probe

    /// The last step that it judges.
    package var last: RouteStep {
        switch self {
        case .intent: .attached
        case .routes: .imported
        case .installed: .steered
        case .probe: .returned
        }
    }
}

extension PairVerdict {
    /// The same without what breaks behind a level. The first broken step is the cause, so all before it is good. A route of another VPN stays what
    /// it is at every level.
    package func judged(to level: VerificationLevel) -> PairVerdict {
        guard let cause, cause.step.order > level.last.order, intruders.isEmpty, cause.catalogued?.isLeak != true else { return self }
        var verdict = self
        (verdict.state, verdict.cause) = (.programmed, nil)
        for place in prefixes.indices where prefixes[place].state.isUnwell {
            (verdict.prefixes[place].state, verdict.prefixes[place].brokenAt) = (.programmed, nil)
        }
        return verdict
    }
}
