import EVPN
import FederationModel
import NetworkTypes
import OVN

/// What a router's NAT leaves alone, as the northbound database was last seen, and no flow leads to any more. It would leave by the provider
/// network with the tenant's own address for as long as that database is silent or refuses writes. So it is dropped.
extension AgentCore {
    /// The flows that drop it, by bridge.
    /// - Parameter design: what steers from now on.
    func unsteered(_ design: HostDesign, _ basis: Basis) -> [String: Set<Flow>] {
        let exempted = exemptions.standing
        guard !exempted.isEmpty, let patchPorts = host.switching?.patchPorts else { return [:] }
        let wanted = design.vpns.values.map(\.flows).reduce(into: Led()) { $0.take($1) }
        let present = Led(host.flows ?? [:]) { $0.index != Flow.nodeIndex }
        let dropped = Led(host.flows ?? [:]) { $0.index == Flow.nodeIndex }
        var guards: [String: Set<Flow>] = [:]
        for (id, prefixes) in exempted {
            for router in basis.cloud.routers(id: id) {
                let families = Set(router.subnets.map(\.family))
                for exit in router.exits(at: basis.node) {
                    guard let patch = patchPorts[exit.provider.patchPort] else { continue }
                    for prefix in prefixes where families.contains(prefix.family) {
                        let way = Led.Way(bridge: exit.provider.bridge, mac: exit.port.mac, destination: prefix)
                        // Where not all is known, VPNs are missing. And what is to be steered again is dropped until it is.
                        let isLed =
                            basis.isWhole
                            ? wanted.contains(way) && (present.contains(way) || !dropped.contains(way))
                            : wanted.contains(way) || present.contains(way)
                        guard !isLed else { continue }
                        guards[exit.provider.bridge, default: []].insert(
                            Designer.drop(prefix, from: exit.port.mac, patch, vlan: exit.provider.vlan))
                    }
                }
            }
        }
        return guards
    }
}

/// Where flows take hold of what leaves a router.
private struct Led {
    struct Way: Hashable {
        var bridge: String
        /// Of the gateway port.
        var mac: MACAddress
        var destination: IPPrefix
    }

    private var ways: Set<Way> = []

    init() {}

    init(_ flows: [String: Set<Flow>], where isMeant: (Flow) -> Bool) { take(flows.mapValues { $0.filter(isMeant) }) }

    mutating func take(_ flows: [String: Set<Flow>]) {
        for (bridge, flows) in flows {
            for flow in flows {
                guard let mac = flow.sourceMAC, let destination = flow.destination else { continue }
                ways.insert(Way(bridge: bridge, mac: mac, destination: destination))
            }
        }
    }

    func contains(_ way: Way) -> Bool { ways.contains(way) }
}
