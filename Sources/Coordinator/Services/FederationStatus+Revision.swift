import FederationAPI
import FederationModel

extension FederationStatus {
    /// Every gateway of the graph, and every agent that is connected though its gateway is not in the graph.
    init(_ revision: Revision, records: [GatewayID: AgentRecord], connected: Set<GatewayID>) {
        let rollout = revision.rollout(records)
        let agents = Set(revision.intents.keys).union(connected).sorted().map { gateway in
            AgentStatus(
                gateway: gateway, connected: connected.contains(gateway), lastSeen: records[gateway]?.lastSeen,
                software: records[gateway]?.software ?? "",
                resources: rollout.progress(of: gateway).sorted { $0.key < $1.key }.map { ResourceStatus($0.value) })
        }
        self.init(
            federation: revision.federation, epoch: revision.epoch, revision: revision.number,
            pending: agents.reduce(0) { $0 + $1.pending }, agents: agents, vniChanges: revision.vniProgress(rollout))
    }
}

extension ResourceStatus {
    fileprivate init(_ progress: ResourceProgress) {
        self.init(resource: progress.name, intended: progress.intended, acknowledged: progress.applied)
        if case .rejected(let reason) = progress.state { rejection = reason }
    }
}
