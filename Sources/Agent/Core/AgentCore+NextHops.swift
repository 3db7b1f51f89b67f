import EVPN
import FederationModel
import NetworkTypes
import OVN

/// The next hops that tenants' packets leave their routers by.
extension AgentCore {
    /// The next hops of what is steered here, by gateway port.
    func nextHops(in cloud: CloudView, at node: LocalNode) -> [String: Set<IPAddress>] {
        var found: [String: Set<IPAddress>] = [:]
        for (id, destinations) in steered.values.joined() where !destinations.isEmpty {
            let families = Set(destinations.map(\.family))
            for router in cloud.routers(id: id) {
                let nextHops = router.staticRoutes.filter { $0.prefix.length == 0 && families.contains($0.prefix.family) }
                    .compactMap(\.nextHop)
                for exit in router.exits(at: node) {
                    let here = nextHops.filter { nextHop in exit.port.addresses.contains { $0.prefix.contains(nextHop) } }
                    if !here.isEmpty { found[exit.port.logicalPort, default: []].formUnion(here) }
                }
            }
        }
        return found
    }

    /// What OVN knows, by gateway port: nil where that cannot be read.
    mutating func see(known: [String: Set<IPAddress>]?, at now: Int64) {
        guard var known, let node, let cloud else { return nextHops.see(nil, at: now) }
        for exit in cloud.routers(hostedBy: node.chassis).flatMap({ $0.gateways(on: node.chassis) }) {
            guard let missing = known[exit.logicalPort].map({ nextHops.wanted(by: exit.logicalPort).subtracting($0) }) else { continue }
            // OVN needs not ask for what it has itself.
            known[exit.logicalPort]?.formUnion(missing.filter { cloud.hasRouterPort($0, in: exit.network) })
        }
        nextHops.see(known, at: now)
    }

    /// What makes OVN ask for those that it does not know.
    mutating func echoes(at now: Int64) -> [EchoRequest] {
        let unknown = nextHops.toAsk(at: now)
        let echoes = unknown.isEmpty ? [] : echoes(for: unknown)
        if !echoes.isEmpty { nextHops.asking(true) }
        return echoes
    }

    private func echoes(for unknown: [(port: String, nextHop: IPAddress)]) -> [EchoRequest] {
        guard let node, let cloud, let base = keeper.intent?.base, let patchPorts = host.switching?.patchPorts else { return [] }
        return cloud.routers(hostedBy: node.chassis).flatMap { $0.exits(at: node) }.flatMap { exit -> [EchoRequest] in
            guard let patch = patchPorts[exit.provider.patchPort] else { return [] }
            return unknown.filter { $0.port == exit.port.logicalPort }.compactMap { _, nextHop in
                exit.port.addresses.first { $0.prefix.contains(nextHop) }.map { own in
                    EchoRequest(
                        bridge: exit.provider.bridge, port: patch, vlan: exit.provider.vlan, sourceMAC: base.routerMAC,
                        destinationMAC: exit.port.mac,
                        source: ProbeWays.address(base.probeAddress, own.address.family), destination: own.address)
                }
            }
        }
    }

    /// Of a router. Each concerns its networks of one family: what leaves them.
    func nextHopProblems(of router: String) -> [Problem] {
        guard let node, let cloud else { return [] }
        return cloud.routers(id: router).flatMap { router in router.exits(at: node).map { (router, $0) } }.flatMap { found, exit in
            nextHops.unanswered(exit.port.logicalPort).compactMap { nextHop in
                let networks = found.subnets.filter { $0.family == nextHop.family && !$0.isLinkLocal }
                guard !networks.isEmpty else { return nil }
                return Problem(
                    code: .nextHopUnanswered,
                    message:
                        "nobody answers for \(nextHop), the next hop of router \(router) in the provider network: OVN drops what it is to send there",
                    remedy: "the device that has \(nextHop) must run and answer ARP and ND on \(exit.provider.bridge)"
                        + (exit.provider.vlan.map { ", VLAN \($0)" } ?? "")
                        + "; `ovn-sbctl find MAC_Binding logical_port=\(exit.port.logicalPort)` shows when it does",
                    prefixes: Array(networks.prefix(Selection.mostPrefixes)))
            }
        }
    }
}

extension CloudView {
    /// Whether a router of the cloud has the address in this network.
    fileprivate func hasRouterPort(_ address: IPAddress, in network: NetworkIdentity?) -> Bool {
        routers.contains { router in
            router.gateways.contains { $0.network == network && $0.addresses.contains { $0.address == address } }
                || router.interfaces.contains { $0.network == network && $0.addresses.contains { $0.address == address } }
        }
    }
}
