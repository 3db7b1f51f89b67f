import Federation
import FederationAPI
import FederationModel
import NetworkTypes

/// One VPN, with what was allocated for it where the file leaves it out.
struct VPNView: Hashable, Sendable, Encodable {
    var name: VPNName
    /// Nil where none is allocated.
    var vni: VNI?
    var routeTarget: String
    var kind: VPNKind
    var policy: Policy
    var attachments: [Attachment]
    /// What the gateways say of the attachments.
    var found: [Found]
    /// What the gateways complain of, in this VPN.
    var complaints: [GatewayProblem]

    struct GatewayProblem: Hashable, Sendable, Encodable {
        var gateway: GatewayID
        var problem: Problem
    }

    /// By its word; its details are in the file (`fedctl get graph`).
    struct Policy: Hashable, Sendable, Encodable {
        var pattern: VPNPolicy.Pattern

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(pattern.rawValue)
        }
    }

    struct Found: Hashable, Sendable, Encodable {
        var gateway: GatewayID
        var report: AttachmentReport
    }

    init(_ name: VPNName, _ vpn: VPN, in applied: AppliedGraph, states: [GatewayState] = []) {
        self.name = name
        vni = vpn.vni ?? applied.allocation(.vni, of: name).flatMap { VNI($0) }
        routeTarget = vpn.routeTarget?.description ?? applied.allocation(.routeTarget, of: name) ?? ""
        kind = vpn.kind
        policy = Policy(pattern: vpn.policy.pattern)
        attachments = vpn.attachments.sorted()
        found = states.flatMap { state in
            (state.report?.vpns[name]?.attachments ?? []).map { Found(gateway: state.gateway, report: $0) }
        }
        complaints = states.flatMap { state in
            (state.report?.vpns[name]?.problems ?? []).map { GatewayProblem(gateway: state.gateway, problem: $0) }
        }
    }

    var clouds: [CloudName] { Set(attachments.map(\.cloud)).sorted() }
}
