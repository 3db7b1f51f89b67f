import FederationAPI
import FederationModel

/// One agent: what the coordinator knows of it and what it says of itself, without the routes (`fedctl routes` has them).
struct AgentView: Hashable, Sendable, Encodable {
    /// Something of ours that somebody else changed, and that was put back.
    struct Repair: Hashable, Sendable, Encodable {
        var object: String
        var change: String
        /// Milliseconds since 1970 by the agent's clock.
        @RFC3339 var repairedAt: Int64
    }

    struct VPN: Hashable, Sendable, Encodable {
        var name: VPNName
        var attachments: [AttachmentReport]
        /// Nil where bgpd does not have the VPN.
        var effective: EffectiveVPN?
        var expected: Int
        var advertised: Int
        var imported: Int
        var installed: Int
        var steered: Int
        var problems: [Problem]
        var drift: [Repair]
    }

    var gateway: GatewayID
    var connected: Bool
    /// Milliseconds since 1970 by the coordinator's clock; nil if it never connected.
    @RFC3339 var lastSeen: Int64?
    var software: String
    var resources: [ResourceStatus]
    /// Nil where the gateway is not in the graph.
    var intended: BaseIntent?
    var sessions: [PeerSession]
    /// Nil where it never reported.
    var writes: WriteCounters?
    var problems: [Problem]
    var vpns: [VPN]

    init(_ status: AgentStatus, _ state: GatewayState?) {
        gateway = status.gateway
        connected = status.connected
        lastSeen = status.lastSeen
        software = status.software
        resources = status.resources
        intended = state?.intent?.base
        let report = state?.report
        sessions = report?.base.sessions ?? []
        writes = report?.base.writes
        problems = report?.base.problems ?? []
        vpns = (report?.vpns.values.sorted { $0.name < $1.name } ?? []).map { vpn in
            VPN(
                name: vpn.name, attachments: vpn.attachments, effective: vpn.effective, expected: vpn.expected.count,
                advertised: vpn.advertised.count, imported: vpn.imported.count, installed: vpn.installed.count,
                steered: vpn.steered.count, problems: vpn.problems,
                drift: vpn.drift.map { Repair(object: $0.object, change: $0.change, repairedAt: $0.repairedAt) })
        }
    }

    var established: Int { sessions.count { $0.state == "Established" } }
    var problemCount: Int { problems.count + vpns.reduce(0) { $0 + $1.problems.count } }

    /// All agents of a federation, by name.
    static func all(_ status: FederationStatus, _ states: [GatewayState]) -> [AgentView] {
        let byGateway = Dictionary(states.map { ($0.gateway, $0) }) { first, _ in first }
        return status.agents.map { AgentView($0, byGateway[$0.gateway]) }
    }
}
