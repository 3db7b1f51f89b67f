import FederationAPI
import FederationModel

/// One agent: what the coordinator knows of it and what it says of itself, without the routes (`fedctl routes` has them).
package struct AgentView: Hashable, Sendable, Encodable {
    /// Something of ours that somebody else changed, and that was put back.
    package struct Repair: Hashable, Sendable, Encodable {
        package var object: String
        package var change: String
        /// Milliseconds since 1970 by the agent's clock.
        @RFC3339 package var repairedAt: Int64
    }

    /// Something that the agent reads and that says nothing any more.
    package struct Silence: Hashable, Sendable, Encodable {
        package var source: String
        /// Milliseconds since 1970 by the coordinator's clock.
        @RFC3339 package var since: Int64
        package var reason: String
        package var remedy: String
    }

    package struct VPN: Hashable, Sendable, Encodable {
        package var name: VPNName
        package var attachments: [AttachmentReport]
        /// Nil where bgpd does not have the VPN.
        package var effective: EffectiveVPN?
        package var expected: Int
        package var advertised: Int
        package var imported: Int
        package var installed: Int
        package var steered: Int
        package var problems: [Problem]
        package var drift: [Repair]
    }

    package var gateway: GatewayID
    package var connected: Bool
    /// Milliseconds since 1970 by the coordinator's clock; nil if it never connected.
    @RFC3339 package var lastSeen: Int64?
    package var software: String
    package var resources: [ResourceStatus]
    /// Nil where the gateway is not in the graph.
    package var intended: BaseIntent?
    package var sessions: [PeerSession]
    /// Nil where it never reported.
    package var writes: WriteCounters?
    package var problems: [Problem]
    package var silentSources: [Silence]
    package var vpns: [VPN]

    package init(_ status: AgentStatus, _ state: GatewayState?) {
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
        silentSources = (report?.base.silentSources ?? []).map {
            Silence(source: $0.word, since: $0.since, reason: $0.reason, remedy: $0.remedy)
        }
        vpns = (report?.vpns.values.sorted { $0.name < $1.name } ?? []).map { vpn in
            VPN(
                name: vpn.name, attachments: vpn.attachments, effective: vpn.effective, expected: vpn.expected.count,
                advertised: vpn.advertised.count, imported: vpn.imported.count, installed: Set(vpn.installed.lazy.map(\.prefix)).count,
                steered: vpn.steered.count, problems: vpn.problems,
                drift: vpn.drift.map { Repair(object: $0.object, change: $0.change, repairedAt: $0.repairedAt) })
        }
    }

    package var established: Int { sessions.count { $0.state == "Established" } }
    package var problemCount: Int { problems.count + silentSources.count + vpns.reduce(0) { $0 + $1.problems.count } }

    /// All agents of a federation, by name.
    package static func all(_ status: FederationStatus, _ states: [GatewayState]) -> [AgentView] {
        let byGateway = Dictionary(states.map { ($0.gateway, $0) }) { first, _ in first }
        return status.agents.map { AgentView($0, byGateway[$0.gateway]) }
    }
}
