import NetworkTypes

/// The BGP instance of one VRF as the federation wants it, or as it runs: everything in bgpd that is this VRF's and ours.
///
/// The whole of `router bgp AS vrf NAME` is ours, and the two filters named after the VRF. What is found there and is not ours
/// (a hand-typed `redistribute kernel` leaks the unreachable default into every cloud) stands in `foreign`, and `changes` removes it.
package struct VRFStanza: Hashable, Sendable {
    package var asn: ASN
    package var vrf: String
    /// Nil only as parsed, where it is missing.
    package var routerID: IPv4Address?
    /// Nil only as parsed, where it is missing and FRR makes one up.
    package var distinguisher: RouteDistinguisher?
    /// Empty means that nothing is imported. See `VRFStanza.importsNothing`.
    package var importTargets: Set<RouteTarget>
    /// Empty means that nothing outside imports what is exported.
    package var exportTargets: Set<RouteTarget>
    /// The routes that this VRF originates, of both families.
    package var networks: Set<IPPrefix>
    /// The subnets whose routes may be advertised: the subnet itself and anything inside. A family without a subnet is not advertised.
    package var advertisedSubnets: Set<IPPrefix>

    /// As parsed: lines that run and that the fields above do not account for.
    package private(set) var foreign: [ConfigurationLine] = []
    /// As parsed: lines that the fields above call for and that do not run.
    package private(set) var absent: Set<ConfigurationLine> = []

    package init(
        asn: ASN, vrf: String, routerID: IPv4Address, distinguisher: RouteDistinguisher,
        importTargets: Set<RouteTarget>, exportTargets: Set<RouteTarget>,
        networks: Set<IPPrefix> = [], advertisedSubnets: Set<IPPrefix> = []
    ) {
        self.asn = asn
        self.vrf = vrf
        self.routerID = routerID
        self.distinguisher = distinguisher
        self.importTargets = importTargets
        self.exportTargets = exportTargets
        self.networks = networks
        self.advertisedSubnets = advertisedSubnets
    }

    private init(asn: ASN, vrf: String) {
        self.asn = asn
        self.vrf = vrf
        importTargets = []
        exportTargets = []
        networks = []
        advertisedSubnets = []
    }

    /// The name of the prefix list and of the route-map that keep a VRF's advertisements to its subnets.
    package static func filterName(vrf: String, family: AddressFamily) -> String {
        "FED-\(vrf)-\(family == .ipv4 ? "IPV4" : "IPV6")"
    }

    /// Stand for an empty set: without an explicit target FRR takes the automatic one, which imports `*:VNI` from every AS.
    /// AS 65535 is nobody's (RFC 7300), and the two differ, so that nobody imports what nobody should.
    package static let importsNothing = RouteTarget(.as2(65535, 4_294_967_295))
    package static let exportsNothing = RouteTarget(.as2(65535, 4_294_967_294))

    /// The configuration as text, as FRR would run it.
    package var render: [String] { ConfigurationScript(from: [], to: lines).lines }

    /// The lines that lead from one state to the other, nothing more; none when nothing is to do.
    ///
    /// To nil takes the instance and its filters away. FRR refuses that while the VRF has a VNI (`Please unconfigure l3vni`),
    /// and 8.4.4 may crash when the two come close: remove the VNI first (`ZebraVRFStanza`), wait until
    /// `show bgp l2vpn evpn vni` has forgotten it, then apply this.
    package static func changes(from running: Self?, to wanted: Self?) -> [String] {
        if let running, let wanted, running.asn != wanted.asn {
            // FRR changes no instance's AS.
            return changes(from: running, to: nil) + changes(from: nil, to: wanted)
        }
        var script = ConfigurationScript(from: running?.lines ?? [], to: wanted?.lines ?? [])
        if let wanted, let distinguisher = wanted.distinguisher, running?.distinguisher == nil {
            // bgpd 8.4.4 takes `rd` for a repetition when it equals the automatic one (ROUTER-ID:n, n counting up from 1): it answers ok,
            // does not mark it as configured, and later derives another. A first `rd` that cannot be the automatic one prevents that.
            script.precede(wanted.line(of: distinguisher), with: wanted.line(of: Self.otherDistinguisher))
        }
        return script.lines
    }

    private static let otherDistinguisher = RouteDistinguisher(.as2(65535, 65535))
}

extension VRFStanza {
    private var instance: [String] { ["router bgp \(asn) vrf \(vrf)"] }
    private func family(_ name: String) -> [String] { instance + ["address-family \(name)"] }
    private func line(of distinguisher: RouteDistinguisher) -> ConfigurationLine {
        ConfigurationLine("rd \(distinguisher)", in: family("l2vpn evpn"))
    }

    /// What runs (or is to run), in the order in which it is to be set: filters before what names them, and distinguisher and
    /// targets before networks, so that no route ever goes out under automatic ones.
    var lines: [ConfigurationLine] {
        let expected = expectedLines
        if foreign.isEmpty && absent.isEmpty { return expected }
        return expected.filter { !absent.contains($0) } + foreign
    }

    private var expectedLines: [ConfigurationLine] {
        var lines: [ConfigurationLine] = []
        let families = AddressFamily.allCases.filter { family in advertisedSubnets.contains { $0.family == family } }
        for family in families {
            let name = Self.filterName(vrf: vrf, family: family)
            let word = family == .ipv4 ? "ip" : "ipv6"
            for subnet in advertisedSubnets.sorted() where subnet.family == family {
                lines.append(ConfigurationLine("\(word) prefix-list \(name) " + Self.permission(for: subnet)))
            }
            let entry = ConfigurationLine("route-map \(name) permit 10")
            lines += [entry, ConfigurationLine("match \(word) address prefix-list \(name)", in: entry.path)]
        }
        lines.append(ConfigurationLine(instance[0]))
        if let routerID { lines.append(ConfigurationLine("bgp router-id \(routerID)", in: instance)) }
        // Our networks are VM addresses: no route to exactly them is in the VRF's table, and none is needed.
        lines.append(ConfigurationLine("no bgp network import-check", in: instance))
        let evpn = family("l2vpn evpn")
        if let distinguisher { lines.append(line(of: distinguisher)) }
        for target in importTargets.isEmpty ? [Self.importsNothing] : importTargets.sorted() {
            lines.append(ConfigurationLine("route-target import \(target)", in: evpn))
        }
        for target in exportTargets.isEmpty ? [Self.exportsNothing] : exportTargets.sorted() {
            lines.append(ConfigurationLine("route-target export \(target)", in: evpn))
        }
        for family in families {
            let name = Self.filterName(vrf: vrf, family: family)
            lines.append(ConfigurationLine("advertise \(family) unicast route-map \(name)", in: evpn))
        }
        for network in networks.sorted() {
            lines.append(ConfigurationLine("network \(network)", in: family("\(network.family) unicast")))
        }
        return lines
    }

    /// An entry of a prefix list: the subnet and everything in it. FRR refuses `le` with the prefix' own length.
    private static func permission(for subnet: IPPrefix) -> String {
        "permit \(subnet)" + (subnet.isHost ? "" : " le \(subnet.family.width)")
    }
}

extension VRFStanza {
    /// What runs of the VRF: nil where neither its BGP instance nor one of its filters is there.
    /// - Parameter asn: of the federation's instances; used where only filters are left over.
    package static func parse(_ configuration: RunningConfiguration, vrf: String, asn: ASN) -> Self? {
        var running: [ConfigurationLine] = []
        for family in AddressFamily.allCases {
            let name = filterName(vrf: vrf, family: family)
            for section in configuration.sections(about: .prefixList(family, name)) {
                running.append(ConfigurationLine(withoutSequenceNumber(section.header)))
            }
        }
        for family in AddressFamily.allCases {
            for section in configuration.sections(about: .routeMap(filterName(vrf: vrf, family: family))) {
                running.append(ConfigurationLine(section.header))
                running += section.body
            }
        }
        var stanza = VRFStanza(asn: asn, vrf: vrf)
        for section in configuration.sections(about: .bgp(vrf: vrf)) {
            stanza.asn = RunningConfiguration.asn(of: section.header) ?? asn
            // The header in our own spelling, whatever words a later release adds to it.
            running.append(ConfigurationLine(stanza.instance[0]))
            for line in section.body where !line.text.hasPrefix("address-family ") {
                running.append(ConfigurationLine(line.text, in: stanza.instance + line.context.dropFirst()))
            }
        }
        guard !running.isEmpty else { return nil }
        for line in running { stanza.read(line) }
        stanza.importTargets.remove(importsNothing)
        stanza.exportTargets.remove(exportsNothing)
        let expected = stanza.expectedLines
        let accounted = Set(expected)
        stanza.foreign = running.filter { !accounted.contains($0) }
        stanza.absent = accounted.subtracting(running)
        return stanza
    }

    /// Takes what one line says into the fields. Lines that are misplaced or unknown say nothing, and end up as foreign.
    private mutating func read(_ line: ConfigurationLine) {
        let words = line.text.split(separator: " ").map(String.init)
        switch (line.context.last, words.first, words.count) {
        case (nil, "ip", 5...), (nil, "ipv6", 5...):
            guard words[3] == "permit", let subnet = IPPrefix(words[4]) else { return }
            if words[3...].joined(separator: " ") == Self.permission(for: subnet) { advertisedSubnets.insert(subnet) }
        case ("address-family l2vpn evpn", "rd", 2):
            distinguisher = RouteDistinguisher(words[1])
        case ("address-family l2vpn evpn", "route-target", 3):
            guard let target = RouteTarget(words[2]) else { return }
            if words[1] == "import" { importTargets.insert(target) }
            if words[1] == "export" { exportTargets.insert(target) }
        case ("address-family ipv4 unicast", "network", 2), ("address-family ipv6 unicast", "network", 2):
            if let network = IPPrefix(words[1]) { networks.insert(network) }
        case (instance[0], "bgp", 3) where words[1] == "router-id":
            routerID = IPv4Address(words[2])
        default: return
        }
    }

    /// `ip prefix-list NAME seq 5 permit …` without `seq 5`: all entries permit, so that their order says nothing,
    /// and FRR finds an entry to remove without its number.
    private static func withoutSequenceNumber(_ header: String) -> String {
        var words = header.split(separator: " ")
        if words.count > 5, words[3] == "seq" { words.removeSubrange(3...4) }
        return words.joined(separator: " ")
    }
}
