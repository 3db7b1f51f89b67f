import NetworkTypes

/// The extended communities of an EVPN route as FRR prints them: `RT:64900:1001 ET:8 Rmac:02:10:01:00:00:01`.
struct ExtendedCommunities: Hashable, Sendable {
    var targets: [RouteTarget] = []
    var routerMAC: MACAddress?

    init() {}

    /// Words of other kinds (encapsulation, mobility, site of origin) are passed over.
    init(parsing text: String) {
        for word in text.split(separator: " ") {
            if word.hasPrefix("RT:") {
                if let target = RouteTarget(String(word.dropFirst(3))) { targets.append(target) }
            } else if word.hasPrefix("Rmac:") {
                routerMAC = MACAddress(String(word.dropFirst(5)))
            }
        }
        targets.sort()
    }
}

/// Route targets as bgpd shows them. What is none in our sense (a wildcard `*:1001`, in FRR 8.5 and later) is kept as text:
/// it is never what the federation asked for.
package struct ShownRouteTargets: Hashable, Sendable, Codable {
    package var targets: Set<RouteTarget> = []
    package var others: Set<String> = []

    package init(targets: Set<RouteTarget> = [], others: Set<String> = []) {
        self.targets = targets
        self.others = others
    }

    init(parsing texts: [String]) {
        for text in texts {
            if let target = RouteTarget(text) { targets.insert(target) } else { others.insert(text) }
        }
    }

    /// All of them; a wildcard (`*:1001`) in the form that FRR makes of it, with the AS 0. What is no target at all is left out.
    package var all: Set<RouteTarget> { targets.union(others.compactMap(Self.wildcard)) }

    /// How many are no target at all.
    package var unreadable: Int { others.count { Self.wildcard($0) == nil } }

    /// One as bgpd prints it, be it a wildcard.
    package static func target(shown text: String) -> RouteTarget? { RouteTarget(text) ?? wildcard(text) }

    private static func wildcard(_ text: String) -> RouteTarget? {
        text.hasPrefix("*:") ? UInt32(text.dropFirst(2)).map(RouteTarget.any) : nil
    }

    /// Exactly these, and nothing else: what an explicit configuration must come out as.
    package func isExactly(_ wanted: Set<RouteTarget>) -> Bool { others.isEmpty && targets == wanted }
}
