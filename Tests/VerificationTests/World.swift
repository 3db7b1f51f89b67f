import Federation
import FederationModel
import NetworkTypes
import Verification

/// A small honest federation in which everything works: what each gateway should do, and reports as its agent would send
/// them. Tests break one thing at a time. Every VPN has the same addresses in the same cloud, as tenants do.
struct World {
    var intents: [GatewayID: GatewayIntent] = [:]
    var observations: [GatewayID: GatewayObservation] = [:]
    /// What agents have acknowledged.
    var records: [GatewayID: [ResourceName: ResourceRecord]] = [:]

    /// The graph's VPNs, where they say more than the intents: anycast, overlaps.
    var vpns: [VPNName: VPN] = [:]

    static let now: Int64 = 1_800_000_000_000

    /// - Parameters:
    ///   - gateways: how many each cloud has; the first hosts the routers, the others stand by.
    ///   - routeServer: sessions go to one, instead of between all gateways.
    ///   - roles: of each cloud in all VPNs; members of a full mesh where they are left out.
    init(
        clouds: [String] = ["paris", "tokyo"], vpns: [String] = ["blue", "red"], gateways: Int = 1, routeServer: Bool = false,
        roles: [String: AttachmentRole] = [:]
    ) {
        let members = clouds.enumerated().flatMap { index, cloud in
            (1...gateways).map { Member(cloud: cloud, index: index + 1, node: $0, role: roles[cloud] ?? .member) }
        }
        for member in members { intents[member.id] = Self.intent(member, members, vpns, routeServer) }
        for member in members {
            records[member.id] = intents[member.id]?.versions.mapValues { ResourceRecord(applied: $0) }
            observations[member.id] = GatewayObservation(
                report: Self.report(member, members, intents), receivedAt: Self.now - 1000, connected: true)
        }
    }

    /// One gateway with the numbers that follow from its place.
    private struct Member {
        var cloud: String
        var index: Int
        var node: Int
        var role: AttachmentRole

        /// One target of the mesh (or of the hubs), and one of the spokes.
        func targets(ofVPN index: Int) -> (imports: [RouteTarget], exports: [RouteTarget]) {
            let mesh = RouteTarget("64900:\(index + 1)")!, spokes = RouteTarget("64900:\(index + 101)")!
            return switch role {
            case .member: ([mesh], [mesh])
            case .hub: ([mesh, spokes], [mesh])
            case .spoke: ([mesh], [spokes])
            case .importOnly: ([mesh], [])
            case .exportOnly: ([], [mesh])
            }
        }

        var id: GatewayID { gateway("\(cloud)/gw\(node)") }
        var asn: ASN { ASN("\(4_200_000_000 + index)")! }
        var vtep: IPv4Address { IPv4Address("10.255.\(index).\(node)")! }
        var mac: MACAddress { MACAddress("02:fe:d0:00:0\(index):0\(node)")! }
        var hosts: Bool { node == 1 }
        /// The ports behind this gateway, of either family.
        var ports: [IPPrefix] { hosts && role != .importOnly ? [prefix("10.\(index).0.11/32"), prefix("fd10:\(index)::11/128")] : [] }
        var subnets: [IPPrefix] { [prefix("10.\(index).0.0/24"), prefix("fd10:\(index)::/64")] }
    }

    private static func intent(_ me: Member, _ all: [Member], _ vpns: [String], _ routeServer: Bool) -> GatewayIntent {
        let peers =
            routeServer
            ? [EVPNPeer(name: "spine", address: IPAddress("10.255.0.254")!, asn: ASN("4200009999")!)]
            : all.filter { $0.id != me.id }.map { EVPNPeer(name: $0.id.description, address: .v4($0.vtep), asn: $0.asn) }
        let base = BaseIntent(
            version: "base-1", asn: me.asn, vtep: me.vtep, routerMAC: me.mac, probeAddress: IPv4Address("172.31.\(me.index).\(me.node)")!,
            management: .agent, peers: peers, underlayMTU: 1500)
        var resources: [VPNName: VPNIntent] = [:]
        for (index, name) in vpns.enumerated() {
            let targets = me.targets(ofVPN: index)
            resources[vpn(name)] = VPNIntent(
                version: "\(name)-1", name: vpn(name), encapsulation: .vxlan(VNI("\(10001 + index)")!),
                routeDistinguisher: RouteDistinguisher("\(me.vtep):\(index + 1)")!, importTargets: targets.imports,
                exportTargets: targets.exports,
                attachments: [AttachmentIntent(selector: .init(kind: .router, key: .name, value: "\(name)-router"))])
        }
        return GatewayIntent(
            federation: FederationID("demo")!, epoch: "epoch", revision: 1, gateway: me.id, base: base, vpns: resources)
    }

    private static func report(_ me: Member, _ all: [Member], _ intents: [GatewayID: GatewayIntent]) -> GatewayReport {
        let intent = intents[me.id]!
        let others = all.filter { $0.cloud != me.cloud }
        var report = GatewayReport(
            base: BaseReport(
                sessions: intent.base.peers.map {
                    PeerSession(address: $0.address, asn: $0.asn, state: "Established", prefixesReceived: 4)
                }))
        for (name, mine) in intent.vpns {
            // bgpd keeps every route that it gets; which it imports is a matter of targets.
            let offered = others.flatMap { other in other.ports.map { (other, $0) } }
            let remote = offered.filter { other, _ in
                !Set(intents[other.id]!.vpns[name]!.exportTargets).isDisjoint(with: mine.importTargets)
            }
            report.received += offered.map { other, prefix in
                ReceivedRoute(
                    prefix: prefix, routeDistinguisher: intents[other.id]!.vpns[name]!.routeDistinguisher, nextHop: .v4(other.vtep),
                    routeTargets: intents[other.id]!.vpns[name]!.exportTargets, routerMAC: other.mac, asPath: [other.asn.value],
                    isValid: true, isBest: true)
            }
            report.vpns[name] = VPNReport(
                name: name,
                attachments: mine.attachments.map {
                    AttachmentReport(
                        selector: $0.selector, routers: ["id-of-\($0.selector.value)"],
                        hosted: me.hosts ? ["id-of-\($0.selector.value)"] : [], chassis: "\(me.cloud)-gw1",
                        subnets: me.subnets)
                },
                effective: EffectiveVPN(
                    encapsulation: mine.encapsulation, routeDistinguisher: mine.routeDistinguisher, importTargets: mine.importTargets,
                    exportTargets: mine.exportTargets, routerMAC: me.mac, isUp: true),
                expected: me.ports, advertised: me.ports,
                imported: remote.map { ImportedRoute(prefix: $1, nextHop: .v4($0.vtep), isBest: true) },
                installed: remote.map { other, prefix in
                    InstalledRoute(
                        prefix: prefix, nextHop: prefix.family == .ipv4 ? .v4(other.vtep) : IPAddress("::ffff:\(other.vtep)")!,
                        tunnelReady: true)
                },
                steered: remote.map(\.1), exempted: remote.map(\.1).filter { $0.family == .ipv4 },
                probes: probes(of: me, to: remote.map(\.0).filter { answers($0, me, intents, name) }),
                probedRouter: mine.attachments.first.map {
                    ProbedRouter(id: "id-of-\($0.selector.value)", families: AddressFamily.allCases, subnets: me.subnets)
                })
        }
        return report
    }

    /// One that learns from the other too has a way back.
    private static func answers(_ other: Member, _ me: Member, _ intents: [GatewayID: GatewayIntent], _ name: VPNName) -> Bool {
        !Set(intents[me.id]!.vpns[name]!.exportTargets).isDisjoint(with: intents[other.id]!.vpns[name]!.importTargets)
    }

    /// In both families, where this gateway and the other have something to be learned.
    private static func probes(of me: Member, to others: [Member]) -> [ProbeReport] {
        guard !me.ports.isEmpty else { return [] }
        let part = ProbeReport.Part(outcome: .returned, since: now - 60_000, isHeard: true)
        return Set(others.map(\.vtep)).sorted().flatMap { vtep in
            AddressFamily.allCases.map { family in
                ProbeReport(
                    vtep: vtep, family: family, small: part, large: part, largeSize: 1450, interval: 1000, roundTrip: 1200,
                    router: .init(small: part, large: part))
            }
        }
    }

    // MARK: Breaking things

    /// Changes what a gateway found in blue with its probes to another.
    mutating func probes(_ id: String, to other: String, _ change: (inout ProbeReport) -> Void) {
        let vtep = intents[gateway(other)]!.base.vtep
        blue(id) { report in
            for place in report.probes.indices where report.probes[place].vtep == vtep { change(&report.probes[place]) }
        }
    }

    /// Packets of blue from one gateway to another are lost, and both have noticed.
    mutating func lose(from: String, to: String, _ size: WritableKeyPath<ProbeReport, ProbeReport.Part> = \.small) {
        for (one, other) in [(from, to), (to, from)] {
            probes(one, to: other) {
                $0[keyPath: size].outcome = .lost
                $0[keyPath: size].since = World.now - 30_000
            }
        }
        probes(to, to: from) { $0[keyPath: size].isHeard = false }
    }

    mutating func intend(_ id: String, _ change: (inout GatewayIntent) -> Void) { change(&intents[gateway(id)]!) }

    mutating func report(_ id: String, _ change: (inout GatewayReport) -> Void) { change(&observations[gateway(id)]!.report) }

    /// Changes the report on VPN blue.
    mutating func blue(_ id: String, _ change: (inout VPNReport) -> Void) { change(&observations[gateway(id)]!.report.vpns[vpn("blue")]!) }

    /// - Parameter record: the latest that the agent said of the resource.
    mutating func acknowledge(_ id: String, _ resource: ResourceName, _ record: ResourceRecord?) {
        records[gateway(id)]?[resource] = record
    }

    /// `origin` advertises one more prefix of blue, and each viewer has it all the way, by `origin` or by whom it prefers.
    mutating func advertise(_ text: String, by origin: String, to viewers: [String], installed: Bool = true) {
        let source = intents[gateway(origin)]!, prefix = prefix(text)
        blue(origin) {
            $0.expected.append(prefix)
            $0.advertised.append(prefix)
        }
        for viewer in viewers {
            report(viewer) {
                $0.received.append(
                    ReceivedRoute(
                        prefix: prefix, routeDistinguisher: source.vpns[vpn("blue")]!.routeDistinguisher, nextHop: .v4(source.base.vtep),
                        routeTargets: source.vpns[vpn("blue")]!.exportTargets, routerMAC: source.base.routerMAC,
                        asPath: [source.base.asn.value], isValid: true, isBest: true))
            }
            blue(viewer) {
                $0.imported.append(ImportedRoute(prefix: prefix, nextHop: .v4(source.base.vtep), isBest: installed))
                guard installed else { return }
                $0.installed.append(InstalledRoute(prefix: prefix, nextHop: .v4(source.base.vtep), tunnelReady: true))
                $0.steered.append(prefix)
                $0.exempted.append(prefix)
            }
        }
    }

    /// `origin` has nothing in blue any more, and nobody has anything of it.
    mutating func withdraw(from origin: String) {
        let source = intents[gateway(origin)]!, distinguisher = source.vpns[vpn("blue")]!.routeDistinguisher
        let vtep = IPAddress.v4(source.base.vtep), prefixes = observations[gateway(origin)]!.report.vpns[vpn("blue")]!.expected
        blue(origin) {
            $0.expected = []
            $0.advertised = []
        }
        for id in observations.keys where id.cloud.text != gateway(origin).cloud.text {
            observations[id]!.report.received.removeAll { $0.routeDistinguisher == distinguisher }
            blue(id.description) {
                $0.imported.removeAll { $0.nextHop == vtep }
                $0.installed.removeAll { prefixes.contains($0.prefix) }
                $0.steered.removeAll { prefixes.contains($0) }
                $0.exempted.removeAll { prefixes.contains($0) }
            }
        }
    }

    /// `origin` does not advertise a prefix of blue that it should, says why, and nobody has it.
    /// - Parameter about: what the problem concerns; nil: the whole.
    mutating func hold(_ text: String, by origin: String, _ code: ProblemCode, about: String? = nil) {
        let held = prefix(text), distinguisher = intents[gateway(origin)]!.vpns[vpn("blue")]!.routeDistinguisher
        blue(origin) {
            $0.advertised.removeAll { $0 == held }
            $0.problems.append(
                Problem(code: code, message: "what is wrong", remedy: "what to do", prefixes: about.map { [prefix($0)] } ?? []))
        }
        for id in observations.keys where id.cloud.text != gateway(origin).cloud.text {
            observations[id]!.report.received.removeAll { $0.routeDistinguisher == distinguisher && $0.prefix == held }
            blue(id.description) {
                $0.imported.removeAll { $0.prefix == held }
                $0.installed.removeAll { $0.prefix == held }
                $0.steered.removeAll { $0 == held }
                $0.exempted.removeAll { $0 == held }
            }
        }
    }

    /// Somebody sends a route into a VPN. bgpd imports it, and the kernel gets it unless the node’s filter holds it.
    mutating func intrude(_ intrusion: Intrusion, in name: String = "blue", at viewers: [String]) {
        for viewer in viewers {
            let id = gateway(viewer), name = vpn(name)
            let targets = intents[id]!.vpns[name]!.importTargets
            observations[id]!.report.received.append(
                ReceivedRoute(
                    prefix: intrusion.prefix, routeDistinguisher: intrusion.distinguisher, nextHop: intrusion.nextHop,
                    routeTargets: targets, routerMAC: MACAddress("02:66:66:66:66:66")!, asPath: [4_200_009_999, intrusion.originAS],
                    isValid: true, isBest: true))
            observations[id]!.report.vpns[name]!.imported.append(
                ImportedRoute(prefix: intrusion.prefix, nextHop: intrusion.nextHop, isBest: true))
            guard intrusion.isInstalled else { continue }
            observations[id]!.report.vpns[name]!.installed.append(
                InstalledRoute(prefix: intrusion.prefix, nextHop: intrusion.nextHop, tunnelReady: true))
            observations[id]!.report.vpns[name]!.steered.append(intrusion.prefix)
        }
    }

    /// Changes each route that a gateway received of blue.
    mutating func blueRoutes(_ id: String, _ change: (inout ReceivedRoute) -> Void) {
        let distinguishers = Set(intents.values.compactMap { $0.vpns[vpn("blue")]?.routeDistinguisher })
        report(id) { report in
            for index in report.received.indices where distinguishers.contains(report.received[index].routeDistinguisher) {
                change(&report.received[index])
            }
        }
    }

    // MARK: Asking

    func verdicts(at time: Int64 = World.now) -> [PairVerdict] {
        verify(intents: intents, vpns: vpns, rollout: Rollout(of: intents, records), observations: observations, now: time)
    }

    /// `lima → paris` of each verdict on a VPN.
    func pairs(_ name: String) -> [String] { verdicts().filter { $0.vpn == vpn(name) }.map { "\($0.origin) → \($0.viewer)" } }

    func verdict(_ name: String, _ origin: String, _ viewer: String, at time: Int64 = World.now) -> PairVerdict? {
        verdicts(at: time).first { $0.vpn == vpn(name) && $0.origin.text == origin && $0.viewer.text == viewer }
    }
}

func vpn(_ text: String) -> VPNName { VPNName(text)! }
func prefix(_ text: String) -> IPPrefix { IPPrefix(text)! }
func target(_ text: String) -> RouteTarget { RouteTarget(text)! }
func gateway(_ text: String) -> GatewayID {
    let parts = text.split(separator: "/")
    return GatewayID(cloud: CloudName(String(parts[0]))!, node: NodeName(String(parts[1]))!)
}
