import FederationModel
import NetworkTypes

/// Who is connected and who applied what, as the coordinator has it.
package struct FederationStatus: Hashable, Sendable, Encodable {
    package var federation: FederationID
    package var epoch: String
    package var revision: UInt64
    /// Resources whose intended version is not applied, over all gateways.
    package var pending: Int
    /// Every gateway of the graph, and every agent that is connected though its gateway is not in the graph. By name.
    package var agents: [AgentStatus]
    /// Nil where the revision in force stays.
    package var pendingCommit: PendingCommit?
    /// VPNs whose VNI changes, by name.
    package var vniChanges: [VNIProgress]
    /// What is wrong, or soon will be, with the coordinator itself; errors first.
    package var problems: [CoordinatorProblem]

    package init(
        federation: FederationID, epoch: String, revision: UInt64, pending: Int, agents: [AgentStatus], pendingCommit: PendingCommit? = nil,
        vniChanges: [VNIProgress] = [], problems: [CoordinatorProblem] = []
    ) {
        self.federation = federation
        self.epoch = epoch
        self.revision = revision
        self.pending = pending
        self.agents = agents
        self.pendingCommit = pendingCommit
        self.vniChanges = vniChanges
        self.problems = problems
    }

    private enum CodingKeys: String, CodingKey {
        case federation, epoch, revision, pending, agents
        case pendingCommit = "probation"
        case vniChanges, problems
    }
}

package struct AgentStatus: Hashable, Sendable, Encodable {
    package var gateway: GatewayID
    package var connected: Bool
    /// Milliseconds since 1970 by the coordinator's clock; nil if it never connected.
    @RFC3339 package var lastSeen: Int64?
    /// `fed-agent 0.1.0, FRR 8.4.4`; empty if it never connected.
    package var software: String
    /// Sorted.
    package var resources: [ResourceStatus]

    package init(gateway: GatewayID, connected: Bool, lastSeen: Int64?, software: String, resources: [ResourceStatus]) {
        self.gateway = gateway
        self.connected = connected
        self.lastSeen = lastSeen
        self.software = software
        self.resources = resources
    }

    package var pending: Int { resources.count { $0.isPending } }
    package var rejected: Int { resources.count { $0.rejection != nil } }
}

package struct ResourceStatus: Hashable, Sendable, Encodable {
    package var resource: ResourceName
    /// Nil where the agent holds what is no longer intended.
    package var intended: ResourceVersion?
    /// The last version that the agent applied; nil if none.
    package var acknowledged: ResourceVersion?
    /// Why the intended version was refused; nil if it was not.
    package var rejection: String?

    package init(resource: ResourceName, intended: ResourceVersion?, acknowledged: ResourceVersion?, rejection: String? = nil) {
        self.resource = resource
        self.intended = intended
        self.acknowledged = acknowledged
        self.rejection = rejection
    }

    /// What that comes to, by the rule that the coordinator goes by.
    package var progress: ResourceProgress {
        let refusal = intended.flatMap { version in rejection.map { ResourceRecord.Rejection(version: version, reason: $0) } }
        return ResourceProgress(resource, intended: intended, record: ResourceRecord(applied: acknowledged, rejection: refusal))
    }

    package var isPending: Bool { progress.isMissing }
}

/// How far a VPN is whose VNI changes.
package struct VNIProgress: Hashable, Sendable, Encodable {
    package var vpn: VPNName
    /// Traffic is sent in it.
    package var sending: VNI
    /// Received besides, on gateways that have applied the present state.
    package var secondary: VNI
    /// What it comes to in the end.
    package var goal: VNI
    /// Gateways whose agents have not applied the present state. Sorted.
    package var waitsFor: [GatewayID]

    package init(vpn: VPNName, sending: VNI, secondary: VNI, goal: VNI, waitsFor: [GatewayID]) {
        self.vpn = vpn
        self.sending = sending
        self.secondary = secondary
        self.goal = goal
        self.waitsFor = waitsFor
    }
}

/// What is wrong, or soon will be, with the coordinator itself: its database, certificates, revocation lists.
package struct CoordinatorProblem: Hashable, Sendable, Encodable {
    package enum Severity: String, Hashable, Sendable, Encodable, CaseIterable {
        /// Something does not work.
        case error
        /// Something will not work, unless somebody acts.
        case warning
    }

    package var severity: Severity
    /// For programs: `database-damaged`, `certificate-ends`, …
    package var code: String
    /// A sentence.
    package var reason: String
    /// An order.
    package var remedy: String

    package init(_ severity: Severity, code: String, reason: String, remedy: String) {
        self.severity = severity
        self.code = code
        self.reason = reason
        self.remedy = remedy
    }
}
