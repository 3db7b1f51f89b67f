import NetworkTypes

/// Which learned routes of a VRF zebra installs, of one address family: a `table-map`.
///
/// bgpd has no import filter for EVPN: every route that carries a route target of the VRF is in its table, whoever attached it. This filter
/// comes after that, in the VRF's own instance, so it also works with sessions of the operator and affects no other VPN. It permits by next
/// hop, then by prefix; the default route has next hops of its own.
/// Measured on bgpd 8.4.4: routes imported from EVPN pass it, each path of several by itself; a table-map that is missing or whose list is
/// missing denies everything; IPv6 routes have the VTEP as `::ffff:A.B.C.D`, and only `match ipv6 next-hop` finds it.
///
/// The map and its lists are named by their content. A changed filter is a new set, complete before the instance names it, and in force at
/// once. A list changed under the same name would be in force only after the `bgp route-map delay-timer` of 5 seconds.
struct InstallFilter: Hashable, Sendable {
    let vrf: String
    let family: AddressFamily
    let content: InstallContent

    /// What the names of all filters of a VRF and family begin with. No other name of ours has a colon.
    static func stem(vrf: String, family: AddressFamily) -> String { "FED-\(vrf)-\(family == .ipv4 ? "IPV4" : "IPV6")-IN:" }

    var name: String { Self.stem(vrf: vrf, family: family) + Self.digest(content.texts(family)) }

    /// Lists beside that of prefixes, which has the map's own name.
    static func restrictionList(_ name: String, _ number: Int) -> String { name + "-NOT\(number)" }
    static func nextHopList(_ name: String) -> String { name + "-VTEP" }
    static func defaultList(_ name: String) -> String { name + "-DEFAULT" }
    static func defaultNextHopList(_ name: String) -> String { name + "-DEFAULT-VTEP" }

    /// The lists, then the map.
    var lines: [ConfigurationLine] {
        let (name, word) = (name, family == .ipv4 ? "ip" : "ipv6")
        var number = 0
        func entries(_ name: String, _ texts: [String]) -> [ConfigurationLine] {
            texts.enumerated().map { ConfigurationLine("\(word) prefix-list \(name) seq \(($0 + 1) * 5) \($1)") }
        }
        var lists: [ConfigurationLine] = []
        var map: [ConfigurationLine] = []
        func add(_ action: PrefixRule.Action, _ prefixes: String, _ nextHops: String) {
            number += 10
            let entry = ConfigurationLine("route-map \(name) \(action.rawValue) \(number)")
            map.append(entry)
            map.append(ConfigurationLine("match \(word) address prefix-list \(prefixes)", in: entry.path))
            map.append(ConfigurationLine("match \(word) next-hop prefix-list \(nextHops)", in: entry.path))
        }
        for (index, restriction) in content.restrictions.enumerated() {
            let list = Self.restrictionList(name, index + 1)
            lists += entries(list, restriction.refusals(family).map(\.description))
            lists += entries(Self.nextHopList(list), restriction.nextHops.map { InstallContent.permission(of: $0, family) })
            add(.deny, list, Self.nextHopList(list))
        }
        if !content.entries.isEmpty {
            lists += entries(name, [InstallContent.denyDefault(family)] + content.entries.map(\.description))
            lists += entries(Self.nextHopList(name), content.nextHops.map { InstallContent.permission(of: $0, family) })
            add(.permit, name, Self.nextHopList(name))
        }
        if !content.defaultNextHops.isEmpty {
            lists += entries(Self.defaultList(name), [InstallContent.permitDefault(family)])
            lists += entries(Self.defaultNextHopList(name), content.defaultNextHops.map { InstallContent.permission(of: $0, family) })
            add(.permit, Self.defaultList(name), Self.defaultNextHopList(name))
        }
        return lists + (map.isEmpty ? [ConfigurationLine("route-map \(name) deny 10")] : map)
    }

    /// What the instance says of it, in its address family.
    var tableMap: String { "table-map \(name)" }

    /// 8 hexadecimal digits that tell contents apart (FNV-1a). Should two ever share them, the lists are changed in place.
    static func digest(_ texts: [String]) -> String {
        var hash: UInt32 = 0x811c_9dc5
        for byte in texts.joined(separator: "\n").utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
