import Federation
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
                remedy: "somebody between them drops extended communities or rewrites them: look for send-community and route-maps with "
                    + "vtysh -c 'show running-config bgpd' there and on \(advertisers[0].place)")
        }
        return Cause(
            .notImported, "\(viewer.id) accepted \(prefix) but did not import it into VPN \(viewer.intent.name)",
            evidence: ["\(viewer.id) received it with \(arrived.sorted().listed) and imports \(viewer.intent.importTargets.listed)"]
                + viewer.imported[prefix, default: []].map { "\(viewer.id) has it via \($0.nextHop) instead" } + viewer.complaints,
            remedy: "on \(viewer.place): vtysh -c 'show bgp l2vpn evpn vrf-import-rt' and vtysh -c 'show bgp vrf all "
                + "\(prefix.family.rawValue) unicast \(prefix)'")
    }

    func notInstalled() -> Cause? {
        let installed = viewer.installed[prefix, default: []]
        let ours = installed.filter { vteps.contains($0.nextHop.withoutMapping) }
        guard !ours.isEmpty else { return displaced(by: installed) }
        guard let bare = ours.first(where: { !$0.tunnelReady }) else { return nil }
        return Cause(
            .tunnelEntryMissing, "\(viewer.id) routes \(prefix) to \(bare.nextHop) but has no tunnel entry for it",
            evidence: ["\(viewer.id): neighbour or forwarding entry of \(bare.nextHop) is missing"] + viewer.complaints,
            remedy: "on \(viewer.place): vtysh -c 'show evpn rmac vni \(viewer.intent.vni)' and "
                + "vtysh -c 'show evpn next-hops vni \(viewer.intent.vni)' must name \(bare.nextHop); if not, FRR lost it: "
                + "systemctl restart fed-agent sets the VNI anew")
    }

    private func displaced(by installed: [InstalledRoute]) -> Cause {
        if viewer.report?.expected.contains(prefix) == true {
            return Cause(
                .prefixClaimedTwice, "\(prefix) is an address of \(origin.cloud) and of \(viewer.id.cloud) in VPN \(viewer.intent.name)",
                evidence: ["\(viewer.id) has a port with \(prefix) itself", "\(advertisers[0].id) advertises \(prefix)"],
                remedy: "give one of the two machines another address: openstack port list --fixed-ip ip-address=\(prefix.address)")
        }
        guard let other = installed.first else {
            return Cause(
                .notInstalled, "\(viewer.id) imported \(prefix), but the kernel does not have it",
                evidence: ["\(viewer.id): no route to \(prefix) in the VRF of VNI \(viewer.intent.vni)"] + viewer.complaints,
                remedy: "on \(viewer.place): vtysh -c 'show ip\(prefix.family == .ipv6 ? "v6" : "") route vrf all \(prefix)' shows whether "
                    + "zebra has it; vtysh -c 'show zebra' whether it writes to the kernel")
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
                ? "two clouds have \(prefix) in VPN \(viewer.intent.name): give one of the machines another address"
                : "on \(viewer.place): vtysh -c 'show bgp vrf all \(prefix.family.rawValue) unicast \(prefix)' shows who else offers it")
    }

    func notSteered() -> Cause? {
        guard viewer.steered.contains(prefix) else {
            return Cause(
                .notSteered, "\(viewer.id) can forward \(prefix), but OVS does not hand it the tenant’s traffic",
                evidence: ["\(viewer.id): no steering flow holds \(prefix)"] + viewer.complaints,
                remedy:
                    "on \(viewer.place): ovs-ofctl dump-flows br-ex | grep 0xfed lists the flows; the agent repairs them within seconds: "
                    + "journalctl -u fed-agent -n 50")
        }
        // Neutron translates IPv4 only; IPv6 has no SNAT rule that could be in the way.
        guard prefix.family == .ipv6 || viewer.exempted.contains(prefix) else {
            return Cause(
                .natNotExempted, "\(viewer.id) would translate the tenant’s source address towards \(prefix)",
                evidence: ["\(viewer.id): \(prefix) is in no exempted address set"] + viewer.complaints,
                remedy: "in \(viewer.id.cloud): ovn-nbctl --columns=logical_ip,exempted_ext_ips find NAT type=snat and ovn-nbctl list "
                    + "Address_Set; the agent repairs them within seconds: journalctl -u fed-agent -n 50")
        }
        return nil
    }
}
