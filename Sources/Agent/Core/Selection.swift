import EVPN
import FederationModel
import NetworkTypes
import OVN

/// What the attachments of the intent select in this cloud, and what of it is this node's to serve.
package struct Selection: Hashable, Sendable, Codable {
    /// A router that takes part in several VPNs is here once for each.
    package var routers: [HostedRouter] = []
    /// Where the gateway ports that are bound elsewhere would come out of OVN here, if they moved.
    package var standby: [VPNName: Set<ProviderNetwork>] = [:]
    package var attachments: [VPNName: [AttachmentReport]] = [:]
    package var problems: [VPNName: [Problem]] = [:]
    /// What names mean from now on.
    package var pins: Pins
    /// Names of which it was said why they mean nothing.
    var explained: Set<AttachmentSelector> = []

    package init(pins: Pins = Pins()) { self.pins = pins }

    /// - Parameters:
    ///   - pins: what names meant until now.
    ///   - taken: routers that belong to a VPN whatever is attached, by their ids.
    package static func select(
        _ vpns: [VPNName: VPNIntent], in cloud: CloudView, at node: LocalNode, pins: Pins = Pins(), taken: [String: VPNName] = [:]
    ) -> Selection {
        var selection = Selection(pins: pins)
        let sorted = vpns.values.sorted { $0.name < $1.name }
        // Where no attachment asks for it, nothing is looked for.
        let seen = sorted.contains { $0.attachments.contains { $0.selector.kind == .bgpvpn } } ? SeenBGPVPNs(in: cloud) : nil
        var meanings: [VPNName: [Meaning]] = [:]
        for vpn in sorted {
            let meant = vpn.attachments.map { selection.meaning(of: $0.selector, vpn, seen, cloud) }
            selection.sayClaims(meant.flatMap(\.marks), vpn)
            meanings[vpn.name] = meant
        }
        let parts = meanings.mapValues { $0.map(\.parts) }
        let owners = owners(of: parts, in: sorted).merging(taken) { $1 }
        for vpn in sorted {
            var members: [String: SelectedRouter] = [:]
            selection.attachments[vpn.name] = zip(vpn.attachments, meanings[vpn.name] ?? []).map { attachment, meaning in
                var report = AttachmentReport(
                    selector: attachment.selector, pin: selection.pins[attachment.selector], association: meaning.association,
                    bgpvpns: Set(meaning.marks.compactMap(\.id)).sorted())
                for part in meaning.parts {
                    guard selection.mayTake(part, attachment, vpn.name, owners[part.router.id].flatMap { vpns[$0] }) else { continue }
                    let addition = SelectedRouter(part, attachment, vpn)
                    report.take(addition, at: node)
                    members[part.router.id] = members[part.router.id].map { $0.joined(with: addition) } ?? addition
                }
                return report
            }
            selection.checkShares(vpn)
            for member in members.values.sorted(by: { $0.router.id < $1.router.id }) { selection.place(member, vpn.name, node) }
        }
        return selection
    }

    private mutating func meaning(of selector: AttachmentSelector, _ vpn: VPNIntent, _ seen: SeenBGPVPNs?, _ cloud: CloudView) -> Meaning {
        guard selector.kind == .bgpvpn, let seen else { return Meaning(parts: resolve(selector, vpn.name, cloud)) }
        return associated(selector, vpn, seen, cloud)
    }

    /// Names that are looked for anew still are, whatever was found.
    package mutating func leaveOpen(of former: Pins) {
        for open in former.all where open.isOpen {
            pins[open.selector] = open
            for vpn in attachments.keys {
                for index in (attachments[vpn] ?? []).indices where attachments[vpn]?[index].selector == open.selector {
                    attachments[vpn]?[index].pin = open
                }
            }
        }
    }

    /// Each router belongs to one VPN, the first by name that attaches it. Others may have parts of it, which that VPN shares into them.
    private static func owners(of parts: [VPNName: [[SelectedRouter.Part]]], in vpns: [VPNIntent]) -> [String: VPNName] {
        var owners: [String: VPNName] = [:]
        for vpn in vpns {
            for (attachment, parts) in zip(vpn.attachments, parts[vpn.name] ?? []) where attachment.only.isEmpty {
                for part in parts where owners[part.router.id] == nil { owners[part.router.id] = vpn.name }
            }
        }
        return owners
    }

    /// False with a problem where the router is another VPN's, and that one does not share it.
    private mutating func mayTake(
        _ part: SelectedRouter.Part, _ attachment: AttachmentIntent, _ vpn: VPNName, _ owner: VPNIntent?
    ) -> Bool {
        // While the intent is still coming, the VPN that shares may not be known yet.
        guard let owner else { return true }
        if attachment.only.isEmpty {
            guard owner.name != vpn else { return true }
            say(
                vpn, .attachmentTaken,
                "router \(part.router.id) is already in VPN \(owner.name): one router must not connect two tenants",
                "select different routers for \(vpn) and \(owner.name) in the federation file, or share prefixes of \(owner.name)")
            return false
        }
        // A share comes with the selector of an attachment of the VPN that shares. One that did not get the router has none of it to give.
        guard !owner.attachments.contains(where: { $0.only.isEmpty && $0.selector == attachment.selector }) else { return true }
        say(
            vpn, .shareOfOther,
            "\(attachment.selector) is shared into VPN \(vpn), and router \(part.router.id) is in VPN \(owner.name), which does not share it",
            "select different routers for the sharing VPN and for \(owner.name) in the federation file")
        return false
    }

    /// Finds out whether and how this node serves a router.
    private mutating func place(_ member: SelectedRouter, _ vpn: VPNName, _ node: LocalNode) {
        let router = member.router
        if router.gateways.isEmpty {
            say(
                vpn, .gatewayMissing, "router \(router.name) has no gateway port: traffic cannot leave it",
                "set one of these networks as its external gateway with “openstack router set --external-gateway”: `openstack network list --external`"
            )
        }
        // What is shared may lie behind other routers only.
        guard !member.subnets.isEmpty || !member.isShared else { return }
        guard router.isHosted(by: node.chassis) else {
            for localnet in router.gateways.compactMap({ $0.localnet(mappedBy: node.bridgeMappings) }) {
                guard let bridge = node.bridgeMappings[localnet.physicalNetwork] else { continue }
                standby[vpn, default: []].insert(ProviderNetwork(bridge: bridge, vlan: localnet.tag))
            }
            return
        }
        // Those that are up first, for what comes in enters by the first; in the order of their names, so that all stays as it is.
        let exits = router.exits(at: node)
        let ordered = exits.filter(\.port.isUp) + exits.filter { !$0.port.isUp }
        guard let (gateway, provider) = ordered.first
        else {
            say(
                vpn, .providerNetworkNotMapped,
                "no provider network of router \(router.name) is mapped to a bridge on chassis \(node.chassis)",
                "map one of them on this node: `ovs-vsctl --if-exists get Open_vSwitch . external_ids:ovn-bridge-mappings` shows the current mappings"
            )
            return
        }
        for family in Set(member.subnets.map(\.family)).sorted(by: { $0.rawValue < $1.rawValue })
        where !router.staticRoutes.isEmpty && !router.hasDefaultRoute(family) {
            say(
                vpn, .routerLacksDefaultRoute,
                "router \(router.name) has no \(family.rawValue) default route: federated traffic cannot leave it",
                "give its external network a gateway address of that family")
        }
        routers.append(
            HostedRouter(
                id: router.id, vpn: vpn, gatewayMAC: gateway.mac, gatewayAddresses: gateway.addresses.map(\.address),
                provider: provider,
                subnets: member.subnets, advertised: member.advertised, connected: Set(router.subnets), isShared: member.isShared,
                refused: member.refused, isGatewayUp: gateway.isUp, lapsed: member.lapsed, down: member.down,
                excluded: member.distributed,
                further: ordered.dropFirst().map { FurtherGateway(mac: $0.port.mac, provider: $0.provider) }))
        sayDistributed(member, vpn)
    }

    /// A machine whose floating IP is translated on its own chassis answers from there, by the floating IP: nothing federated comes back.
    private mutating func sayDistributed(_ member: SelectedRouter, _ vpn: VPNName) {
        guard !member.distributed.isEmpty else { return }
        let machines = member.distributed.sorted().map { prefix in
            let rule = member.router.natRules.first { $0.isDistributed && $0.logical == prefix }
            return "\(prefix.address)" + (rule.map { " (port \($0.logicalPort ?? "unknown"), floating IP \($0.external))" } ?? "")
        }
        problems[vpn, default: []].append(
            Problem(
                code: .distributedFloatingIP,
                message: "\(machines.listed()) of router \(member.router.name) is left out of VPN \(vpn): its floating IP is distributed, "
                    + "so its packets leave on its own chassis and never reach the federation",
                remedy:
                    "let Neutron centralise floating IPs (“enable_distributed_floating_ip = False” in ml2_conf.ini), or take the floating IP "
                    + "off: `openstack floating ip list --router \(ShellText.quoted(member.router.id))`",
                prefixes: Array(member.distributed.sorted().prefix(Self.mostPrefixes))))
    }

    /// Ports that are bound and down: what is not held is not advertised.
    mutating func sayDown() {
        for router in routers {
            let down = router.down.subtracting(router.advertised).sorted()
            guard !down.isEmpty else { continue }
            problems[router.vpn, default: []].append(
                Problem(
                    code: .portDown,
                    message:
                        "\(down.map { "\($0.address)" }.listed()) of router \(router.id) is not advertised: its port is bound to a chassis, "
                        + "but down",
                    remedy:
                        "`ovn-sbctl --columns=logical_port,chassis,up find Port_Binding up=false` shows such ports; check ovn-controller on "
                        + "their chassis: `systemctl status ovn-controller`",
                    prefixes: Array(down.prefix(Self.mostPrefixes))))
        }
    }

    /// As many as a problem lists.
    static let mostPrefixes = 100

    /// Every cloud of a VPN that shares something takes part, whichever of them has it; that none of its routers has it is a mistake.
    private mutating func checkShares(_ vpn: VPNIntent) {
        let shared = zip(vpn.attachments, attachments[vpn.name] ?? []).filter { !$0.0.only.isEmpty && !$0.1.routers.isEmpty }
        guard !shared.isEmpty, shared.allSatisfy({ $0.1.subnets.isEmpty }) else { return }
        let prefixes = Set(shared.flatMap(\.0.only)).sorted().map(\.description).joined(separator: ", ")
        say(
            vpn.name, .shareSelectsNothing, "no router of this cloud has any of \(prefixes), shared into VPN \(vpn.name)",
            "under “shares”, list prefixes of its subnets, or the clouds that have the prefixes: “clouds: […]”")
    }

    /// The ids of the routers that a VPN's attachments select.
    func routers(of vpn: VPNName) -> Set<String> { Set((attachments[vpn] ?? []).flatMap(\.routers)) }

    var attachedRouters: Set<String> { Set(attachments.values.joined().flatMap(\.routers)) }

    mutating func say(_ vpn: VPNName, _ code: ProblemCode, _ message: String, _ remedy: String) {
        problems[vpn, default: []].append(Problem(code: code, message: message, remedy: remedy))
    }
}

extension AttachmentReport {
    fileprivate mutating func take(_ found: SelectedRouter, at node: LocalNode) {
        if !routers.contains(found.router.id) { routers.append(found.router.id) }
        routers.sort()
        subnets = Set(subnets).union(found.subnets).sorted()
        chassis = chassis ?? found.router.speaker
        if found.router.isHosted(by: node.chassis), !hosted.contains(found.router.id) { hosted.append(found.router.id) }
        hosted.sort()
    }
}
