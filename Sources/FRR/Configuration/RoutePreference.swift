import NetworkTypes

/// The local preference of inbound routes with certain targets (RFC 4271, section 5.1.5).
///
/// A VRF cannot set it on import, so the inbound route-map of the sessions does, with an entry before its last and a list of the targets.
/// Measured on bgpd 8.4.4: a change is in force after the `bgp route-map delay-timer` of 5 seconds, by route refresh, and no route is
/// withdrawn meanwhile; the GRACEFUL_SHUTDOWN community of an eBGP peer overrides it.
package struct RoutePreference: Hashable, Sendable, Codable {
    /// Distinguishes it: the name of the VRF.
    package var name: String
    /// Its sequence number in the route-map, 1…65534. For a route with targets of several, the first decides.
    package var sequence: UInt16
    /// A route with any of these matches. Never empty.
    package var targets: Set<RouteTarget>
    package var localPreference: UInt32

    package init(name: String, sequence: UInt16, targets: Set<RouteTarget>, localPreference: UInt32) {
        self.name = name
        self.sequence = sequence
        self.targets = targets
        self.localPreference = localPreference
    }

    static let listStem = "FED-IN:"
    var list: String { Self.listStem + name }

    var listLines: [ConfigurationLine] {
        targets.sorted().map { ConfigurationLine("bgp extcommunity-list standard \(list) permit rt \($0)") }
    }

    /// The entry of the route-map `map`.
    func entryLines(of map: String) -> [ConfigurationLine] {
        let entry = ConfigurationLine("route-map \(map) permit \(sequence)")
        return [entry]
            + ["match evpn route-type prefix", "match extcommunity \(list)", "set local-preference \(localPreference)"].map {
                ConfigurationLine($0, in: entry.path)
            }
    }

    /// Those that lists and entries make together; what fits nowhere is left out.
    static func read(_ lines: [ConfigurationLine], map: String) -> Set<RoutePreference> {
        var targets: [String: Set<RouteTarget>] = [:]
        var lists: [String: String] = [:]
        var values: [String: UInt32] = [:]
        for line in lines {
            let words = line.text.split(separator: " ").map(String.init)
            switch (line.context.last, words.first, words.count) {
            case (nil, "bgp", 7) where words[1] == "extcommunity-list" && words[4] == "permit" && words[5] == "rt":
                if let target = RouteTarget(words[6]) { targets[words[3], default: []].insert(target) }
            case (let entry?, "match", 3) where words[1] == "extcommunity": lists[entry] = words[2]
            case (let entry?, "set", 3) where words[1] == "local-preference": values[entry] = UInt32(words[2])
            default: continue
            }
        }
        var found: Set<RoutePreference> = []
        for (entry, list) in lists {
            let words = entry.split(separator: " ")
            guard words.count == 4, words[1] == map, words[2] == "permit", let sequence = UInt16(words[3]), list.hasPrefix(listStem),
                let value = values[entry], let targets = targets[list]
            else { continue }
            found.insert(
                RoutePreference(name: String(list.dropFirst(listStem.count)), sequence: sequence, targets: targets, localPreference: value))
        }
        return found
    }
}
