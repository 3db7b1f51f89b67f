import FederationAPI
import FederationModel
import Terminal

/// Whether an agent is there. The same words on every screen.
enum Presence: String, Hashable, Sendable, Encodable {
    case connected
    /// It was connected once, and is not now.
    case silent
    case neverConnected = "never-connected"

    /// - Parameter lastSeen: milliseconds since 1970; nil: it never connected.
    init(connected: Bool, lastSeen: Int64?) { self = connected ? .connected : lastSeen == nil ? .neverConnected : .silent }

    var word: String { rawValue.replacing("-", with: " ") }

    var styled: StyledText { StyledText(word, self == .connected ? .good : self == .silent ? .bad : .doubtful) }
}

extension AgentStatus {
    var presence: Presence { Presence(connected: connected, lastSeen: lastSeen) }
}

extension FederationStatus {
    var rejected: [(agent: GatewayID, resource: ResourceStatus)] {
        agents.flatMap { agent in agent.resources.filter { $0.rejection != nil }.map { (agent.gateway, $0) } }
    }
}
