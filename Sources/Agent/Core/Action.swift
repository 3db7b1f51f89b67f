import EVPN
import FederationAPI
import FederationModel
import OVN
import Probing

/// What the agent decides to do. They go in order, and what became of a look, of steps and of an exemption is told as an event.
package enum Action: Hashable, Sendable, Codable {
    /// - Parameter indexes: of the VPNs whose tables are read; sorted.
    case lookAtKernel(indexes: [Int])
    case lookAtRouting
    /// Beside all else: ovs-vswitchd may be busy, and no change shall wait for that. Bridges are sorted.
    case lookAtFlows(bridges: [String])
    case lookAtNorthbound
    /// What bgpd has in the VRFs of these VPNs, whether zebra may install it or not: beside all else, because it may be much.
    case lookAtOffers(indexes: [Int])
    /// Which MAC addresses OVN knows behind these gateway ports: beside all else. Sorted.
    case lookAtNextHops(ports: [String])

    /// In order; where one fails, the rest is left. Nil: of the base, and of VPNs that go.
    case carryOut([Step], of: VPNInstance?)
    /// One transaction in the northbound database, which lets a router's NAT leave federated destinations alone. Beside all else: the server
    /// may be busy or hang, and no withdrawal shall wait for it. What became of it is told when it is known.
    case exempt(ExemptionTransaction)
    /// Nil: the node accepts VXLAN from any source.
    case filterTunnels(VXLANFilter?)
    /// Packets to OVN, which make it ask for MAC addresses. Beside all else.
    case sendEchoes([EchoRequest])
    /// Probes go in these VRFs and in no others.
    case probe([ProbedVRF])

    /// Before what is done on account of it.
    case saveIntent(GatewayIntent)
    case saveIndexes(LocalIndexes)
    case savePins([AttachmentPin])
    /// By which an agent that starts judges what it reads.
    case saveCloud(RememberedCloud)

    /// What the session begins with.
    case greet(Hello)
    /// The session must end; the intent in force stays.
    case refuse(IntentKeeper.Refusal)
    /// There may be something new to report.
    case report
    /// Nothing is to be done before that time, in milliseconds since 1970, unless something happens.
    case wait(until: Int64)
}
