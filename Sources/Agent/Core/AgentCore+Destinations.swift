import EVPN
import FederationModel
import NetworkTypes
import OVN

/// What the design is made from beside the intent: where traffic is steered to, and what is advertised.
extension AgentCore {
    mutating func steered(_ intent: GatewayIntent, at now: Int64) -> [VPNName: Set<IPPrefix>] {
        for (vpn, instance) in intent.vpns.values.sorted(by: { $0.name < $1.name }).flatMap({ vpn in vpn.instances.map { (vpn, $0) } }) {
            let index = indexes.index(of: instance)
            let (leads, tunnels) = (mayLead(vpn), tunnels(of: index))
            // What leads elsewhere does not begin to be steered to. What was admitted before has its hold: traffic that is no longer
            // steered would leave by the provider network.
            destinations.see(tunnels.values.filter(leads).map(\.prefix).sorted(), of: instance.vpn, at: now)
            if !hasSeededDestinations, let flows = host.flows {
                let steering = flows.values.joined().filter {
                    $0.index == index && $0.sourceMAC != nil && !$0.isOfProbes && $0.priority != Designer.refusePriority
                }
                let found = steering.compactMap(\.destination).filter { tunnels[$0].map(leads) ?? true }
                destinations.see(found, of: instance.vpn, at: now)
            }
        }
        if host.flows != nil { hasSeededDestinations = true }
        return destinations.steered(at: now)
    }

    /// What zebra installed for the VPN with this number.
    func tunnels(of index: Int) -> [IPPrefix: TunnelRoute] { host.kernel?.tunnels[LocalNames(index: index).table] ?? [:] }

    func forwarded(_ intent: GatewayIntent) -> [VPNInstance: Set<IPPrefix>] {
        // With one VNI there is nothing to choose.
        intent.vpns.values.filter { $0.secondary != nil }.reduce(into: [:]) { found, vpn in
            let leads = mayLead(vpn)
            for instance in vpn.instances {
                found[instance] = indexes.instances[instance].map { index in
                    Set(tunnels(of: index).values.filter { $0.isReady && leads($0) }.map(\.prefix))
                }
            }
        }
    }

    /// What no limit withdraws: what was last let out, or, when the agent has just started, what bgpd is found to advertise.
    func advertised(_ intent: GatewayIntent) -> [VPNName: Set<IPPrefix>] {
        guard let routing = host.routing else { return admitted ?? [:] }
        return intent.vpns.mapValues { vpn in
            if let known = admitted?[vpn.name] { return known }
            return vpn.instances.compactMap { indexes.instances[$0] }.reduce(into: []) { found, index in
                found.formUnion(routing.vrfs[LocalNames(index: index).vrf]?.networks ?? [])
            }
        }
    }

    /// What of the northbound database is to be written. Nothing while it is not known what shall be.
    mutating func exempt(_ basis: Basis, _ now: Int64) -> [ExemptionTransaction] {
        // Before the node was looked at, or while not all is known that shall be, an absent destination means nothing.
        guard basis.isWhole, host.kernel != nil, hasSeededDestinations else { return [] }
        let wanted = Dictionary(
            selection.routers.map { router in
                (router.id, RouterExemption(subnets: router.subnets, prefixes: steered[router.vpn]?[router.id] ?? []))
            }, uniquingKeysWith: { RouterExemption(subnets: $0.subnets.union($1.subnets), prefixes: $0.prefixes.union($1.prefixes)) })
        let federated = Set(selection.attachments.values.joined().flatMap(\.routers))
        let outcome = exemptions.plan(wanted, federated: federated, in: basis.cloud, at: basis.node.chassis, now)
        for transaction in outcome.repairs {
            for vpn in Set(selection.routers.lazy.filter { $0.id == transaction.router }.map(\.vpn)).sorted() {
                journal.record(transaction.steps, of: vpn, at: now)
            }
        }
        return outcome.transactions
    }
}
