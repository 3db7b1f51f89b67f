import EVPN
import Federation
import NetworkTypes
import OVN

/// What this node is in its cloud, from the local Open_vSwitch database.
package struct LocalNode: Hashable, Sendable {
    /// The chassis name that ovn-controller registers: `system-id`.
    package var chassis: String
    /// Physical network → provider bridge: `ovn-bridge-mappings`.
    package var bridgeMappings: [String: String]
    package var integrationBridge: String

    package init(chassis: String, bridgeMappings: [String: String], integrationBridge: String = "br-int") {
        self.chassis = chassis
        self.bridgeMappings = bridgeMappings
        self.integrationBridge = integrationBridge
    }
}

/// What the attachments of the intent select in this cloud, and what of it is this node's to serve.
package struct Selection: Hashable, Sendable {
    package var routers: [HostedRouter] = []
    /// Where the gateway ports that are bound elsewhere would come out of OVN here, if they moved.
    package var standby: Set<LocalIndexes.Handoff> = []
    package var attachments: [VPNName: [AttachmentReport]] = [:]
    package var problems: [VPNName: [Problem]] = [:]

    package init() {}

    package static func select(_ vpns: [VPNName: VPNIntent], in cloud: CloudView, at node: LocalNode) -> Selection {
        var selection = Selection()
        var taken: [String: VPNName] = [:]
        for vpn in vpns.values.sorted(by: { $0.name < $1.name }) {
            selection.attachments[vpn.name] = vpn.attachments.map { attachment in
                selection.attach(attachment.selector, vpn.name, cloud, node, &taken)
            }
        }
        return selection
    }

    private mutating func attach(
        _ selector: AttachmentSelector, _ vpn: VPNName, _ cloud: CloudView, _ node: LocalNode, _ taken: inout [String: VPNName]
    ) -> AttachmentReport {
        var report = AttachmentReport(selector: selector)
        guard let (router, interfaces) = resolve(selector, vpn, cloud) else { return report }
        if let other = taken[router.id], other != vpn {
            say(
                vpn, "attachment-taken", "router \(router.id) is in VPN \(other) already, and one router must not join two tenants",
                "select different routers for \(vpn) and \(other) in the federation file")
            return report
        }
        taken[router.id] = vpn
        let subnets = Set(interfaces.flatMap(\.subnets)).filter { !$0.isLinkLocal }
        report.routers = [router.id]
        report.subnets = subnets.sorted()
        report.chassis = router.speaker
        let here = router.gateways(on: node.chassis)
        report.hostedHere = !here.isEmpty
        if router.gateways.isEmpty {
            say(
                vpn, "gateway-missing", "router \(router.name) has no gateway port, so nothing can leave it",
                "openstack router set --external-gateway NETWORK \(router.name)")
        }
        guard !here.isEmpty else {
            for localnet in router.gateways.compactMap({ $0.localnet(mappedBy: node.bridgeMappings) }) {
                guard let bridge = node.bridgeMappings[localnet.physicalNetwork] else { continue }
                standby.insert(LocalIndexes.Handoff(vpn: vpn, bridge: bridge, vlan: localnet.tag))
            }
            return report
        }
        guard
            let (gateway, localnet) = here.lazy.compactMap({ port in port.localnet(mappedBy: node.bridgeMappings).map { (port, $0) } })
                .first,
            let bridge = node.bridgeMappings[localnet.physicalNetwork]
        else {
            say(
                vpn, "provider-network-not-mapped",
                "no provider network of router \(router.name) is mapped to a bridge on chassis \(node.chassis)",
                "set external_ids:ovn-bridge-mappings in the Open_vSwitch table of this node")
            return report
        }
        for family in Set(subnets.map(\.family)).sorted(by: { $0.rawValue < $1.rawValue })
        where !router.staticRoutes.isEmpty && !router.hasDefaultRoute(family) {
            say(
                vpn, "router-lacks-default-route",
                "router \(router.name) has no \(family.rawValue) default route, so nothing federated leaves it",
                "give its external network a gateway address of that family")
        }
        let hosts = interfaces.flatMap(\.hosts).flatMap(\.addresses).map(IPPrefix.init(host:)).filter { !$0.isLinkLocal }
        routers.append(
            HostedRouter(
                id: router.id, vpn: vpn, gatewayMAC: gateway.mac, gatewayAddresses: gateway.addresses.map(\.address),
                provider: ProviderPort(
                    bridge: bridge, patchPort: localnet.patchPort(integrationBridge: node.integrationBridge), vlan: localnet.tag),
                subnets: subnets, hosts: Set(hosts)))
        return report
    }

    /// The router that a selector means, with those of its interfaces that take part; nil with a problem where it means none or two.
    private mutating func resolve(_ selector: AttachmentSelector, _ vpn: VPNName, _ cloud: CloudView) -> (RouterView, [RouterInterface])? {
        switch selector.kind {
        case .router:
            let found = selector.key == .id ? cloud.routers(id: selector.value) : cloud.routers(name: selector.value)
            guard let router = theOne(found, selector, vpn, \.id) else { return nil }
            return (router, router.interfaces)
        case .network:
            let found = selector.key == .id ? cloud.networks(id: selector.value) : cloud.networks(name: selector.value)
            guard let network = theOne(found, selector, vpn, \.identity.id) else { return nil }
            let serving = cloud.routers(inNetwork: network.identity.id).filter { !$0.gateways.isEmpty }
            guard let router = theOne(serving, selector, vpn, \.id) else { return nil }
            return (router, router.interfaces.filter { $0.network?.id == network.identity.id })
        }
    }

    private mutating func theOne<Found>(_ found: [Found], _ selector: AttachmentSelector, _ vpn: VPNName, _ id: (Found) -> String) -> Found?
    {
        if found.count == 1 { return found[0] }
        if found.isEmpty {
            say(
                vpn, "attachment-not-found", "this cloud's OVN has no \(selector) with a way out",
                "check the name with `openstack \(selector.kind.rawValue) list`, or create it")
        } else {
            say(
                vpn, "attachment-ambiguous",
                "\(selector) means \(found.count) things in this cloud: \(found.map(id).sorted().joined(separator: ", "))",
                "select by id in the federation file")
        }
        return nil
    }

    private mutating func say(_ vpn: VPNName, _ code: String, _ message: String, _ remedy: String) {
        problems[vpn, default: []].append(Problem(code: code, message: message, remedy: remedy))
    }
}

extension IPPrefix {
    /// fe80::/10 (RFC 4291) and 169.254.0.0/16 (RFC 3927): never leave their link.
    var isLinkLocal: Bool {
        switch address {
        case .v4(let address): address.bits >> 16 == 0xa9fe
        case .v6(let address): address.bits >> 118 == 0x3fa
        }
    }
}
