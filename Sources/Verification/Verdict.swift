import FederationModel
import NetworkTypes

/// The way of a route from the cloud that originates it to a packet in the cloud that uses it, in order.
/// The first step that fails is the answer; what comes after it is not looked at.
package enum RouteStep: String, Hashable, Sendable, Codable, CaseIterable {
    /// The graph has both clouds in the VPN, with targets that let one import from the other. Pairs without are not judged.
    case intent
    /// The agents of both clouds applied the intent.
    case acknowledged
    /// What bgpd has in force (RD, effective route targets, VNI) is what the intent says.
    case effective
    /// The attachment exists in OVN and a gateway that runs an agent hosts it.
    case attached
    /// The origin's bgpd advertises the prefix.
    case advertised
    /// The other cloud's bgpd received it.
    case received
    /// It is valid and best there: no AS loop, next hop known, policy passed.
    case accepted
    /// It is in the right VRF.
    case imported
    /// The kernel forwards it, tunnel entries included.
    case installed
    /// OVN and OVS hand traffic for it to the VRF, without NAT.
    case steered
}

/// A federated destination, or a pair of clouds, as judged.
package enum VerdictState: String, Hashable, Sendable, Codable, CaseIterable {
    case ok
    case failed
    /// Not enough is known to say: an agent is silent or its report is stale. Never counts as ok.
    case unknown
    /// Nothing is expected: the origin has no bound port in this VPN, or the viewer's filter denies all that it has.
    case empty
}

/// Whether the addresses that `origin` has in `vpn` can be reached from `viewer`.
package struct PairVerdict: Hashable, Sendable, Codable {
    package var vpn: VPNName
    package var origin: CloudName
    package var viewer: CloudName
    package var state: VerdictState
    package var cause: Cause?
    package var counts: StepCounts
    package var prefixes: [PrefixVerdict]
    /// Routes in the viewer's VRFs that nobody may have sent there, the first `intruderLimit` by gateway and prefix.
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

/// Why a pair fails or is unknown: the first broken step, with evidence and a way out.
package struct Cause: Hashable, Sendable, Codable {
    package var step: RouteStep
    /// From the closed catalogue, in kebab case: `import-target-missing`.
    package var code: String
    /// One sentence that names the values.
    package var sentence: String
    /// What was seen, and where: lines as an engineer would collect them.
    package var evidence: [String]
    /// What to type or do.
    package var remedy: String

    package init(step: RouteStep, code: String, sentence: String, evidence: [String], remedy: String) {
        self.step = step
        self.code = code
        self.sentence = sentence
        self.evidence = evidence
        self.remedy = remedy
    }
}

/// How many prefixes got how far.
package struct StepCounts: Hashable, Sendable, Codable {
    package var expected: Int
    /// Beyond `expected`: what the origin has and the viewer's import filter denies.
    package var filtered: Int
    package var advertised: Int
    package var received: Int
    package var imported: Int
    package var installed: Int
    package var steered: Int

    package init(
        expected: Int = 0, filtered: Int = 0, advertised: Int = 0, received: Int = 0, imported: Int = 0, installed: Int = 0,
        steered: Int = 0
    ) {
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
    /// Where it broke; nil where it did not.
    package var brokenAt: RouteStep?

    package init(prefix: IPPrefix, state: VerdictState, brokenAt: RouteStep?) {
        self.prefix = prefix
        self.state = state
        self.brokenAt = brokenAt
    }
}
