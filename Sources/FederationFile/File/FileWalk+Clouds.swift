import Federation
import FederationModel
import NetworkTypes

extension FileWalk {
    /// - Parameter probes: The pool of probe addresses; nil: the default.
    mutating func cloud(of item: Item, _ claims: inout Claims, probes: IPPrefix?) -> Cloud? {
        guard let fields = fields(of: item, .cloud) else { return nil }
        var cloud = Cloud()
        if let item = fields["as"], let asn = value(of: item, as: ASN.self) {
            claims.claim(.asn, asn, for: item, in: &self)
            cloud.asn = asn
        }
        if let item = fields["labels"] { cloud.labels = labels(of: item) ?? [:] }
        if let item = fields["drain"] { cloud.isDraining = flag(of: item) ?? false }
        if let item = fields["vxlanFilter"] { cloud.filtersVXLAN = flag(of: item) ?? false }
        if let item = fields["onSouthboundLoss"], let loss = word(of: item, as: SouthboundLoss.self) { cloud.onSouthboundLoss = loss }
        if let item = fields["limits"] { cloud.limits = limits(of: item) ?? CloudLimits() }
        if let item = fields["underlayMTU"] {
            let range = UInt32(Cloud.underlayMTURange.lowerBound)...UInt32(Cloud.underlayMTURange.upperBound)
            cloud.underlayMTU = number(
                of: item, "MTU", in: range,
                remedy: "write the largest packet between VTEPs in bytes (VXLAN uses 50 of them), or omit it for 1500"
            ).map(Int.init)
        }
        if let item = fields["vtepPool"] { cloud.vtepPool = vtepPool(of: item, probes: probes) }
        if let list = fields["gateways"] { cloud.gateways = gateways(of: list, cloud: item, hasPool: fields["vtepPool"] != nil, &claims) }
        let addresses = Set(cloud.gateways.values.compactMap(\.vtep))
        if let item = fields["bgp"] { cloud.bgp = bgp(of: item, ownAddresses: addresses) ?? BGPSettings() }
        return cloud
    }

    private mutating func limits(of item: Item) -> CloudLimits? {
        guard let fields = fields(of: item, .limits) else { return nil }
        let limits = CloudLimits(
            prefixesPerVPN: fields["prefixesPerVPN"].flatMap { prefixCount(of: $0) },
            prefixes: fields["prefixes"].flatMap { prefixCount(of: $0) },
            learnedPerVPN: fields["learnedPerVPN"].flatMap { prefixCount(of: $0, omitted: "\(VPN.defaultMaximumLearned)") },
            learnedPerOrigin: fields["learnedPerOrigin"].flatMap { prefixCount(of: $0, omitted: "\(VPN.defaultMaximumLearnedPerOrigin)") })
        warnIfVain(fields["prefixesPerVPN"], limits.prefixesPerVPN, above: "prefixes", limits.prefixes)
        warnIfVain(fields["learnedPerOrigin"], limits.learnedPerOrigin, above: "learnedPerVPN", limits.learnedPerVPN)
        return limits
    }

    /// A part's limit above that of the whole.
    mutating func warnIfVain(_ item: Item?, _ each: Int?, above whole: String, _ all: Int?) {
        guard let item, let each, let all, each > all else { return }
        let name = item.path.split(separator: ".").last ?? ""
        report(
            .warning, at: item.place, path: item.path, value: String(each),
            reason: "“\(name)” \(each) has no effect: it is above “\(whole)” \(all)",
            remedy: "lower it below “\(whole)”, or omit it")
    }

    /// - Parameter omitted: what holds without it.
    mutating func prefixCount(of item: Item, omitted: String = "no limit") -> Int? {
        number(
            of: item, "number of prefixes", in: 1...UInt32.max, remedy: "write the maximum, or omit it for \(omitted)"
        ).map(Int.init)
    }

    private mutating func vtepPool(of item: Item, probes: IPPrefix?) -> IPPrefix? {
        guard let pool = addressPool(of: item, longest: 32) else { return nil }
        let probes = probes?.numbers ?? Pools().probeAddresses
        if pool.numbers.overlaps(probes) {
            report(
                at: item.place, path: item.path, value: pool.description,
                reason: "\(pool) overlaps the pool of probe addresses, \(IPv4Address(bits: probes.lowerBound)) to "
                    + "\(IPv4Address(bits: probes.upperBound))",
                remedy: "choose another prefix, or change “probeAddresses” under “pools”")
        }
        return pool
    }

    /// `bgp: external` is short for `bgp: {management: external}`.
    private mutating func bgp(of item: Item, ownAddresses: Set<IPAddress>) -> BGPSettings? {
        if item.node.scalar != nil, !item.node.isNothing {
            return word(of: item, as: BGPManagement.self).map { BGPSettings(management: $0) }
        }
        guard let fields = fields(of: item, .bgp) else { return nil }
        var bgp = BGPSettings()
        if let item = fields["management"], let management = word(of: item, as: BGPManagement.self) { bgp.management = management }
        if let item = fields["bfd"] { bgp.failureDetection = flag(of: item) == true ? .bfd : nil }
        if let item = fields["maximumHops"] {
            bgp.maximumHops = number(
                of: item, "number of hops", in: 1...254,
                remedy: "write how many routers the farthest peer is away and one more, or omit it for any number"
            ).map(UInt8.init(clamping:))
        }
        for name in ["bfd", "maximumHops"] where bgp.management == .external {
            guard let item = fields[name] else { continue }
            report(
                at: item.namePlace, path: item.path,
                reason: "“\(name)” is of sessions that the operator manages here (management: external)",
                remedy: "configure it in bgpd, or write “management: agent”")
        }
        let example = "routeServers: [{name: spine, address: 192.0.2.254, as: 65000}]"
        guard let list = fields["routeServers"], let elements = elements(of: list, example: example) else { return bgp }
        var lines: [IPAddress: Int] = [:]
        for element in elements {
            guard let fields = self.fields(of: element, .routeServer) else { continue }
            let name = fields["name"].flatMap { text(of: $0) }
            let asn = fields["as"].flatMap { value(of: $0, as: ASN.self) }
            guard let item = fields["address"], let address = value(of: item, as: IPAddress.self) else { continue }
            if let line = lines.updateValue(item.place.line, forKey: address) {
                report(
                    at: item.place, path: item.path, value: address.description,
                    reason: "route server \(address) appears twice\(otherLine(", first on line", line))", remedy: "keep one of them")
            } else if let purpose = SpecialPurpose(of: address) {
                report(
                    at: item.place, path: item.path, value: address.description,
                    reason: "invalid route server address \(address): \(purpose.words)",
                    remedy: "write its unicast address for EVPN sessions, like 192.0.2.254")
            } else if ownAddresses.contains(address) {
                report(
                    at: item.place, path: item.path, value: address.description,
                    reason: "\(address) is a gateway of the same cloud: a gateway cannot peer with itself",
                    remedy: "write the route server's address")
            } else if let asn {
                bgp.routeServers.append(RouteServer(name: name, address: address, asn: asn))
            }
        }
        return bgp
    }
}
