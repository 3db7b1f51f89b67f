import FederationModel
import NetworkTypes

/// The steps of a route from its origin cloud to packets in the viewer cloud, in order.
/// The first failing step is the answer; later steps are not checked.
package enum RouteStep: String, Hashable, Sendable, Codable, CaseIterable {
    /// The graph connects both clouds in the VPN by route targets. Other pairs are not judged.
    case intent
    /// The agents of both clouds applied the intent.
    case acknowledged
    /// bgpd's configuration (RD, effective route targets, VNI) matches the intent.
    case effective
    /// The attachment exists in OVN, hosted by a gateway with an agent.
    case attached
    /// The origin's bgpd advertises the prefix.
    case advertised
    /// The viewer's bgpd received it.
    case received
    /// It is valid and best there: no AS loop, reachable next hop, policy passed.
    case accepted
    /// It is in the right VRF.
    case imported
    /// It is in the kernel, with tunnel entries.
    case installed
    /// OVN and OVS hand its traffic to the VRF, without NAT.
    case steered
    /// A packet of the viewer's gateway reaches the origin's, in the VRF.
    case probed
    /// An answer to it comes back.
    case returned
}

/// The verdict about a prefix or a pair of clouds.
package enum VerdictState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Routes and flows are set, and packets come back.
    case ok
    /// Routes and flows are set; whether packets pass was not tried.
    case programmed
    /// Packets pass, and not as they should: some are lost.
    case degraded
    case failed
    /// Not enough is known: an agent is silent or its report is stale. Never counts as ok.
    case unknown
    /// Nothing is expected: the origin has no bound port in this VPN, or the viewer's filter denies all its prefixes.
    case empty
    /// Nothing is broken: somebody has not done his part yet, like a tenant who may associate a router and has not. Never counts as ok.
    case waiting

    /// There is something to be done about it, or to be known.
    package var isUnwell: Bool { self == .failed || self == .unknown || self == .degraded }
    /// Its cause is for people to read.
    package var isExplained: Bool { isUnwell || self == .waiting }
}

/// Whether the addresses of `origin` in `vpn` are reachable from `viewer`.
package struct PairVerdict: Hashable, Sendable, Codable {
    package var vpn: VPNName
    package var origin: CloudName
    package var viewer: CloudName
    package var state: VerdictState
    package var cause: Cause?
    package var counts: StepCounts
    package var prefixes: [PrefixVerdict]
    /// Intruders in the viewer's VRFs, the first `intruderLimit` by gateway and prefix.
    package var intruders: [Intruder]

    package static let intruderLimit = 100

    package init(
        vpn: VPNName, origin: CloudName, viewer: CloudName, state: VerdictState, cause: Cause?, counts: StepCounts,
        prefixes: [PrefixVerdict], intruders: [Intruder] = []
    ) {
        self.vpn = vpn
        self.origin = origin
        self.viewer = viewer
        self.state = state
        self.cause = cause
        self.counts = counts
        self.prefixes = prefixes
        self.intruders = intruders
    }
}

extension PairVerdict {
    /// Prefixes that did not come the whole way.
    package var broken: [PrefixVerdict] { prefixes.filter(\.state.isUnwell) }
}

/// Why a pair fails or is unknown: the first broken step, with evidence and a remedy.
package struct Cause: Hashable, Sendable, Codable {
    package var step: RouteStep
    /// From the closed catalogue, in kebab case: `import-target-missing`.
    package var code: String
    /// One sentence with the values.
    package var sentence: String
    /// Observed facts, as an engineer would collect them.
    package var evidence: [String]
    /// What to do, with commands.
    package var remedy: String

    package init(step: RouteStep, code: String, sentence: String, evidence: [String], remedy: String) {
        self.step = step
        self.code = code
        self.sentence = sentence
        self.evidence = evidence
        self.remedy = remedy
    }
}

/// The number of prefixes that passed each step.
package struct StepCounts: Hashable, Sendable, Codable {
    package var expected: Int
    /// In addition to `expected`: prefixes of the origin that the viewer's import filter denies.
    package var filtered: Int
    package var advertised: Int
    package var received: Int
    package var imported: Int
    package var installed: Int
    package var steered: Int
    /// A packet took its way, and one came back.
    package var probed: Int
    package var returned: Int

    package init(
        expected: Int = 0, filtered: Int = 0, advertised: Int = 0, received: Int = 0, imported: Int = 0, installed: Int = 0,
        steered: Int = 0, probed: Int = 0, returned: Int = 0
    ) {
        self.probed = probed
        self.returned = returned
        self.expected = expected
        self.filtered = filtered
        self.advertised = advertised
        self.received = received
        self.imported = imported
        self.installed = installed
        self.steered = steered
    }
}

package struct PrefixVerdict: Hashable, Sendable, Codable {
    package var prefix: IPPrefix
    package var state: VerdictState
    /// The broken step; nil if none.
    package var brokenAt: RouteStep?

    package init(prefix: IPPrefix, state: VerdictState, brokenAt: RouteStep?) {
        self.prefix = prefix
        self.state = state
        self.brokenAt = brokenAt
    }
}
