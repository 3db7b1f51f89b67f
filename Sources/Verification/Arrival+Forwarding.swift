import FederationModel
import NetworkTypes

/// Steps 8 to 10: from bgpd's table into the VRF, the kernel and OVS.
extension Arrival {
    func notImported(_ routes: [ReceivedRoute]) -> Cause? {
        let imported = viewer.imported[prefix, default: []].filter { vteps.contains($0.nextHop.withoutMapping) }
        guard imported.isEmpty else { return nil }
        let arrived = Set(routes.flatMap(\.routeTargets))
        if arrived.isDisjoint(with: viewer.intent.importTargets) {
            return Cause(
                .routeTargetStripped, "\(prefix) arrived at \(viewer.id) without a route target that VPN \(viewer.intent.name) imports",
                evidence: [
                    "\(viewer.id) received it with \(arrived.sorted().listed)",
                    "\(viewer.id) imports \(viewer.intent.importTargets.listed)",
                    "\(advertisers[0].id) exports \(advertisers[0].intent.exportTargets.listed)",
                ],
                remedy: "somebody between them drops extended communities or rewrites them: look for send-community and route-maps, on "
                    + "\(advertisers[0].place): `vtysh -c 'show running-config bgpd'`; and the same on \(between(advertisers[0], viewer))")
        }
        return Cause(
            .notImported, "\(viewer.id) accepted \(prefix) but did not import it into VPN \(viewer.intent.name)",
            evidence: ["\(viewer.id) received it with \(arrived.sorted().listed) and imports \(viewer.intent.importTargets.listed)"]
                + viewer.imported[prefix, default: []].map { "\(viewer.id) has it via \($0.nextHop) instead" } + viewer.complaints,
            remedy: "on \(viewer.place): `vtysh -c 'show bgp l2vpn evpn vrf-import-rt'` and "
                + Remedy.bgpRoutes(of: prefix))
    }

    func notInstalled() -> Cause? {
        let installed = viewer.installed[prefix, default: []]
        let ours = installed.filter { vteps.contains($0.nextHop.withoutMapping) }
        let used = ours.isEmpty ? installed.filter(isServedBy) : ours
        guard !used.isEmpty || isOwn else { return displaced(by: installed) }
        guard let bare = used.first(where: { !$0.tunnelReady }) else { return nil }
        return Cause(
            .tunnelEntryMissing, "\(viewer.id) routes \(prefix) to \(bare.nextHop) but has no tunnel entry for it",
            evidence: ["\(viewer.id): neighbour or forwarding entry of \(bare.nextHop) is missing"] + viewer.complaints,
            remedy: "on \(viewer.place): `vtysh -c 'show evpn rmac vni \(viewer.intent.encapsulation.vni)'` and "
                + "`vtysh -c 'show evpn next-hops vni \(viewer.intent.encapsulation.vni)'` must name \(bare.nextHop); if not, FRR lost it: "
                + "`systemctl restart fed-agent` sets the VNI anew")
    }

    /// The viewer has the prefix itself, and may: it sends nothing elsewhere.
    private var isOwn: Bool {
        viewer.expected.contains(prefix)
            && (shared.contains(prefix) || viewer.intent.originated.contains(prefix) && advertisers.contains { $0.originates(prefix) })
    }

    /// Another cloud has the prefix too, and may: its route serves as well as the origin's.
    private func isServedBy(_ route: InstalledRoute) -> Bool {
        guard let other = view.gatewaysByVTEP[route.nextHop.withoutMapping],
            let intent = view.intents[other]?.vpns[viewer.intent.name],
            !Set(intent.exportTargets).isDisjoint(with: viewer.intent.importTargets)
        else { return false }
        return shared.contains(prefix) || intent.originated.contains(prefix) && advertisers.contains { $0.originates(prefix) }
    }

    private func displaced(by installed: [InstalledRoute]) -> Cause {
        if viewer.expected.contains(prefix) {
            return Cause(
                .prefixClaimedTwice, "\(origin.cloud) and \(viewer.id.cloud) both have \(prefix) in VPN \(viewer.intent.name)",
                evidence: ["\(viewer.id) has \(prefix) itself", "\(advertisers[0].id) advertises \(prefix)"],
                remedy: renumber)
        }
        guard let other = installed.first else {
            return Cause(
                .notInstalled, "\(viewer.id) imported \(prefix), but the kernel does not have it",
                evidence: ["\(viewer.id): no route to \(prefix) in the VRF of VNI \(viewer.intent.encapsulation.vni)"] + viewer.complaints,
                remedy:
                    "on \(viewer.place): `vtysh -c 'show ip\(prefix.family == .ipv6 ? "v6" : "") route vrf all \(prefix)'` shows whether "
                    + "zebra has it; `vtysh -c 'show zebra'` whether it writes to the kernel")
        }
        let owner = view.gatewaysByVTEP[other.nextHop.withoutMapping]
        let code: CauseCode = owner.map { $0.cloud != origin.cloud } ?? false ? .prefixClaimedTwice : .wrongNextHop
        return Cause(
            code,
            "\(viewer.id) sends \(prefix) to \(owner?.description ?? other.nextHop.description) instead of \(advertisers[0].id)",
            evidence: [
                "\(viewer.id): \(prefix) via \(other.nextHop)",
                "\(advertisers.map(\.id).listed) advertises it via \(vteps.sorted().listed)",
            ],
            remedy: code == .prefixClaimedTwice
                ? renumber
                : "on \(viewer.place): \(Remedy.bgpRoutes(of: prefix)) shows who else offers it")
    }

    private var renumber: String {
        (prefix.isHost
            ? "give one of the two machines another address; in each of the two clouds: `openstack port list --fixed-ip ip-address=\(prefix.address)`"
            : "give one of the two networks other addresses, or export one of them only")
            + "; if it is one service at many places, list it under anycast of VPN \(viewer.intent.name) in the federation file"
    }

    /// What the viewer's tenants send to the prefix must reach the VRF with their own address. That is asked of a viewer that
    /// nobody learns from, too: it is its own traffic, and what comes back is the reverse pair's.
    func notSteered() -> Cause? {
        // Its own: OVN delivers it without us.
        if isOwn { return nil }
        guard viewer.steered.contains(prefix) else {
            return Cause(
                .notSteered, "\(viewer.id) can forward \(prefix), but OVS does not hand it the tenant’s traffic",
                evidence: ["\(viewer.id): no steering flow holds \(prefix)"] + viewer.complaints,
                remedy:
                    "the agent repairs this within seconds; if it stays, on \(viewer.place): \(Remedy.flows) lists what it has set; "
                    + "\(Remedy.journal) says why it sets no more")
        }
        // Neutron translates IPv4 only; IPv6 has no SNAT rule that could be in the way.
        guard prefix.family == .ipv6 || viewer.exempted.contains(prefix) else {
            return Cause(
                .natNotExempted, "\(viewer.id) would translate the tenant’s source address towards \(prefix)",
                evidence: ["\(viewer.id): \(prefix) is in no exempted address set"] + viewer.complaints,
                remedy: "the agent repairs this within seconds; if it stays, in \(viewer.id.cloud): "
                    + "`ovn-nbctl --columns=logical_ip,exempted_ext_ips find NAT type=snat` and `ovn-nbctl list Address_Set` show what is exempted; "
                    + "on \(viewer.place): \(Remedy.journal)")
        }
        return nil
    }
}
