import FederationModel
import NetworkTypes

extension Inspection {
    /// VPNs that ask for larger packets than an underlay carries, and VPNs that carry smaller ones than before.
    func vpnMTUs() -> [Finding] {
        new.graph.vpns.sorted { $0.key < $1.key }.flatMap { name, vpn -> [Finding] in
            // Clouds that are in it by a share carry its packets too.
            guard vpns.contains(name) || (vpn.mtu != nil && new.gateways(of: name).keys.contains(where: clouds.contains)) else { return [] }
            return exceeding(name, vpn) + shrinking(name, vpn)
        }
    }

    private func exceeding(_ name: VPNName, _ vpn: VPN) -> [Finding] {
        guard let mtu = vpn.mtu else { return [] }
        return new.gateways(of: name).sorted { $0.key < $1.key }.compactMap { cloud, gateways in
            guard let underlay = gateways.first?.base.underlayMTU, underlay < mtu + Cloud.vxlanOverhead else { return nil }
            let wasSo = old?.graph.vpns[name]?.mtu == mtu && old?.gateways(of: name)[cloud]?.first?.base.underlayMTU == underlay
            let room = underlay - Cloud.vxlanOverhead
            return Finding(
                wasSo ? .warning : .error, .mtuExceedsUnderlay, path: "vpns.\(name).mtu",
                reason: "VPN \(name) asks for packets of \(mtu) bytes, and the underlay of \(gateways.map(\.gateway).listed()) carries "
                    + "\(underlay), of which VXLAN takes \(Cloud.vxlanOverhead): \(room) are left",
                remedy:
                    "write “mtu: \(room)” or less, or raise the MTU between the VTEPs to \(mtu + Cloud.vxlanOverhead) and write that as "
                    + "clouds.\(cloud).underlayMTU")
        }
    }

    private func shrinking(_ name: VPNName, _ vpn: VPN) -> [Finding] {
        guard let former = old?.graph.vpns[name], former.mtu != vpn.mtu else { return [] }
        let less = new.intents.sorted { $0.key < $1.key }.compactMap { id, intent -> (gateway: GatewayID, before: Int, after: Int)? in
            guard let now = intent.vpns[name], let past = old?.intents[id], let then = past.vpns[name] else { return nil }
            let (before, after) = (past.mtu(of: then), intent.mtu(of: now))
            return after < before ? (id, before, after) : nil
        }
        guard let first = less.min(by: { $0.after < $1.after }) else { return [] }
        return [
            Finding(
                .warning, .mtuShrinks, path: "vpns.\(name).mtu",
                reason: "VPN \(name) carries packets of \(first.after) bytes at most on \(less.map(\.gateway).listed()), and carried "
                    + "\(first.before): what its tenants send above that is lost where they do not heed ICMP",
                remedy: "before the apply, give the tenants’ networks that MTU: openstack network set --mtu \(first.after) NETWORK")
        ]
    }
}

extension Compilation {
    /// The intents of the gateways that have a VPN, by cloud, each in order.
    fileprivate func gateways(of vpn: VPNName) -> [CloudName: [GatewayIntent]] {
        Dictionary(grouping: intents.values.filter { $0.vpns[vpn] != nil }.sorted { $0.gateway < $1.gateway }, by: \.gateway.cloud)
    }
}
