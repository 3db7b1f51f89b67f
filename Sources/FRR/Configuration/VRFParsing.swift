import NetworkTypes

extension VRFStanza {
    /// What runs of the VRF: nil where neither its BGP instance nor one of its filters is there.
    /// - Parameter asn: of the federation's instances; used where only filters are left over.
    package static func parse(_ configuration: RunningConfiguration, vrf: String, asn: ASN) -> Self? {
        var running = installFilterLines(configuration, vrf: vrf)
        for family in AddressFamily.allCases {
            let name = filterName(vrf: vrf, family: family)
            for section in configuration.sections(about: .prefixList(family, name)) {
                running.append(ConfigurationLine(RunningConfiguration.withoutSequenceNumber(section.header)))
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
        stanza.readInstallFilters(running)
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
            guard words[3] == "permit", let prefix = IPPrefix(words[4]), words[2] == Self.filterName(vrf: vrf, family: prefix.family)
            else { return }
            if words[3...].joined(separator: " ") == Self.permission(for: prefix) {
                advertisedSubnets.insert(prefix)
            } else if words.count == 5 {
                advertisedPrefixes.insert(prefix)
            }
        case (let map?, "set", _) where map.hasPrefix("route-map FED-\(vrf)-"):
            if Self.drainage.contains(line.text) { isDraining = true }
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

    /// All that bears the name of an install filter of the VRF: that in use, and what an interruption left of others.
    private static func installFilterLines(_ configuration: RunningConfiguration, vrf: String) -> [ConfigurationLine] {
        var lines: [ConfigurationLine] = []
        for family in AddressFamily.allCases {
            let stem = InstallFilter.stem(vrf: vrf, family: family)
            lines += configuration.sections(about: .prefixList(family, stem)).map { ConfigurationLine(ownSpelling($0.header, family)) }
            for section in configuration.sections(about: .routeMap(stem)) {
                lines.append(ConfigurationLine(section.header))
                lines += section.body
            }
        }
        return lines
    }

    /// An entry of a list of next hops as we write it: FRR's releases differ in how they print an IPv4 address in an IPv6 one.
    private static func ownSpelling(_ header: String, _ family: AddressFamily) -> String {
        let words = header.split(separator: " ").map(String.init)
        guard family == .ipv6, words.count == 7, words[2].hasSuffix(InstallFilter.nextHopList("")),
            let nextHop = InstallContent.nextHop(words[5...], family)
        else { return header }
        return words[..<5].joined(separator: " ") + " " + InstallContent.permission(of: nextHop, family)
    }

    /// Takes the filters that the instance names, by the lists that are named after them.
    private mutating func readInstallFilters(_ running: [ConfigurationLine]) {
        for family in AddressFamily.allCases {
            let context = self.family("\(family) unicast")
            let prefix = "table-map "
            guard let line = running.last(where: { $0.context == context && $0.text.hasPrefix(prefix) }) else { continue }
            let name = String(line.text.dropFirst(prefix.count))
            let lists = Self.lists(running, named: name)
            func nextHops(_ list: String) -> [IPv4Address] { (lists[list] ?? []).compactMap { InstallContent.nextHop($0, family) } }
            installed[family] = InstallContent(
                entries: (lists[name] ?? []).compactMap { try? PrefixRule(parsing: $0.joined(separator: " ")) },
                nextHops: nextHops(InstallFilter.nextHopList(name)),
                defaultNextHops: nextHops(InstallFilter.defaultNextHopList(name)),
                restrictions: Self.restrictions(of: name, lists, family))
        }
    }

    /// Those of a filter, up to the first that is missing or not ours.
    private static func restrictions(
        of name: String, _ lists: [String: [ArraySlice<String>]], _ family: AddressFamily
    ) -> [InstallRestriction] {
        var found: [InstallRestriction] = []
        while true {
            let list = InstallFilter.restrictionList(name, found.count + 1)
            let rules = (lists[list] ?? []).compactMap { try? PrefixRule(parsing: $0.joined(separator: " ")) }
            let nextHops = (lists[InstallFilter.nextHopList(list)] ?? []).compactMap { InstallContent.nextHop($0, family) }
            guard let restriction = InstallRestriction(nextHops: nextHops, refusals: rules, family) else { return found }
            found.append(restriction)
        }
    }

    /// The entries of the prefix lists whose names begin so, in their order, without numbers.
    private static func lists(_ running: [ConfigurationLine], named name: String) -> [String: [ArraySlice<String>]] {
        var lists: [String: [(number: UInt64, words: ArraySlice<String>)]] = [:]
        for line in running where line.context.isEmpty {
            let words = line.text.split(separator: " ").map(String.init)
            guard words.count > 5, words[1] == "prefix-list", words[2].hasPrefix(name), words[3] == "seq", let number = UInt64(words[4])
            else { continue }
            lists[words[2], default: []].append((number, words[5...]))
        }
        return lists.mapValues { entries in entries.sorted { $0.number < $1.number }.map(\.words) }
    }
}
