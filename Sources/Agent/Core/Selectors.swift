import Federation
import OVN

/// From selectors to what they mean in a cloud.
extension Selection {
    /// The routers that a selector means, with what of them takes part. A name or an id means one thing, a label all that bear it.
    /// Empty with a problem where it means none, or more than it may.
    mutating func resolve(_ selector: AttachmentSelector, _ vpn: VPNName, _ cloud: CloudView) -> [SelectedRouter.Part] {
        switch selector.kind {
        case .router:
            let found =
                switch selector.key {
                case .id: cloud.routers(id: selector.value)
                case .name: cloud.routers(name: selector.value)
                case .label: cloud.routers.filter { selector.isBorne(by: $0.labels) }
                }
            return meant(found, selector, vpn, \.id).map { SelectedRouter.Part(router: $0, interfaces: $0.interfaces) }
        case .network:
            let found =
                switch selector.key {
                case .id: cloud.networks(id: selector.value)
                case .name: cloud.networks(name: selector.value)
                case .label: cloud.networks.filter { selector.isBorne(by: $0.labels) }
                }
            return meant(found, selector, vpn, \.identity.id).compactMap { network in
                guard let router = serving(network.identity.id, selector, vpn, cloud) else { return nil }
                return SelectedRouter.Part(router: router, interfaces: router.interfaces.filter { $0.network?.id == network.identity.id })
            }
        case .port: return ports(selector, vpn, cloud)
        }
    }

    /// One part for each network that has such ports. Ports that are bound nowhere are in no view: they have nothing to reach.
    private mutating func ports(_ selector: AttachmentSelector, _ vpn: VPNName, _ cloud: CloudView) -> [SelectedRouter.Part] {
        var networks: [String: Set<String>] = [:]
        for interface in cloud.routers.lazy.flatMap(\.interfaces) {
            guard let network = interface.network?.id else { continue }
            for host in interface.hosts where selector.means(host) { networks[network, default: []].insert(host.logicalPort) }
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

    /// The one router with a gateway port that serves a network.
    private mutating func serving(_ network: String, _ selector: AttachmentSelector, _ vpn: VPNName, _ cloud: CloudView) -> RouterView? {
        let routers = cloud.routers(inNetwork: network).filter { !$0.gateways.isEmpty }
        guard routers.count > 1 else { return meant(routers, selector, vpn, \.id).first }
        tooMany(routers.map(\.id), selector, vpn)
        return nil
    }

    private mutating func meant<Found>(_ found: [Found], _ selector: AttachmentSelector, _ vpn: VPNName, _ id: (Found) -> String) -> [Found]
    {
        if found.isEmpty {
            let table =
                switch selector.kind {
                case .router: "Logical_Router"
                case .network: "Logical_Switch"
                case .port: "Logical_Switch_Port"
                }
            let remedy =
                switch selector.key {
                case .label:
                    "give its row the label external_ids:\(selector.value), or correct the label in the federation file: "
                        + "`ovn-nbctl --columns=name,external_ids list \(table)` shows which there are"
                default:
                    "compare with what is there, and correct the federation file, or create it: `openstack \(selector.kind.rawValue) list`"
                }
            let what = selector.kind == .port ? "bound port" : "\(selector.kind.rawValue)"
            say(
                vpn, .attachmentNotFound, "this cloud's OVN has no \(what) \(selector.key.rawValue)=\(selector.value) with a way out",
                remedy)
        } else if found.count > 1, selector.key != .label {
            tooMany(found.map(id), selector, vpn)
            return []
        }
        return found
    }

    private mutating func tooMany(_ ids: [String], _ selector: AttachmentSelector, _ vpn: VPNName) {
        say(
            vpn, .attachmentAmbiguous,
            "\(selector) means \(ids.count) things in this cloud: \(ids.sorted().joined(separator: ", "))",
            "select by id in the federation file")
    }
}

extension AttachmentSelector {
    /// `KEY=VALUE`; the value may hold further `=`.
    fileprivate func isBorne(by labels: [String: String]) -> Bool {
        guard !labels.isEmpty, let separator = value.firstIndex(of: "=") else { return false }
        return labels[String(value[..<separator])] == String(value[value.index(after: separator)...])
    }

    fileprivate func means(_ host: Host) -> Bool {
        switch key {
        case .id: host.logicalPort == value
        case .name: host.name == value
        case .label: isBorne(by: host.labels)
        }
    }
}
