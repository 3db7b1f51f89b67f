import FederationAPI
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

/// The latest that an agent said of one resource.
package struct ResourceRecord: Hashable, Sendable {
    /// A version with why it is refused.
    package struct Rejection: Hashable, Sendable {
        package var version: ResourceVersion
        package var reason: String

        package init(version: ResourceVersion, reason: String) {
            self.version = version
            self.reason = reason
        }
    }

    /// The last version that was applied; a rejection leaves it in force.
    package var applied: ResourceVersion?
    /// Nil since a later version, or the same one, was applied.
    package var rejection: Rejection?

    package init(applied: ResourceVersion? = nil, rejection: Rejection? = nil) {
        self.applied = applied
        self.rejection = rejection
    }

    mutating func take(_ acknowledgement: Acknowledgement) {
        switch acknowledgement {
        case .pending: break
        case .applied(let version): self = ResourceRecord(applied: version)
        case .rejected(let version, let reason): rejection = Rejection(version: version, reason: reason)
        }
    }
}
