import Federation
import FederationModel
import NetworkTypes
import Verification

/// SplitMix64: the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// A federation of random shape that the compiler made, and the reports of gateways that all do what they are told.
struct HonestFederation {
    var random: SeededGenerator
    var graph = FederationGraph(federation: FederationID("random")!)
    var intents: [GatewayID: GatewayIntent] = [:]
    var observations: [GatewayID: GatewayObservation] = [:]

    static let now: Int64 = 1_800_000_000_000

    /// - Parameters:
    ///   - seed: the same federation for the same one.
    ///   - isCrowded: three VPNs or more, of which two share into a third, and raw targets for other fabrics.
    init(seed: UInt64, isCrowded: Bool = false) throws {
        random = SeededGenerator(seed: seed)
        makeClouds()
        makeVPNs(isCrowded ? 3...5 : 1...4)
        if isCrowded { crowd() }
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        intents = try Compilation(graph, with: ledger, epoch: "e", revision: 1).intents
        changeVNIs()
        report()
    }

    mutating func chance(_ one: Int, in of: Int) -> Bool { Int.random(in: 0..<of, using: &random) < one }
    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    func verdicts() -> [PairVerdict] {
        let records = intents.mapValues { $0.versions.mapValues { ResourceRecord(applied: $0) } }
        return verify(
            intents: intents, vpns: graph.vpns, rollout: Rollout(of: intents, records), observations: observations, now: Self.now)
    }

    // MARK: What is to be

    private mutating func makeClouds() {
        let servers = chance(1, in: 2) ? [RouteServer(name: "spine", address: IPAddress("10.255.0.254")!, asn: ASN("4200009999")!)] : []
        for index in 1...number(2...5) {
            var cloud = Cloud(bgp: BGPSettings(routeServers: servers), isDraining: chance(1, in: 5))
            for node in 1...number(1...2) {
                cloud.gateways[NodeName("gw\(node)")!] = Gateway(vtep: IPv4Address("10.255.\(index).\(node)")!)
            }
            graph.clouds[CloudName("c\(index)")!] = cloud
        }
    }

    private mutating func makeVPNs(_ count: ClosedRange<Int>) {
        let clouds = graph.clouds.keys.sorted()
        for index in 1...number(count) {
            var vpn = VPN(allowsOverlap: chance(1, in: 4))
            let members = clouds.filter { _ in chance(3, in: 4) }
            switch number(0...3) {
            case 0 where members.count > 1:
                vpn.policy = .hubAndSpoke(transit: chance(1, in: 2) ? [prefix("0.0.0.0/0"), prefix("10.0.0.0/8")] : [])
            case 1 where members.count > 1:
                vpn.policy = .partialMesh([PolicyEdge(from: .cloud(members[0]), to: .cloud(members[1]), isOneWay: chance(1, in: 2))])
            default: break
            }
            for (place, cloud) in members.enumerated() {
                var role = AttachmentRole.member
                if case .hubAndSpoke = vpn.policy { role = place == 0 ? .hub : .spoke }
                if role == .member, chance(1, in: 6) { role = chance(1, in: 2) ? .importOnly : .exportOnly }
                vpn.attachments.append(
                    Attachment(cloud: cloud, selector: .init(kind: .router, key: .name, value: "r\(index)"), role: role))
            }
            graph.vpns[VPNName("v\(index)")!] = vpn
        }
        // One shares a machine of its into another.
        if graph.vpns.count > 1, chance(1, in: 2) {
            graph.vpns[VPNName("v1")!]!.shares = [Share(to: VPNName("v2")!, prefixes: [prefix("10.1.1.11/32")])]
        }
    }

    /// v1 and v3 share into v2, and some export to another fabric.
    private mutating func crowd() {
        for sharer in ["v1", "v3"] where chance(3, in: 4) {
            graph.vpns[VPNName(sharer)!]!.shares = [Share(to: VPNName("v2")!, prefixes: [prefix("10.1.1.1\(sharer.dropFirst())/32")])]
        }
        // Guests of one only, and of the other.
        if chance(1, in: 2) {
            for (name, keep) in [("v1", 0), ("v3", 1)] {
                let all = graph.vpns[VPNName(name)!]!.attachments
                graph.vpns[VPNName(name)!]!.attachments = all.enumerated().filter { all.count < 2 || $0.offset % 2 == keep }.map(\.element)
            }
            graph.vpns[VPNName("v2")!]!.attachments.removeAll { $0.cloud.text != "c1" && $0.cloud.text != "c5" }
        }
        for (place, name) in graph.vpns.keys.sorted().enumerated() where chance(1, in: 3) {
            graph.vpns[name]!.exportTargets = [RouteTarget("64512:\(900 + place)")!]
        }
    }

    /// The VNI of some VPNs is changing: they have two of everything.
    private mutating func changeVNIs() {
        for (place, name) in graph.vpns.keys.sorted().enumerated() where chance(1, in: 3) {
            for (number, id) in intents.keys.sorted().enumerated() where intents[id]!.vpns[name] != nil {
                let own = intents[id]!.vpns[name]!
                func other(_ targets: [RouteTarget]) -> [RouteTarget] {
                    targets.map { target in RouteTarget("64999:\(target.localNumber)")! }
                }
                intents[id]!.vpns[name]!.secondary = Binding(
                    encapsulation: .vxlan(VNI("\(700_000 + place)")!),
                    routeDistinguisher: RouteDistinguisher("10.254.\(number).1:\(60_000 + place)")!,
                    importTargets: other(own.importTargets), exportTargets: other(own.exportTargets))
            }
        }
    }

    // MARK: What is

    private mutating func report() {
        for id in intents.keys.sorted() {
            let intent = intents[id]!
            var report = GatewayReport(base: BaseReport())
            for (name, vpn) in intent.vpns.sorted(by: { $0.key < $1.key }) {
                let expected = prefixes(of: vpn, at: id)
                report.vpns[name] = VPNReport(
                    name: name,
                    attachments: vpn.attachments.map {
                        AttachmentReport(selector: $0.selector, routers: ["r"], hosted: id.node.text == "gw1" ? ["r"] : [], chassis: "c")
                    },
                    effective: EffectiveVPN(
                        encapsulation: vpn.encapsulation, routeDistinguisher: vpn.routeDistinguisher, importTargets: vpn.importTargets,
                        exportTargets: vpn.exportTargets, routerMAC: intent.base.routerMAC, isUp: true),
                    secondaryEffective: vpn.secondary.map {
                        EffectiveVPN(
                            encapsulation: $0.encapsulation, routeDistinguisher: $0.routeDistinguisher, importTargets: $0.importTargets,
                            exportTargets: $0.exportTargets, routerMAC: intent.base.routerMAC, isUp: true)
                    },
                    expected: expected, advertised: expected)
            }
            report.base.foreignVRFs = ForeignVRFs()
            observations[id] = GatewayObservation(report: report, receivedAt: Self.now - 1000, connected: true)
        }
        for id in intents.keys.sorted() { learn(id) }
    }

    private mutating func prefixes(of vpn: VPNIntent, at id: GatewayID) -> [IPPrefix] {
        guard !vpn.exportTargets.isEmpty else { return [] }
        var found = Set(vpn.originated)
        for attachment in vpn.attachments where id.node.text == "gw1" {
            // Extra routes and subnets beside hosts.
            let own =
                [11, 12, 13].map { prefix("10.\(id.cloud.text.dropFirst()).1.\($0)/32") } + [prefix("172.16.0.0/12"), prefix("fd00::/64")]
            found.formUnion(attachment.only.isEmpty ? own.filter { _ in chance(1, in: 2) } : attachment.only)
        }
        return found.sorted()
    }

    /// Whatever others advertise is received, and goes into the VRFs whose targets it bears.
    private mutating func learn(_ id: GatewayID) {
        for (other, intent) in intents.sorted(by: { $0.key < $1.key }) where other.cloud != id.cloud {
            for (name, vpn) in intent.vpns.sorted(by: { $0.key < $1.key }) {
                for (binding, prefix) in vpn.bindings.flatMap({ binding in
                    observations[other]!.report.vpns[name]!.advertised.map { (binding, $0) }
                }) {
                    receive(
                        ReceivedRoute(
                            prefix: prefix, routeDistinguisher: binding.routeDistinguisher, nextHop: .v4(intent.base.vtep),
                            routeTargets: binding.exportTargets, routerMAC: intent.base.routerMAC, asPath: [intent.base.asn.value],
                            isValid: true, isBest: true), at: id)
                }
            }
        }
    }

    mutating func receive(_ route: ReceivedRoute, at id: GatewayID) {
        observations[id]!.report.received.append(route)
        for (name, vpn) in intents[id]!.vpns where !Set(vpn.importTargets).isDisjoint(with: route.routeTargets) {
            observations[id]!.report.vpns[name]!.imported.append(ImportedRoute(prefix: route.prefix, nextHop: route.nextHop, isBest: true))
            if chance(3, in: 4) {
                observations[id]!.report.vpns[name]!.installed.append(
                    InstalledRoute(prefix: route.prefix, nextHop: route.nextHop, tunnelReady: true))
            }
        }
    }

    /// Prefixes come and go, and reports are read at different moments.
    mutating func churn() {
        for id in observations.keys.sorted() {
            for name in observations[id]!.report.vpns.keys.sorted() where chance(1, in: 2) {
                let before = observations[id]!.report.vpns[name]!
                var after = before
                if let gone = after.expected.randomElement(using: &random) {
                    after.expected.removeAll { $0 == gone }
                    after.advertised.removeAll { $0 == gone }
                }
                observations[id]!.report.vpns[name] = after
                observations[id]!.moments.tell(after, after: before, at: Self.now - Int64(number(0...14_999)))
            }
            if chance(1, in: 6) { observations[id]!.receivedAt = 0 }
            if chance(1, in: 8) { observations[id] = nil }
        }
    }
}
