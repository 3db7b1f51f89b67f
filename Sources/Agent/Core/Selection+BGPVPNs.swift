import FederationModel
import NetworkTypes
import OVN

/// From BGPVPNs to what is associated with them.
extension Selection {
    /// What a selector means in a cloud.
    struct Meaning {
        var parts: [SelectedRouter.Part] = []
        /// Of a BGPVPN.
        var association: BGPVPNAssociation?
        /// What the rows of the BGPVPNs say that are meant.
        var marks: [BGPVPNMark] = []
    }

    /// Each row says for itself what is associated: one that says nothing any more withdraws it at once.
    mutating func associated(_ selector: AttachmentSelector, _ vpn: VPNIntent, _ seen: SeenBGPVPNs, _ cloud: CloudView) -> Meaning {
        guard let bearers = meant(selector, vpn.name, seen) else { return Meaning() }
        var meaning = Meaning(marks: bearers.map(\.mark))
        let associated = bearers.filter { $0.place != .list && $0.mark.by != .nothing }
        meaning.association = bearers.isEmpty ? .missing : associated.isEmpty ? .unassociated : .associated
        let routed = associated.filter { $0.mark.kind == .l3 }
        if routed.count < associated.count {
            say(
                vpn.name, .bgpvpnTypeDiffers,
                "\(selector) is of type l2, and VPN \(vpn.name) is routed: what is associated with it does not take part",
                "associate it with a BGPVPN of type l3: `openstack bgpvpn list`")
        }
        let routers = routers(routed, cloud)
        let whole = Set(routers.map(\.router.id))
        meaning.parts = routers
        for network in Set(routed.compactMap(\.network)).sorted() {
            guard let router = serving(network, selector, vpn.name, cloud), !whole.contains(router.id) else { continue }
            meaning.parts.append(
                SelectedRouter.Part(router: router, interfaces: router.interfaces.filter { $0.network?.id == network }))
        }
        meaning.parts += interfaces(routed, cloud).filter { !whole.contains($0.router.id) }
        meaning.parts += ports(routed, selector, vpn.name, cloud).filter { !whole.contains($0.router.id) }
        return meaning
    }

    /// The rows of the BGPVPNs that are meant; nil, with a problem, where that is not certain.
    private mutating func meant(_ selector: AttachmentSelector, _ vpn: VPNName, _ seen: SeenBGPVPNs) -> [SeenBGPVPNs.Bearer]? {
        switch selector.key {
        case .id: return seen.bearers.filter { $0.mark.id == selector.value }
        case .name:
            guard let id = named(selector, vpn, in: seen.named(selector, pins[selector])) else {
                return explained.contains(selector) ? nil : []
            }
            return seen.bearers.filter { $0.mark.id == id }
        case .vni:
            let found = seen.bearers.filter { $0.mark.vni?.description == selector.value }
            let projects = Set(found.map(\.project))
            guard projects.count > 1 else { return found }
            let owners = projects.map { $0 ?? "unknown" }.sorted()
            say(
                vpn, .bgpvpnVNIShared,
                "VNI \(selector.value) is of BGPVPNs of \(projects.count) projects in this cloud: \(owners.listed()); none of them is attached",
                "select by id in the federation file, “bgpvpn: {id: UUID}”: `openstack bgpvpn list --long` shows each with its VNI and project"
            )
            return nil
        case .label: return []
        }
    }

    // MARK: - What is associated

    /// Whole routers: one port that says so is enough, and several are one router.
    private func routers(_ bearers: [SeenBGPVPNs.Bearer], _ cloud: CloudView) -> [SelectedRouter.Part] {
        var extra: [String: Bool] = [:]
        for bearer in bearers where bearer.mark.by == .router {
            switch bearer.place {
            case .gateway(let router), .interface(let router, _, _):
                extra[router] = (extra[router] ?? true) && bearer.mark.advertisesExtraRoutes
            case .network, .port, .list: break
            }
        }
        return extra.keys.sorted().flatMap { id in
            cloud.routers(id: id).map { router in
                SelectedRouter.Part(router: router, interfaces: router.interfaces, extraRoutes: extra[id] == true ? .all : .none)
            }
        }
    }

    /// Single ports of routers, by ovn-bgp-agent's keys, which do not say more.
    private func interfaces(_ bearers: [SeenBGPVPNs.Bearer], _ cloud: CloudView) -> [SelectedRouter.Part] {
        var ports: [String: Set<String>] = [:]
        for bearer in bearers where bearer.mark.by == nil {
            guard case .interface(let router, let port, _) = bearer.place else { continue }
            ports[router, default: []].insert(port)
        }
        return ports.keys.sorted().flatMap { id in
            cloud.routers(id: id).map { router in
                SelectedRouter.Part(router: router, interfaces: router.interfaces.filter { ports[id]?.contains($0.logicalPort) ?? false })
            }
        }
    }

    /// Ports of machines, by network.
    private mutating func ports(
        _ bearers: [SeenBGPVPNs.Bearer], _ selector: AttachmentSelector, _ vpn: VPNName, _ cloud: CloudView
    ) -> [SelectedRouter.Part] {
        var networks: [String: [String: BGPVPNMark]] = [:]
        for bearer in bearers where bearer.mark.by == .port || bearer.mark.by == nil {
            guard case .port(let port, let network) = bearer.place else { continue }
            networks[network, default: [:]][port] = bearer.mark
        }
        return networks.keys.sorted().compactMap { network in
            guard let router = serving(network, selector, vpn, cloud), let marks = networks[network] else { return nil }
            var part = SelectedRouter.Part(
                router: router, interfaces: router.interfaces.filter { $0.network?.id == network }, ports: Set(marks.keys))
            part.silent = Set(marks.filter { !$0.value.advertisesFixedIPs }.keys)
            part.extraRoutes = .only(marks.mapValues { Set($0.routes.map(\.prefix)) })
            return part
        }
    }

    // MARK: - Claims

    /// The federation's numbers rule: what a BGPVPN says of its own is a claim.
    mutating func sayClaims(_ marks: [BGPVPNMark], _ vpn: VPNIntent) {
        let numbers = Set(vpn.bindings.map { $0.encapsulation.vni })
        let imports = Set(vpn.bindings.flatMap(\.importTargets).map(\.description))
        let exports = Set(vpn.bindings.flatMap(\.exportTargets).map(\.description))
        let distinguishers = Set(vpn.bindings.map(\.routeDistinguisher.description))
        var said: Set<String> = []
        for mark in marks {
            let who = mark.id.map { "BGPVPN \($0)" } ?? "what ovn-bgp-agent’s keys mark"
            if let vni = mark.vni, !numbers.contains(vni), said.insert("\(who) \(vni)").inserted {
                say(
                    vpn.name, .bgpvpnVNIDiffers,
                    "\(who) claims VNI \(vni), and VPN \(vpn.name) has \(vpn.encapsulation.vni), which is used",
                    "nothing has to be done; to have one number, write “vni: \(vni)” at VPN \(vpn.name) in the federation file, or make the BGPVPN "
                        + "without a VNI: its own cannot be changed")
            }
            let claimed = Set(mark.routeTargets)
            var ignored: [String] = []
            let (wanted, given) = (claimed.union(mark.importTargets), claimed.union(mark.exportTargets))
            if !wanted.isEmpty, wanted != imports { ignored += ["import targets \(wanted.sorted().listed())"] }
            if !given.isEmpty, given != exports { ignored += ["export targets \(given.sorted().listed())"] }
            let others = mark.routeDistinguishers.filter { !distinguishers.contains($0) }
            if !others.isEmpty { ignored += ["route distinguishers \(others.listed())"] }
            guard !ignored.isEmpty, said.insert("\(who) targets").inserted else { continue }
            let clear =
                mark.id.map {
                    ": `openstack bgpvpn set --no-route-target --no-import-target --no-export-target --no-route-distinguisher \($0)` removes them"
                } ?? ""
            say(
                vpn.name, .bgpvpnTargetsIgnored,
                "\(who) claims \(ignored.joined(separator: ", ")), and VPN \(vpn.name) has its own, which are used",
                "nothing has to be done" + clear)
        }
    }

    /// Where a row says something of a BGPVPN that makes no sense.
    package static func unreadable(in cloud: CloudView) -> [Problem] {
        let key = "external_ids:\(BGPVPNMark.key)"
        return cloud.problems.lazy.filter { $0.column.hasPrefix(key) }.prefix(10).map { problem in
            let table = problem.table == "Port_Binding" ? "Logical_Switch_Port" : problem.table
            return Problem(
                code: .bgpvpnUnreadable, message: "\(problem): it attaches nothing",
                remedy: "the Neutron driver writes it again within a minute; what a hand wrote, correct by hand: "
                    + "`ovn-nbctl --columns=_uuid,external_ids list \(table)` shows it")
        }
    }
}

extension SeenBGPVPNs.Bearer {
    /// The network that it associates, by id.
    fileprivate var network: String? {
        switch (place, mark.by) {
        case (.network(let id), .network), (.network(let id), nil): id
        case (.interface(_, _, let id), .network): id
        default: nil
        }
    }
}
