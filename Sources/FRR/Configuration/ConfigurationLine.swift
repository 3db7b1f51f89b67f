/// One line of FRR configuration, and the blocks around it.
package struct ConfigurationLine: Hashable, Sendable, Codable {
    /// The first lines of the blocks around it, outermost first: `["router bgp 65001", "address-family l2vpn evpn"]`.
    package let context: [String]
    /// Without indentation.
    package let text: String

    package init(_ text: String, in context: [String] = []) {
        self.context = context
        self.text = text
    }

    /// The context of the lines in the block that this one opens.
    var path: [String] { context + [text] }

    /// `router bgp AS`, of no VRF and no view.
    var opensDefaultInstance: Bool {
        guard context.isEmpty, text.hasPrefix("router bgp ") else { return false }
        let words = text.split(separator: " ")
        return !words.contains("vrf") && !words.contains("view")
    }

    /// Whether it is inside the block that `header` opens.
    func isInside(_ header: ConfigurationLine) -> Bool {
        context.count > header.context.count && context.starts(with: header.path)
    }
}

extension ConfigurationLine {
    /// The command that removes the line.
    ///
    /// Mostly `no` and the line as FRR prints it; the exceptions were found on bgpd 8.4.4.
    var negation: String {
        if text.hasPrefix("no ") { return String(text.dropFirst(3)) }
        let words = text.split(separator: " ")
        switch words.first {
        case "description": return "no description"
        case "advertise" where words.count >= 3: return "no " + words[0..<3].joined(separator: " ")
        default: return "no " + text
        }
    }

    /// The setting that the line sets: of two lines with the same slot and context, the later replaces the earlier.
    /// Nil for lines of which there may be many.
    var slot: String? {
        let words = text.split(separator: " ")
        func first(_ count: Int) -> String { words.prefix(count).joined(separator: " ") }
        switch (words.first, words.dropFirst().first) {
        case ("rd", _): return "rd"
        case ("bgp", "router-id"): return "bgp router-id"
        case ("advertise", _): return first(3)
        case ("table-map", _): return "table-map"
        case ("match", "extcommunity"), ("set", _): return first(2)
        case ("network", _): return first(2)
        case ("vni", _): return "vni"
        case ("match", "evpn"), ("match", "ip"), ("match", "ipv6"): return first(3)
        case ("neighbor", _) where words.count >= 3:
            switch words[2] {
            case "remote-as", "description", "update-source", "peer-group", "password": return first(3)
            // One excludes the other.
            case "ebgp-multihop", "ttl-security": return first(2) + " hops"
            case "timers": return words.count > 3 && words[3] == "connect" ? first(4) : first(3)
            case "route-map": return first(3) + " " + (words.last.map(String.init) ?? "")
            default: return nil
            }
        default: return nil
        }
    }

    /// Whether the old line of the same slot must be removed before this one is set. FRR keeps attributes of an old `network` line and
    /// would remove the new one with it; it refuses a second `vni`, and `ttl-security` beside `ebgp-multihop`.
    func comesAfterRemoval(of old: ConfigurationLine) -> Bool {
        if text.hasPrefix("network ") || text.hasPrefix("vni ") { return true }
        guard neighbour != nil, old.neighbour != nil else { return false }
        func keyword(_ line: ConfigurationLine) -> Substring? { line.text.split(separator: " ").dropFirst(2).first }
        return keyword(self) != keyword(old)
    }
}

extension ConfigurationLine {
    /// The neighbour or group of a `[no] neighbor …` line.
    var neighbour: String? {
        let words = text.split(separator: " ")
        if words.count > 1, words[0] == "neighbor" { return String(words[1]) }
        if words.count > 2, words[0] == "no", words[1] == "neighbor" { return String(words[2]) }
        return nil
    }
}
