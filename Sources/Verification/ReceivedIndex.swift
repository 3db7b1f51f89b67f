import FederationModel
import NetworkTypes

/// The received routes of one gateway, indexed by prefix, and by prefix and route distinguisher.
///
/// Tenants' addresses overlap: a prefix may have routes of a thousand VPNs, and a lookup for one VPN must not visit all.
struct ReceivedIndex {
    private struct Key: Hashable {
        var prefix: IPPrefix
        var distinguisher: RouteDistinguisher
    }

    private let routes: [ReceivedRoute]
    private var prefixes = Chains<IPPrefix>()
    private var keys = Chains<Key>()
    private var targets: [RouteTarget: [Int]] = [:]

    init(_ routes: [ReceivedRoute]) {
        self.routes = routes
        prefixes.reserve(routes.count)
        keys.reserve(routes.count)
        for (place, route) in routes.enumerated() {
            for target in route.routeTargets { targets[target, default: []].append(place) }
            prefixes.append(route.prefix)
            keys.append(Key(prefix: route.prefix, distinguisher: route.routeDistinguisher))
        }
    }

    /// Whether nothing was received.
    var isEmpty: Bool { routes.isEmpty }

    subscript(prefix: IPPrefix) -> [ReceivedRoute] { prefixes[prefix].map { routes[$0] } }

    subscript(prefix: IPPrefix, distinguisher: RouteDistinguisher) -> [ReceivedRoute] {
        keys[Key(prefix: prefix, distinguisher: distinguisher)].map { routes[$0] }
    }

    /// Routes with at least one of the targets, each once, in order.
    func bearing(_ wanted: Set<RouteTarget>) -> [ReceivedRoute] {
        let found = wanted.compactMap { targets[$0] }
        guard found.count > 1 else { return (found.first ?? []).map { routes[$0] } }
        return Set(found.joined()).sorted().map { routes[$0] }
    }

    /// The number of routes with one of the distinguishers and the next hop.
    func count(_ prefix: IPPrefix, of distinguishers: some Sequence<RouteDistinguisher>, via nextHop: IPAddress) -> Int {
        distinguishers.reduce(0) { sum, distinguisher in
            sum
                + keys[Key(prefix: prefix, distinguisher: distinguisher)].count { routes[$0].nextHop.withoutMapping == nextHop }
        }
    }
}

/// List positions by key, as linked chains instead of an array per key.
private struct Chains<Key: Hashable> {
    private var last: [Key: Int] = [:]
    private var previous: [Int] = []

    mutating func reserve(_ count: Int) {
        last.reserveCapacity(count)
        previous.reserveCapacity(count)
    }

    /// Adds the key of the next position.
    mutating func append(_ key: Key) { previous.append(last.updateValue(previous.count, forKey: key) ?? -1) }

    /// The positions of a key, in order.
    subscript(key: Key) -> [Int] {
        guard var place = last[key] else { return [] }
        var places: [Int] = []
        while place >= 0 {
            places.append(place)
            place = previous[place]
        }
        return places.reversed()
    }
}
