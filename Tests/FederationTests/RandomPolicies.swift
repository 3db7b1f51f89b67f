import FederationModel
import NetworkTypes

/// Valid graphs with every policy, role, share, filter, limit and label, and valid changes of them.
struct RandomPolicies {
    private var random: SeededGenerator
    /// Addresses and numbers that the file gives, never twice.
    private var nextGiven: UInt32 = 1000

    /// No two VPNs have raw targets that meet.
    var isIsolated = false

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func chance(_ one: Int, in of: Int) -> Bool { Int.random(in: 0..<of, using: &random) < one }
    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    private mutating func some<T>(_ list: [T], atMost count: Int) -> [T] { Array(list.shuffled(using: &random).prefix(number(0...count))) }

    private mutating func given() -> UInt32 {
        nextGiven += 1
        return nextGiven
    }

    mutating func graph() -> FederationGraph {
        var graph = FederationGraph(federation: FederationID(unchecked: "random"))
        for index in 0..<number(1...6) { graph.clouds[Self.cloudName(index)] = cloud(index) }
        for index in 0..<number(1...7) { graph.vpns[Self.vpnName(index)] = vpn(in: graph) }
        for name in graph.vpns.keys.sorted() { share(name, in: &graph) }
        settings(&graph)
        return graph
    }

    static func cloudName(_ index: Int) -> CloudName { CloudName(unchecked: "cloud\(index)") }
    static func vpnName(_ index: Int) -> VPNName { VPNName(unchecked: "vpn\(index)") }

    /// One to three edits of any kind.
    mutating func change(_ graph: inout FederationGraph) {
        for _ in 0..<number(1...3) {
            let vpnIndex = number(0...8)
            let cloudIndex = number(0...6)
            let name = Self.vpnName(vpnIndex)
            let cloud = Self.cloudName(cloudIndex)
            switch number(0...12) {
            case 0: graph.vpns[name] = nil
            case 1, 2: graph.vpns[name] = vpn(in: graph)
            case 3:
                let policy = policy(in: graph)
                graph.vpns[name]?.policy = policy
            case 4: if graph.vpns[name] != nil { share(name, in: &graph) }
            case 5:
                graph.clouds[cloud] = nil
                for name in graph.vpns.keys { graph.vpns[name]?.attachments.removeAll { $0.cloud == cloud } }
            case 6: graph.clouds[cloud] = self.cloud(cloudIndex)
            case 7: graph.clouds[cloud]?.labels = labels()
            case 8: graph.clouds[cloud]?.gateways[NodeName(unchecked: "gw\(number(1...3))")] = gateway()
            case 9:
                graph.clouds[cloud]?.isDraining.toggle()
                graph.clouds[cloud]?.limits = CloudLimits(prefixesPerVPN: number(1...9))
            case 10:
                graph.vpns[name]?.maximumPrefixes = number(1...9)
                graph.vpns[name]?.importFilter = [PrefixRule(.permit, prefix(), le: 32)]
            case 11: settings(&graph)
            default:
                guard let policy = graph.vpns[name]?.policy else { continue }
                let attachments = attachments(in: graph, policy)
                graph.vpns[name]?.attachments = attachments
            }
        }
        // Shares of VPNs that are gone stay out of the file.
        let names = Set(graph.vpns.keys)
        for name in names { graph.vpns[name]?.shares.removeAll { !names.contains($0.to) } }
    }

    private mutating func settings(_ graph: inout FederationGraph) {
        graph.pools = PoolSettings()
        graph.reservations = []
        if chance(1, in: 3) { graph.pools.vnis = 20_000...21_000 }
        if chance(1, in: 3) { graph.pools.routeTargetAdministrator = UInt16(number(64901...64903)) }
        if chance(1, in: 3) { graph.reservations.append(Reservation(values: .vnis(30_000...30_005), reason: "old fabric")) }
    }

    private mutating func labels() -> Labels {
        var labels: Labels = [:]
        if chance(2, in: 3) { labels["region"] = chance(1, in: 2) ? "eu" : "asia" }
        if chance(1, in: 3) { labels["tier"] = "gold" }
        return labels
    }

    private mutating func cloud(_ index: Int) -> Cloud {
        var cloud = Cloud(labels: labels(), isDraining: chance(1, in: 5))
        if chance(1, in: 3) { cloud.asn = ASN(value: 60_000 + given()) }
        if chance(1, in: 3) { cloud.limits = CloudLimits(prefixesPerVPN: number(1...9), prefixes: number(10...99)) }
        if chance(1, in: 3) {
            let server = IPAddress.v4(IPv4Address(bits: 0xac10_0001))
            if let asn = ASN(value: 64_999) { cloud.bgp.routeServers = [RouteServer(address: server, asn: asn)] }
        }
        cloud.vtepPool = IPPrefix(containing: .v4(IPv4Address(bits: 0x0aff_0000 + UInt32(index) << 8)), length: 28)
        for node in 1...number(1...3) { cloud.gateways[NodeName(unchecked: "gw\(node)")] = gateway() }
        return cloud
    }

    private mutating func gateway() -> Gateway {
        Gateway(vtep: chance(1, in: 2) ? .v4(IPv4Address(bits: 0x0a00_0000 + given())) : nil)
    }

    private mutating func prefix() -> IPPrefix {
        IPPrefix(containing: .v4(IPv4Address(bits: 0x0a01_0000 + UInt32(number(0...9)) << 8)), length: 24)
    }

    private mutating func pick(in graph: FederationGraph) -> CloudPick {
        if chance(1, in: 3) { return .labels(chance(1, in: 2) ? ["region": "eu"] : ["region": "asia", "tier": "gold"]) }
        return .cloud(graph.clouds.keys.sorted().randomElement(using: &random) ?? Self.cloudName(0))
    }

    private mutating func policy(in graph: FederationGraph) -> VPNPolicy {
        switch number(0...2) {
        case 0: return .fullMesh
        case 1: return .hubAndSpoke(transit: chance(1, in: 2) ? [prefix()] : [])
        default:
            return .partialMesh(
                (0..<number(0...4)).map { _ in PolicyEdge(from: pick(in: graph), to: pick(in: graph), isOneWay: chance(1, in: 3)) })
        }
    }

    /// Numbers below those of any allocated or given target, so that only raw targets can meet raw ones.
    private mutating func rawTargets(_ own: Int) -> [RouteTarget] {
        guard chance(1, in: 3) else { return [] }
        if isIsolated { return [RouteTarget(.as4(4_200_000_000, UInt16(own)))] }
        let number = UInt16(number(1...4))
        return some(
            [
                RouteTarget(.as2(65010, UInt32(number))), RouteTarget(.ipv4(IPv4Address(bits: 0xc000_0201), number)),
                RouteTarget(.as4(4_200_000_001, number)), RouteTarget(.as4(65010, number)), RouteTarget(.as2(0, UInt32(number))),
            ], atMost: 2)
    }

    private mutating func attachments(in graph: FederationGraph, _ policy: VPNPolicy) -> [Attachment] {
        var attachments: [Attachment] = []
        for cloud in graph.clouds.keys.sorted() where chance(2, in: 3) {
            var roles: [AttachmentRole] = [.member, .member, .member, .importOnly, .exportOnly]
            if policy.pattern == .hubAndSpoke { roles += [.hub, .hub, .spoke] }
            let role = roles.randomElement(using: &random) ?? .member
            for index in 0..<number(1...2) {
                let selector = AttachmentSelector(kind: .router, key: .name, value: "r\(index)")
                attachments.append(
                    Attachment(
                        cloud: cloud, selector: selector, role: role, advertise: chance(1, in: 2) ? .hosts : [.hosts, .subnets],
                        export: chance(1, in: 4) ? [PrefixRule(.permit, prefix())] : []))
            }
        }
        return attachments.shuffled(using: &random)
    }

    private mutating func vpn(in graph: FederationGraph) -> VPN {
        let policy = policy(in: graph)
        let own = Int(given() - 1000)
        var vpn = VPN(
            policy: policy, attachments: attachments(in: graph, policy), importTargets: rawTargets(own), exportTargets: rawTargets(own))
        if chance(1, in: 4) { vpn.vni = VNI(value: 500_000 + given()) }
        if chance(1, in: 4) { vpn.routeTarget = RouteTarget(.as2(65000, given())) }
        if chance(1, in: 4) { vpn.localPreference = UInt32(number(1...300)) }
        if chance(1, in: 4) { vpn.mtu = number(1280...1450) }
        if chance(1, in: 4) { vpn.maximumPrefixes = number(1...9) }
        if chance(1, in: 4) { vpn.exportFilter = [PrefixRule(.deny, prefix()), PrefixRule(.permit, prefix(), le: 32)] }
        return vpn
    }

    private mutating func share(_ name: VPNName, in graph: inout FederationGraph) {
        let others = graph.vpns.keys.filter { $0 != name }.sorted()
        let clouds = graph.clouds.keys.sorted()
        let shares = some(others, atMost: 2).map { other in
            Share(to: other, prefixes: [prefix(), prefix()], clouds: some(clouds, atMost: 2))
        }
        graph.vpns[name]?.shares = shares
    }
}
