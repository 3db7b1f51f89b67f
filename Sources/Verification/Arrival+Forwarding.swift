import FederationModel
import NetworkTypes

/// Steps 8 to 10: from bgpd's table to the VRF, the kernel and OVS.
extension Arrival {
    func notImported(_ routes: [ReceivedRoute]) -> Cause? {
        let imported = viewer.imported[prefix, default: []].filter { vteps.contains($0.nextHop.withoutMapping) }
        guard imported.isEmpty else { return nil }
        let arrived = Set(routes.flatMap(\.routeTargets))
        if arrived.isDisjoint(with: viewer.intent.importTargets) {
            return Cause(
                .routeTargetStripped, "\(prefix) arrived at \(viewer.id) without any import target of VPN \(viewer.intent.name)",
                evidence: [
                    "\(viewer.id) received it with \(arrived.sorted().listed)",
                    "\(viewer.id) imports \(viewer.intent.importTargets.listed)",
                    "\(advertisers[0].id) exports \(advertisers[0].intent.exportTargets.listed)",
                ],
                remedy: "a router between them drops or rewrites extended communities: check send-community and route-maps, on "
                    + "\(advertisers[0].place): `vtysh -c 'show running-config bgpd'`; check the same on \(between(advertisers[0], viewer))"
            )
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
                + "`vtysh -c 'show evpn next-hops vni \(viewer.intent.encapsulation.vni)'` must show \(bare.nextHop); if not, FRR lost it: "
                + "`systemctl restart fed-agent` configures the VNI again")
    }

    /// Whether the viewer legitimately has the prefix itself: then it sends nothing elsewhere.
    var isOwn: Bool {
        viewer.expected.contains(prefix)
            && (shared.contains(prefix) || viewer.intent.originated.contains(prefix) && advertisers.contains { $0.originates(prefix) })
    }

    /// Whether another cloud legitimately has the prefix too: then its route is as good as the origin's.
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
                .notInstalled, "\(viewer.id) imported \(prefix), but it is not in the kernel",
                evidence: ["\(viewer.id): no route to \(prefix) in the VRF of VNI \(viewer.intent.encapsulation.vni)"] + viewer.complaints,
                remedy:
                    "on \(viewer.place): `vtysh -c 'show ip\(prefix.family == .ipv6 ? "v6" : "") route vrf all \(prefix)'` shows whether "
                    + "zebra has it, `vtysh -c 'show zebra'` whether zebra writes to the kernel")
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
                : "on \(viewer.place): \(Remedy.bgpRoutes(of: prefix)) shows who else advertises it")
    }

    private var renumber: String {
        (prefix.isHost
            ? "give one of the two machines another address; in each of the two clouds: `openstack port list --fixed-ip ip-address=\(prefix.address)`"
            : "renumber one of the two networks, or export only one of them")
            + "; if it is one service in many places, list it under anycast of VPN \(viewer.intent.name) in the federation file"
    }

    /// Traffic of the viewer's tenants to the prefix must reach the VRF with their own addresses. This also applies to a viewer that
    /// nobody learns from: it is the viewer's own traffic, and the way back belongs to the reverse pair.
    func notSteered() -> Cause? {
        // Its own prefix: OVN delivers it without the federation.
        if isOwn { return nil }
        guard viewer.steered.contains(prefix) else {
            return Cause(
                .notSteered, "\(viewer.id) can forward \(prefix), but OVS does not hand it the tenant’s traffic",
                evidence: ["\(viewer.id): no steering flow covers \(prefix)"] + viewer.complaints,
                remedy:
                    "the agent repairs this within seconds; if it persists, on \(viewer.place): \(Remedy.flows) lists its flows; "
                    + "\(Remedy.journal) shows why it sets no more")
        }
        // Neutron translates only IPv4; IPv6 has no SNAT rules.
        guard prefix.family == .ipv6 || viewer.exempted.contains(prefix) else {
            return viewer.unknownExemption
                ?? Cause(
                    .natNotExempted, "\(viewer.id) would translate (SNAT) the tenant’s source address towards \(prefix)",
                    evidence: ["\(viewer.id): \(prefix) is in no exempted address set"] + viewer.complaints,
                    remedy: "the agent repairs this within seconds; if it persists, in \(viewer.id.cloud): "
                        + "`ovn-nbctl --columns=logical_ip,exempted_ext_ips find NAT type=snat` and `ovn-nbctl list Address_Set` show the exemptions; "
                        + "on \(viewer.place): \(Remedy.journal)")
        }
        return viewer.diversion(of: prefix)
    }
}
