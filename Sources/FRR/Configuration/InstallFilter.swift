import NetworkTypes

/// Which of the routes that a VRF learned zebra shall install, of one address family: a `table-map`.
///
/// bgpd has no import filter for EVPN: what carries a route target of the VRF is in its table. This filter stands behind that, in the
/// VRF's own instance, so that it works beside an operator's own sessions too, and one VPN's filter is no other's business.
/// Measured on bgpd 8.4.4: routes imported from EVPN pass it; a table-map that is missing or whose list is missing denies everything.
///
/// The map and its list are named by their content. A changed filter is a new pair, complete before the instance names it, and is in force
/// at once, whole; a changed list under the same name would be so only after the `bgp route-map delay-timer` of 5 seconds.
struct InstallFilter: Hashable, Sendable {
    let vrf: String
    let family: AddressFamily
    /// The first that matches decides; empty: nothing is installed.
    let entries: [PrefixListEntry]

    /// - Parameter entries: those of other families, and those that an earlier one hides, are left out: bgpd refuses some of them.
    init(vrf: String, family: AddressFamily, entries: [PrefixListEntry]) {
        self.vrf = vrf
        self.family = family
        var kept: [PrefixListEntry] = []
        for entry in entries where entry.prefix.family == family {
            if !kept.contains(where: { $0.prefix == entry.prefix && $0.lengths == entry.lengths }) { kept.append(entry) }
        }
        self.entries = kept
    }

    /// What the names of all filters of a VRF and family begin with. No other name of ours has a colon.
    static func stem(vrf: String, family: AddressFamily) -> String { "FED-\(vrf)-\(family == .ipv4 ? "IPV4" : "IPV6")-IN:" }

    var name: String { Self.stem(vrf: vrf, family: family) + Self.digest(entries.map(\.text)) }

    /// The list, then the map.
    var lines: [ConfigurationLine] {
        guard !entries.isEmpty else { return [ConfigurationLine("route-map \(name) deny 10")] }
        let word = family == .ipv4 ? "ip" : "ipv6"
        let list = entries.enumerated().map { position, entry in
            ConfigurationLine("\(word) prefix-list \(name) seq \((position + 1) * 5) \(entry.text)")
        }
        let map = ConfigurationLine("route-map \(name) permit 10")
        return list + [map, ConfigurationLine("match \(word) address prefix-list \(name)", in: map.path)]
    }

    /// What the instance says of it, in its address family.
    var tableMap: String { "table-map \(name)" }

    /// 8 hexadecimal digits that tell contents apart (FNV-1a). Should two ever share them, the list is changed in place.
    static func digest(_ texts: [String]) -> String {
        var hash: UInt32 = 0x811c_9dc5
        for byte in texts.joined(separator: "\n").utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
