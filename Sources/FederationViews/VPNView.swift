import Federation
import FederationAPI
import FederationModel
import NetworkTypes

/// One VPN, with what was allocated for it where the file leaves it out.
package struct VPNView: Hashable, Sendable, Encodable {
    package var name: VPNName
    /// Nil where none is allocated.
    package var vni: VNI?
    package var routeTarget: String
    package var kind: VPNKind
    /// Nil: what each underlay carries.
    package var mtu: Int?
    package var policy: Policy
    package var attachments: [Attachment]
    /// What the gateways say of the attachments.
    package var found: [Found]
    /// What the gateways complain of, in this VPN.
    package var complaints: [GatewayProblem]

    package struct GatewayProblem: Hashable, Sendable, Encodable {
        package var gateway: GatewayID
        package var problem: Problem
    }

    /// By its word; its details are in the file (`fedctl get graph`).
    package struct Policy: Hashable, Sendable, Encodable {
        package var pattern: VPNPolicy.Pattern

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(pattern.rawValue)
        }
    }

    package struct Found: Hashable, Sendable, Encodable {
        package var gateway: GatewayID
        package var report: AttachmentReport
    }

    package init(_ name: VPNName, _ vpn: VPN, in applied: AppliedGraph, states: [GatewayState] = []) {
        self.name = name
        vni = vpn.vni ?? applied.allocation(.vni, of: name).flatMap { VNI($0) }
        routeTarget = vpn.routeTarget?.description ?? applied.allocation(.routeTarget, of: name) ?? ""
        kind = vpn.kind
        mtu = vpn.mtu
        policy = Policy(pattern: vpn.policy.pattern)
        attachments = vpn.attachments.sorted()
        found = states.flatMap { state in
            (state.report?.vpns[name]?.attachments ?? []).map { Found(gateway: state.gateway, report: $0) }
        }
        complaints = states.flatMap { state in
            (state.report?.vpns[name]?.problems ?? []).map { GatewayProblem(gateway: state.gateway, problem: $0) }
        }
    }

    package var clouds: [CloudName] { Set(attachments.map(\.cloud)).sorted() }
}
