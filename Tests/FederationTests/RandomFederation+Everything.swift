import FederationModel
import NetworkTypes

extension RandomFederation {
    /// A graph with everything that a file can say, valid and with texts that YAML makes hard.
    mutating func everything() -> FederationGraph {
        var graph = FederationGraph(federation: FederationID(unchecked: pick(["demo", "no", "007", "1e3", "0x1f", "a.b-c_d"])))
        graph.pools = pools()
        graph.reservations = list(0...5) { $0.reservation() }
        for index in 0..<number(0...6) {
            graph.clouds[CloudName(unchecked: "\(pick(["cloud", "y.", "1e", "0x", "20-"]))\(index)")] = fullCloud(index)
        }
        let names = (0..<number(0...6)).map { index in VPNName(unchecked: pick(["vpn\(index)", "\(index)", "null-\(index)"])) }
        for (index, name) in names.enumerated() { graph.vpns[name] = fullVPN(index, others: names.filter { $0 != name }, graph) }
        return graph
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values[number(0...values.count - 1)] }
    private mutating func maybe<Value>(_ make: (inout Self) -> Value) -> Value? { chance(1, in: 2) ? make(&self) : nil }
    private mutating func list<Value>(_ count: ClosedRange<Int>, _ make: (inout Self) -> Value) -> [Value] {
        (0..<number(count)).map { _ in make(&self) }
    }
    private mutating func distinct<Value: Hashable>(_ count: ClosedRange<Int>, _ make: (inout Self) -> Value) -> [Value] {
        var seen: Set<Value> = []
        return list(count, make).filter { seen.insert($0).inserted }
    }
    private mutating func range(_ bounds: ClosedRange<Int>) -> ClosedRange<UInt32> {
        let (one, two) = (number(bounds), number(bounds))
        return UInt32(min(one, two))...UInt32(max(one, two))
    }

    private mutating func word() -> String {
        pick(["eu", "no", "-", "..", "_", "true", "1", "0x1", "null", "gold", "1e3", "2001-01-01", "a.b", "y"])
    }
    mutating func labels() -> Labels {
        Dictionary(list(0...3) { ($0.word(), $0.word()) }, uniquingKeysWith: { first, _ in first })
    }
    private mutating func text() -> String {
        pick(["old fabric", "no", "3f2a", "007", "a: b", "- x", "\"q\"", "Ünïcode – 😀", "#", "{x}", "~ ", "'"])
    }

    private mutating func pools() -> PoolSettings {
        PoolSettings(
            asns: maybe { $0.range(4_200_000_000...4_294_967_294) }, vnis: maybe { $0.range(1...16_777_215) },
            routeTargetAdministrator: maybe { UInt16($0.number(1...65535)) }, routeTargetNumbers: maybe { $0.range(1...4_294_967_295) },
            probeAddresses: maybe { IPPrefix(containing: .v4(IPv4Address(bits: 0x6440_0000)), length: $0.number(10...30)) },
            quarantine: maybe { Int64($0.pick([0, 1, 999, 1000, 90_000, 3_600_000, 86_400_000, 315_360_000_000])) })
    }

    private mutating func reservation() -> Reservation {
        let values: Reservation.Values =
            switch number(0...4) {
            case 0: .asns(range(30000...50000))
            case 1: .vnis(range(1...99999))
            case 2: .routeTarget(RouteTarget(.as2(65100, UInt32(number(0...4_294_967_295)))))
            case 3: .routerMAC(MACAddress(bits: 0x0600_0000_0000 + UInt64(number(0...0xffff_ffff))))
            default: .address(IPv4Address(bits: 0xc612_0000 + UInt32(number(0...0xffff))))
            }
        return Reservation(values: values, reason: text())
    }

    private mutating func fullCloud(_ index: Int) -> Cloud {
        var cloud = cloud()
        cloud.asn = maybe { _ in ASN(value: 4_100_000_000 + UInt32(index)) } ?? nil
        cloud.labels = labels()
        cloud.isDraining = chance(1, in: 3)
        cloud.filtersVXLAN = chance(1, in: 3)
        if cloud.bgp.management == .agent {
            cloud.bgp.failureDetection = chance(1, in: 3) ? .bfd : nil
            cloud.bgp.maximumHops = maybe { UInt8($0.number(1...254)) }
        }
        if chance(1, in: 2) { cloud.onSouthboundLoss = chance(1, in: 2) ? .keep : .withdraw }
        func limit() -> Int? { maybe { $0.number(1...4_294_967_295) } }
        cloud.limits = CloudLimits(prefixesPerVPN: limit(), prefixes: limit(), learnedPerVPN: limit(), learnedPerOrigin: limit())
        guard chance(1, in: 2) else { return cloud }
        cloud.vtepPool = IPPrefix(containing: .v4(IPv4Address(bits: 0xac14_0000 + UInt32(index) << 8)), length: number(24...32))
        for name in cloud.gateways.keys.sorted() where chance(1, in: 2) { cloud.gateways[name]?.vtep = nil }
        return cloud
    }

    private mutating func fullVPN(_ index: Int, others: [VPNName], _ graph: FederationGraph) -> VPN {
        let clouds = graph.clouds.keys.sorted()
        var vpn = vpn(in: FederationGraph(federation: graph.federation))
        vpn.routeTarget = maybe { $0.target(UInt32(index) + 1) }
        vpn.project = maybe { $0.text() }
        vpn.labels = labels()
        vpn.policy = policy(clouds)
        vpn.attachments = attachments(clouds, vpn.policy.pattern, index)
        vpn.importTargets = distinct(0...3) { $0.target(UInt32($0.number(1...65535))) }
        vpn.exportTargets = distinct(0...3) { $0.target(UInt32($0.number(1...65535))) }
        vpn.importFilter = rules()
        vpn.exportFilter = rules()
        vpn.maximumPrefixes = maybe { $0.number(1...4_294_967_295) }
        vpn.maximumLearned = maybe { $0.number(1...4_294_967_295) }
        vpn.maximumLearnedPerOrigin = maybe { $0.number(1...4_294_967_295) }
        vpn.mtu = maybe { $0.number(VPN.mtuRange) }
        vpn.localPreference = maybe { UInt32($0.number(0...4_294_967_295)) }
        vpn.anycast = distinct(0...2) { $0.tenantPrefix() }
        vpn.allowsOverlap = chance(1, in: 3)
        vpn.externalOrigins = (0..<number(0...2)).map { number in
            RouteOrigin(
                vtep: IPv4Address(bits: 0xc612_0000 + UInt32(number)), asn: ASN(value: 65010 + UInt32(number))!,
                originatesDefault: chance(1, in: 2))
        }
        guard !others.isEmpty else { return vpn }
        // Each VPN shares of its own block only, so that VPNs can share with each other and nothing comes back.
        vpn.shares = list(0...2) { random in
            let prefixes = random.distinct(1...3) { random in
                IPPrefix(
                    containing: .v4(IPv4Address(bits: UInt32(10 + index) << 24 + UInt32(random.number(0...0xff_ffff)))),
                    length: random.number(8...32))
            }
            return Share(
                to: random.pick(others), prefixes: prefixes, clouds: clouds.isEmpty ? [] : random.distinct(0...2) { $0.pick(clouds) })
        }
        return vpn
    }

    /// One of each form; `unique` makes it different from all others.
    private mutating func target(_ unique: UInt32) -> RouteTarget {
        switch number(0...3) {
        case 0: RouteTarget(.as2(UInt16(number(1...64000)), unique))
        case 1: RouteTarget(.ipv4(IPv4Address(bits: 0xc000_0201), UInt16(truncatingIfNeeded: unique)))
        case 2: RouteTarget(.as4(4_200_000_001, UInt16(truncatingIfNeeded: unique)))
        default: RouteTarget(.as4(4_200_000_002, UInt16(truncatingIfNeeded: unique)))
        }
    }

    /// One that a network can have.
    private mutating func tenantPrefix() -> IPPrefix {
        let prefix = prefix(from: 8)
        let block: UInt128 = prefix.family == .ipv4 ? 20 << 24 : 0x2001 << 112
        let rest: UInt128 = prefix.family == .ipv4 ? 0xff_ffff : UInt128.max >> 16
        return IPPrefix(
            containing: IPAddress(family: prefix.family, bits: block | prefix.address.bits & rest), length: prefix.length)
    }

    private mutating func prefix(from shortest: Int) -> IPPrefix {
        let family: AddressFamily = chance(1, in: 3) ? .ipv6 : .ipv4
        let bits = UInt128.random(in: 0...UInt128.max, using: &random)
        return IPPrefix(containing: IPAddress(family: family, bits: bits), length: number(shortest...family.width))
    }

    private mutating func rules() -> [PrefixRule] {
        var seen: [PrefixRule] = []
        for _ in 0..<number(0...4) {
            let prefix = prefix(from: 0)
            let width = prefix.family.width
            let shortest = maybe { $0.number(prefix.length...width) }
            let longest = maybe { $0.number((shortest ?? prefix.length)...width) }
            let rule = PrefixRule(chance(1, in: 2) ? .permit : .deny, prefix, ge: shortest, le: longest)
            if !seen.contains(where: { $0.prefix == rule.prefix && $0.lengths == rule.lengths }) { seen.append(rule) }
        }
        return seen
    }

    private mutating func policy(_ clouds: [CloudName]) -> VPNPolicy {
        switch number(0...2) {
        case 0: return .fullMesh
        case 1: return .hubAndSpoke(transit: distinct(0...3) { $0.tenantPrefix() })
        default:
            var edges: [PolicyEdge] = []
            for _ in 0..<number(0...4) {
                let edge = PolicyEdge(from: cloudPick(clouds), to: cloudPick(clouds), isOneWay: chance(1, in: 2))
                if case .cloud = edge.from, edge.from == edge.to { continue }
                let isNew = !edges.contains { Set([$0.from, $0.to]) == Set([edge.from, edge.to]) }
                if isNew { edges.append(edge) }
            }
            return .partialMesh(edges)
        }
    }

    private mutating func cloudPick(_ clouds: [CloudName]) -> CloudPick {
        if !clouds.isEmpty, chance(1, in: 2) { return .cloud(pick(clouds)) }
        let labels = labels()
        return .labels(labels.isEmpty ? ["region": "eu"] : labels)
    }

    private mutating func attachments(_ clouds: [CloudName], _ pattern: VPNPolicy.Pattern, _ index: Int) -> [Attachment] {
        var attachments: [Attachment] = []
        let roles: [AttachmentRole] = pattern == .hubAndSpoke ? AttachmentRole.allCases : [.member, .importOnly, .exportOnly]
        for cloud in clouds where chance(2, in: 3) {
            let role = attachments.isEmpty && pattern == .hubAndSpoke ? .hub : pick(roles)
            for number in 0..<number(1...2) {
                attachments.append(
                    Attachment(
                        cloud: cloud, selector: selector("\(index).\(number)"), role: role,
                        advertise: Advertisement(rawValue: UInt8(self.number(1...7))), export: rules()))
            }
        }
        return attachments
    }

    private mutating func selector(_ unique: String) -> AttachmentSelector {
        let kind = pick(AttachmentSelector.Kind.allCases)
        switch pick(kind.keys) {
        case .vni: return AttachmentSelector(kind: kind, key: .vni, value: "\(number(1...16_777_215))")
        case .name:
            let project = kind != .bgpvpn && number(0...1) == 0 ? nil : "598e0a38b7e1411095797a01997ba\(number(100...999))"
            return AttachmentSelector(kind: kind, key: .name, value: text() + unique, project: project)
        case .id:
            let digits = String(UInt64(number(0x1000_0000_0000...0xffff_ffff_ffff)), radix: 16)
            return AttachmentSelector(kind: kind, key: .id, value: "0f8fad5b-d9cb-469f-a165-\(digits)")
        case .label: return AttachmentSelector(kind: kind, key: .label, value: "ovn-federation=\(text())\(unique)")
        }
    }
}
