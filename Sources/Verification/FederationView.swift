import FederationModel
import NetworkTypes

/// All intents, indexed by owner. A class, because each pair refers to it. It is immutable.
final class FederationView: Sendable {
    /// A route distinguisher's VPN and gateway.
    struct Owner: Hashable, Sendable {
        var vpn: VPNName
        var gateway: GatewayID
    }

    let intents: [GatewayID: GatewayIntent]
    /// The gateways of each cloud of each VPN, sorted.
    let members: [VPNName: [CloudName: [GatewayID]]]
    let owners: [RouteDistinguisher: Owner]
    let gatewaysByVTEP: [IPAddress: GatewayID]
    let gatewaysByRouterMAC: [MACAddress: Set<GatewayID>]
    /// The VPNs that export or import each target by intent.
    let exporters: [RouteTarget: Set<VPNName>]
    let importers: [RouteTarget: Set<VPNName>]

    init(_ intents: [GatewayID: GatewayIntent]) {
        var members: [VPNName: [CloudName: [GatewayID]]] = [:]
        var owners: [RouteDistinguisher: Owner] = [:]
        var vteps: [IPAddress: GatewayID] = [:]
        var macs: [MACAddress: Set<GatewayID>] = [:]
        var exporters: [RouteTarget: Set<VPNName>] = [:]
        var importers: [RouteTarget: Set<VPNName>] = [:]
        for (id, intent) in intents.sorted(by: { $0.key < $1.key }) {
            vteps[.v4(intent.base.vtep)] = id
            macs[intent.base.routerMAC, default: []].insert(id)
            for (name, vpn) in intent.vpns {
                members[name, default: [:]][id.cloud, default: []].append(id)
                for binding in vpn.bindings {
                    owners[binding.routeDistinguisher] = Owner(vpn: name, gateway: id)
                    for target in binding.exportTargets { exporters[target, default: []].insert(name) }
                    for target in binding.importTargets { importers[target, default: []].insert(name) }
                }
            }
        }
        self.intents = intents
        self.members = members
        self.owners = owners
        self.gatewaysByVTEP = vteps
        self.gatewaysByRouterMAC = macs
        self.exporters = exporters
        self.importers = importers
    }

    /// Whether a VRF with these targets may have the exports of `owner`, with either of its VNIs.
    func mayExport(_ owner: Owner, to imports: Set<RouteTarget>) -> Bool {
        intents[owner.gateway]?.vpns[owner.vpn]?.bindings.contains { !imports.isDisjoint(with: $0.exportTargets) } ?? false
    }

    /// Whether a VRF with these targets may have any route of the gateway.
    func mayExport(_ gateway: GatewayID, to imports: Set<RouteTarget>) -> Bool {
        intents[gateway]?.vpns.values.contains { $0.bindings.contains { !imports.isDisjoint(with: $0.exportTargets) } } ?? false
    }

    /// Whether `gateway` may have routes of `owner`: their targets match.
    func allows(_ owner: Owner, into vpn: VPNIntent) -> Bool {
        guard let exports = intents[owner.gateway]?.vpns[owner.vpn]?.exportTargets else { return false }
        return !Set(exports).isDisjoint(with: vpn.importTargets)
    }
}
