import FederationModel

/// What the coordinator remembers of an agent over restarts.
package struct AgentRecord: Hashable, Sendable {
    package var gateway: GatewayID
    /// Milliseconds since 1970 by the coordinator's clock.
    package var lastSeen: Int64
    /// `fed-agent 0.1.0, FRR 8.4.4`.
    package var software: String
    package var resources: [ResourceName: ResourceRecord]

    package init(gateway: GatewayID, lastSeen: Int64, software: String, resources: [ResourceName: ResourceRecord] = [:]) {
        self.gateway = gateway
        self.lastSeen = lastSeen
        self.software = software
        self.resources = resources
    }
}
