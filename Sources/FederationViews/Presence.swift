import FederationAPI
import FederationModel

/// Whether an agent is there. The same words on every screen.
package enum Presence: String, Hashable, Sendable, Encodable {
    case connected
    /// It was connected once, and is not now.
    case silent
    case neverConnected = "never-connected"

    /// - Parameter lastSeen: milliseconds since 1970; nil: it never connected.
    package init(connected: Bool, lastSeen: Int64?) { self = connected ? .connected : lastSeen == nil ? .neverConnected : .silent }

    package var word: String { rawValue.replacing("-", with: " ") }
}

extension AgentStatus {
    package var presence: Presence { Presence(connected: connected, lastSeen: lastSeen) }
}

extension FederationStatus {
    package var rejected: [(agent: GatewayID, resource: ResourceStatus)] {
        agents.flatMap { agent in agent.resources.filter { $0.rejection != nil }.map { (agent.gateway, $0) } }
    }
}
