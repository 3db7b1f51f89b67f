import FederationAPI
import FederationModel

/// Who is connected and who applied what, as the coordinator has it.
struct FederationStatus: Hashable, Sendable, Encodable {
    var federation: String
    var epoch: String
    var revision: UInt64
    /// Resources whose intended version is not applied, over all gateways.
    var pending: Int
    /// By name.
    var agents: [AgentStatus]
    /// Nil where the revision in force stays.
    var probation: ProbationView?
    /// VPNs whose VNI changes, by name.
    var vniChanges: [VNIChangeView] = []
    /// What is wrong, or soon will be, with the coordinator itself; errors first.
    var problems: [CoordinatorProblemView] = []

    var rejected: [(agent: GatewayID, resource: ResourceStatus)] {
        agents.flatMap { agent in agent.resources.filter { $0.rejection != nil }.map { (agent.gateway, $0) } }
    }
}

struct AgentStatus: Hashable, Sendable, Encodable {
    var gateway: GatewayID
    var connected: Bool
    /// Milliseconds since 1970 by the coordinator's clock; nil if it never connected.
    @RFC3339 var lastSeen: Int64?
    var software: String
    var resources: [ResourceStatus]

    var presence: Presence { Presence(connected: connected, lastSeen: lastSeen) }
    var pending: Int { resources.count { $0.isPending } }
    var rejected: Int { resources.count { $0.rejection != nil } }
}

struct ResourceStatus: Hashable, Sendable, Encodable {
    /// `base` or `vpn/NAME`.
    var resource: String
    /// Nil where the agent holds what is no longer intended.
    var intended: ResourceVersion?
    /// Nil where it applied none.
    var acknowledged: ResourceVersion?
    /// Why the intended version was refused; nil if it was not.
    var rejection: String?

    var isPending: Bool { intended != nil && intended != acknowledged }
}

extension FederationStatus {
    init(_ wire: WireGetStatusResponse) throws {
        self.init(
            federation: wire.federation, epoch: wire.epoch, revision: wire.revision, pending: Int(wire.pending), agents: [],
            probation: wire.hasProbation ? ProbationView(wire.probation) : nil,
            vniChanges: try wire.vniChanges.map(VNIChangeView.init(_:)), problems: wire.problems.map(CoordinatorProblemView.init(_:)))
        for agent in wire.agents { agents.append(try AgentStatus(agent)) }
        agents.sort { $0.gateway < $1.gateway }
    }
}

extension AgentStatus {
    init(_ wire: WireAgentStatus) throws(ConversionError) {
        self.init(
            gateway: try GatewayID(wire.gateway), connected: wire.connected,
            lastSeen: wire.hasLastSeenMilliseconds ? wire.lastSeenMilliseconds : nil, software: wire.software,
            resources: wire.resources.map(ResourceStatus.init(_:)).sorted { $0.resource < $1.resource })
    }
}

extension ResourceStatus {
    init(_ wire: WireResourceStatus) {
        self.init(
            resource: wire.resource, intended: wire.hasIntendedVersion ? wire.intendedVersion : nil,
            acknowledged: wire.hasAcknowledgedVersion ? wire.acknowledgedVersion : nil, rejection: wire.hasRejection ? wire.rejection : nil)
    }
}
