import FederationAPI
import FederationModel

extension FederationStatus {
    /// Every gateway of the graph, and every agent that is connected though its gateway is not in the graph.
    init(_ revision: Revision, records: [GatewayID: AgentRecord], connected: Set<GatewayID>) {
        let agents = Set(revision.intents.keys).union(connected).sorted().map { gateway in
            let intended = revision.intents[gateway]?.versions ?? [:]
            let record = records[gateway]
            let names = Set(intended.keys).union((record?.resources ?? [:]).keys)
            return AgentStatus(
                gateway: gateway, connected: connected.contains(gateway), lastSeen: record?.lastSeen, software: record?.software ?? "",
                resources: names.sorted().map { ResourceStatus($0, intended: intended[$0], record: record?.resources[$0]) })
        }
        self.init(
            federation: revision.federation, epoch: revision.epoch, revision: revision.number,
            pending: agents.reduce(0) { $0 + $1.pending }, agents: agents, vniChanges: revision.vniProgress(records))
    }
}

extension ResourceStatus {
    fileprivate init(_ resource: ResourceName, intended: ResourceVersion?, record: ResourceRecord?) {
        self.init(resource: resource, intended: intended, acknowledged: record?.applied)
        // A refusal of a version that is no longer asked for is history.
        if let refusal = record?.rejection, intended == nil || refusal.version == intended { rejection = refusal.reason }
    }
}
