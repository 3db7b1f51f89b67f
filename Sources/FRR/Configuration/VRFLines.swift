import NetworkTypes

extension VRFStanza {
    var instance: [String] { ["router bgp \(asn) vrf \(vrf)"] }
    func family(_ name: String) -> [String] { instance + ["address-family \(name)"] }
    func line(of distinguisher: RouteDistinguisher) -> ConfigurationLine {
        ConfigurationLine("rd \(distinguisher)", in: family("l2vpn evpn"))
    }

    /// What runs (or is to run), in the order in which it is to be set: filters before what names them, and distinguisher and
    /// targets before networks, so that no route ever goes out under automatic ones.
    var lines: [ConfigurationLine] {
        let expected = expectedLines
        if foreign.isEmpty && absent.isEmpty { return expected }
        return expected.filter { !absent.contains($0) } + foreign
    }

    var expectedLines: [ConfigurationLine] {
        var lines: [ConfigurationLine] = []
        for filter in installFilters { lines += filter.lines }
        let families = AddressFamily.allCases.filter { family in
            advertisedSubnets.contains { $0.family == family } || advertisedPrefixes.contains { $0.family == family }
        }
        for family in families {
            let name = Self.filterName(vrf: vrf, family: family)
            let word = family == .ipv4 ? "ip" : "ipv6"
            for subnet in advertisedSubnets.sorted() where subnet.family == family {
                lines.append(ConfigurationLine("\(word) prefix-list \(name) " + Self.permission(for: subnet)))
            }
            for prefix in advertisedPrefixes.sorted() where prefix.family == family {
                lines.append(ConfigurationLine("\(word) prefix-list \(name) permit \(prefix)"))
            }
            let entry = ConfigurationLine("route-map \(name) permit 10")
            lines += [entry, ConfigurationLine("match \(word) address prefix-list \(name)", in: entry.path)]
            if isDraining { lines += Self.drainage.map { ConfigurationLine($0, in: entry.path) } }
        }
        lines.append(ConfigurationLine(instance[0]))
        if let routerID { lines.append(ConfigurationLine("bgp router-id \(routerID)", in: instance)) }
        // Our networks are VM addresses: no route to exactly them is in the VRF's table, and none is needed.
        lines.append(ConfigurationLine("no bgp network import-check", in: instance))
        for filter in installFilters {
            lines.append(ConfigurationLine(filter.tableMap, in: family("\(filter.family) unicast")))
        }
        let evpn = family("l2vpn evpn")
        if let distinguisher { lines.append(line(of: distinguisher)) }
        for target in Self.explicit(importTargets, orElse: Self.importsNothing).sorted() {
            lines.append(ConfigurationLine("route-target import \(target)", in: evpn))
        }
        for target in Self.explicit(exportTargets, orElse: Self.exportsNothing).sorted() {
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

    private var installFilters: [InstallFilter] {
        AddressFamily.allCases.compactMap { family in installed[family].map { InstallFilter(vrf: vrf, family: family, content: $0) } }
    }

    /// The community goes to everybody, the local preference to gateways of the same AS only (RFC 8326, section 4).
    static let drainage = ["set community graceful-shutdown", "set local-preference 0"]

    /// An entry of a prefix list: the subnet and everything in it. FRR refuses `le` with the prefix' own length.
    static func permission(for subnet: IPPrefix) -> String {
        "permit \(subnet)" + (subnet.isHost ? "" : " le \(subnet.family.width)")
    }
}
