import FederationModel
import OVN
import OVSDB

/// From selectors to what they mean in a cloud.
extension Selection {
    /// The routers that a selector means, with what of them takes part. A name or an id means one thing, a label all that bear it.
    /// Empty with a problem where it means none, or more than it may.
    mutating func resolve(_ selector: AttachmentSelector, _ vpn: VPNName, _ cloud: CloudView) -> [SelectedRouter.Part] {
        switch selector.kind {
        case .router:
            let found: [RouterView] =
                switch selector.key {
                case .id: cloud.routers(id: selector.value)
                case .name: named(selector, vpn, in: cloud.namedRouters(selector, pins[selector])).map(cloud.routers(id:)) ?? []
                case .label: cloud.routers.filter { selector.isBorne(by: $0) }
                case .vni: []
                }
            if selector.key == .label { for router in found { warnOfLoss(of: selector, router, vpn) } }
            return meant(found, selector, vpn, \.id).map { SelectedRouter.Part(router: $0, interfaces: $0.interfaces) }
        case .network:
            let found: [NetworkView] =
                switch selector.key {
                case .id: cloud.networks(id: selector.value)
                case .name: named(selector, vpn, in: cloud.namedNetworks(selector, pins[selector])).map(cloud.networks(id:)) ?? []
                case .label: cloud.networks.filter { selector.isBorne(by: $0.labels) }
                case .vni: []
                }
            return meant(found, selector, vpn, \.identity.id).compactMap { network in
                guard let router = serving(network.identity.id, selector, vpn, cloud) else { return nil }
                return SelectedRouter.Part(router: router, interfaces: router.interfaces.filter { $0.network?.id == network.identity.id })
            }
        case .port: return ports(selector, vpn, cloud)
        case .bgpvpn: return []
        }
    }

    /// One part for each network that has such ports, bound or not: one that is bound nowhere for a moment is still meant.
    private mutating func ports(_ selector: AttachmentSelector, _ vpn: VPNName, _ cloud: CloudView) -> [SelectedRouter.Part] {
        let pinned = selector.key == .name ? named(selector, vpn, in: cloud.namedPorts(selector, pins[selector])) : nil
        var networks: [String: Set<String>] = [:]
        for interface in cloud.routers.lazy.flatMap(\.interfaces) {
            guard let network = interface.network?.id else { continue }
            for host in interface.hosts + interface.unbound where selector.means(host, named: pinned) {
                networks[network, default: []].insert(host.logicalPort)
            }
        }
        let found = networks.flatMap { network, ports in ports.map { (network: network, port: $0) } }.sorted { $0.port < $1.port }
        let meant = Dictionary(grouping: meant(found, selector, vpn, \.port), by: \.network)
        return meant.keys.sorted().compactMap { network in
            guard let router = serving(network, selector, vpn, cloud) else { return nil }
            return SelectedRouter.Part(
                router: router, interfaces: router.interfaces.filter { $0.network?.id == network },
                ports: Set((meant[network] ?? []).map(\.port)))
        }
    }

    /// The id of what a name means; nil, with a problem unless nothing bears it, where it means nothing.
    mutating func named(_ selector: AttachmentSelector, _ vpn: VPNName, in things: CloudView.Named) -> String? {
        let naming = Naming(selector, pin: pins[selector], pinned: things.pinned, named: things.all)
        if pins[selector] != naming.pin { pins[selector] = naming.pin }
        switch naming.outcome {
        case .found(let id):
            if !naming.namesakes.isEmpty { warn(of: naming.namesakes, selector, id, vpn) }
            return id
        case .none: return nil
        case .ambiguous(let ids):
            explained.insert(selector)
            tooMany(ids, selector, vpn)
            return nil
        case .gone(let pin, let others):
            explained.insert(selector)
            let kind = selector.kind.rawValue, other = others.first ?? pin.id
            say(
                vpn, .attachmentGone,
                "\(selector) was \(pin.id), which is gone; \(others.listed()) now has this name but is not known to be in the same project, "
                    + "so it is not used",
                "if it is the right one, select it by id in the federation file, “\(kind): {id: \(other)}”, or ask the federation’s admin to have "
                    + "the name looked for anew; otherwise recreate the \(kind) in its "
                    + "project: `openstack \(kind) show \(ShellText.quoted(other)) -c project_id` shows its project")
            return nil
        }
    }

    private mutating func warn(of namesakes: [String], _ selector: AttachmentSelector, _ id: String, _ vpn: VPNName) {
        let kind = selector.kind.rawValue
        say(
            vpn, .attachmentNamesake, "\(selector) is \(id) here; \(namesakes.listed()) has the same name and is ignored",
            "select by id in the federation file to clear this, “\(kind): {id: \(id)}”: `openstack \(kind) show "
                + "\(ShellText.quoted(namesakes.first ?? id)) -c project_id` shows the project of the other one")
    }

    /// The one router with a gateway port that serves a network. Of several, that of the network's own project: a tenant with whom a
    /// network is shared may put a router of his into it.
    mutating func serving(_ network: String, _ selector: AttachmentSelector, _ vpn: VPNName, _ cloud: CloudView) -> RouterView? {
        let routers = cloud.routers(inNetwork: network).filter { !$0.gateways.isEmpty }
        if routers.isEmpty, selector.kind == .bgpvpn {
            say(
                vpn, .gatewayMissing,
                "network \(network), or a port of it, is associated with \(selector), and is behind no router with a gateway port: traffic cannot "
                    + "leave it",
                "set one of these networks as the external gateway of its router with “openstack router set --external-gateway”: "
                    + "`openstack network list --external`")
            return nil
        }
        guard routers.count > 1 else { return meant(routers, selector, vpn, \.id).first }
        let owner = cloud.networks(id: network).first?.project
        let own = routers.filter { owner != nil && $0.project == owner }
        if own.count == 1 { return own.first }
        tooMany(routers.map(\.id), selector, vpn)
        return nil
    }

    private mutating func meant<Found>(_ found: [Found], _ selector: AttachmentSelector, _ vpn: VPNName, _ id: (Found) -> String) -> [Found]
    {
        if found.isEmpty {
            guard !explained.contains(selector) else { return [] }
            let table =
                switch selector.kind {
                case .router: "Logical_Router"
                case .network: "Logical_Switch"
                case .port: "Logical_Switch_Port"
                case .bgpvpn: "NB_Global"
                }
            let remedy =
                switch selector.key {
                case .label where selector.kind == .router:
                    "give one of its ports the label external_ids:\(selector.value), because Neutron removes what a router’s own row has, or correct "
                        + "the label in the federation file: `ovn-nbctl --columns=name,external_ids find Logical_Switch_Port type=router` shows such ports"
                case .label:
                    "give its row the label external_ids:\(selector.value), or correct the label in the federation file: "
                        + "`ovn-nbctl --columns=name,external_ids list \(table)` shows the existing ones"
                default:
                    "compare with the existing ones and correct the federation file, or create it: `openstack \(selector.kind.rawValue) list`"
                }
            let words = selector.description.dropFirst(selector.kind.rawValue.count + 1)
            say(vpn, .attachmentNotFound, "no \(selector.kind.rawValue) \(words) with a gateway in this cloud's OVN", remedy)
        } else if found.count > 1, selector.key != .label {
            tooMany(found.map(id), selector, vpn)
            return []
        }
        return found
    }

    /// Neutron replaces the labels of a router's own row at each update of the router, and leaves those of its ports.
    private mutating func warnOfLoss(of selector: AttachmentSelector, _ router: RouterView, _ vpn: VPNName) {
        guard OVSDBUUID(router.id) != nil, router.portLabels?.contains(selector.value) != true,
            let port = (router.gateways.map(\.logicalPort) + router.interfaces.map(\.logicalPort)).first(where: { $0.hasPrefix("lrp-") })
        else { return }
        let parts = selector.value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let pair = "external_ids:\(DatabaseText.key(parts[0]))=\(DatabaseText.atom(parts.last ?? ""))"
        say(
            vpn, .labelNotKept,
            "the label \(selector.value) stands on router \(router.id) only, where Neutron removes it at the router’s next update: the router "
                + "leaves the VPN then",
            "set it on a port of the router too: `ovn-nbctl set Logical_Switch_Port \(ShellText.quoted(String(port.dropFirst(4)))) "
                + "\(ShellText.quoted(pair))`")
    }

    private mutating func tooMany(_ ids: [String], _ selector: AttachmentSelector, _ vpn: VPNName) {
        say(
            vpn, .attachmentAmbiguous, "\(selector) matches \(ids.count) objects in this cloud: \(ids.sorted().listed())",
            "select by id in the federation file")
    }
}

extension CloudView {
    /// Things of one kind that a name may mean.
    struct Named {
        /// What it meant until now.
        var pinned: Naming.Candidate?
        var all: [Naming.Candidate]
    }

    fileprivate func namedRouters(_ selector: AttachmentSelector, _ pin: AttachmentPin?) -> Named {
        func candidate(_ router: RouterView) -> Naming.Candidate {
            Naming.Candidate(id: router.id, project: router.project, hasWayOut: !router.gateways.isEmpty)
        }
        return Named(
            pinned: pin.flatMap { routers(id: $0.id).first }.map(candidate), all: routers(name: selector.value).map(candidate))
    }

    fileprivate func namedNetworks(_ selector: AttachmentSelector, _ pin: AttachmentPin?) -> Named {
        func candidate(_ network: NetworkView) -> Naming.Candidate {
            Naming.Candidate(
                id: network.identity.id, project: network.project,
                hasWayOut: routers(inNetwork: network.identity.id).contains { !$0.gateways.isEmpty })
        }
        return Named(
            pinned: pin.flatMap { networks(id: $0.id).first }.map(candidate), all: networks(name: selector.value).map(candidate))
    }

    /// A port may be behind several routers.
    fileprivate func namedPorts(_ selector: AttachmentSelector, _ pin: AttachmentPin?) -> Named {
        var found: [String: Naming.Candidate] = [:]
        var pinned: Naming.Candidate?
        for router in routers {
            let hosts = router.interfaces.flatMap { $0.hosts + $0.unbound }
            for host in hosts where host.name == selector.value || host.logicalPort == pin?.id {
                let hasWayOut = !router.gateways.isEmpty || found[host.logicalPort]?.hasWayOut == true
                let candidate = Naming.Candidate(id: host.logicalPort, project: host.project, hasWayOut: hasWayOut)
                if host.logicalPort == pin?.id { pinned = candidate }
                if host.name == selector.value { found[host.logicalPort] = candidate }
            }
        }
        return Named(pinned: pinned, all: Array(found.values))
    }
}

extension AttachmentSelector {
    /// `KEY=VALUE`; the value may hold further `=`.
    fileprivate func isBorne(by labels: [String: String]) -> Bool {
        guard !labels.isEmpty, let separator = value.firstIndex(of: "=") else { return false }
        return labels[String(value[..<separator])] == String(value[value.index(after: separator)...])
    }

    /// A router bears what any of its ports bears.
    fileprivate func isBorne(by router: RouterView) -> Bool {
        isBorne(by: router.labels) || router.portLabels?.contains(value) ?? false
    }

    /// - Parameter id: what the name means.
    fileprivate func means(_ host: Host, named id: String?) -> Bool {
        switch key {
        case .id: host.logicalPort == value
        case .name: host.logicalPort == id
        case .label: isBorne(by: host.labels)
        case .vni: false
        }
    }
}
