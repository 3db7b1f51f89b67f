import FederationModel
import NetworkTypes

/// The received routes of one gateway, indexed by prefix, and by prefix and route distinguisher.
///
/// Tenants' addresses overlap: a prefix may have routes of a thousand VPNs, and a lookup for one VPN must not visit all.
/// Routes come and go one by one; what a lookup returns does not depend on the order in which they came.
struct ReceivedIndex: Sendable {
    private struct Key: Hashable {
        var prefix: IPPrefix
        var distinguisher: RouteDistinguisher
    }

    /// Nil where one was removed.
    private var routes: [ReceivedRoute?] = []
    private var vacant: [Int] = []
    private var prefixes = Chains<IPPrefix>()
    private var keys = Chains<Key>()
    private var targets: [RouteTarget: Set<Int>] = [:]
    /// Those that arrived a moment ago.
    var moments: ReceivedMoments

    init(_ all: [ReceivedRoute] = [], moments: ReceivedMoments = ReceivedMoments()) {
        self.moments = moments
        routes.reserveCapacity(all.count)
        prefixes.reserve(all.count)
        keys.reserve(all.count)
        for route in all { insert(route) }
    }

    mutating func insert(_ route: ReceivedRoute) {
        let place = vacant.popLast() ?? routes.count
        if place == routes.count { routes.append(route) } else { routes[place] = route }
        for target in route.routeTargets { targets[target, default: []].insert(place) }
        prefixes.insert(place, under: route.prefix)
        keys.insert(place, under: Key(prefix: route.prefix, distinguisher: route.routeDistinguisher))
    }

    /// Removes one route that equals this one.
    mutating func remove(_ route: ReceivedRoute) {
        let key = Key(prefix: route.prefix, distinguisher: route.routeDistinguisher)
        guard let place = keys.first(of: key, where: { routes[$0] == route }) else { return }
        routes[place] = nil
        vacant.append(place)
        for target in route.routeTargets {
            targets[target]?.remove(place)
            if targets[target]?.isEmpty == true { targets[target] = nil }
        }
        prefixes.remove(place, under: route.prefix)
        keys.remove(place, under: key)
    }

    /// Whether nothing was received.
    var isEmpty: Bool { routes.count == vacant.count }

    /// All of them, in no order.
    var all: [ReceivedRoute] { routes.compactMap(\.self) }

    /// Sorted.
    subscript(prefix: IPPrefix) -> [ReceivedRoute] { sorted(prefixes[prefix]) }

    /// Sorted.
    subscript(prefix: IPPrefix, distinguisher: RouteDistinguisher) -> [ReceivedRoute] {
        sorted(keys[Key(prefix: prefix, distinguisher: distinguisher)])
    }

    /// Whether any route of the prefix leads there, whatever VPN it is of.
    func has(_ prefix: IPPrefix, via nextHop: IPAddress) -> Bool {
        prefixes.first(of: prefix) { routes[$0]?.nextHop.withoutMapping == nextHop } != nil
    }

    /// Routes with at least one of the targets, each once, in no order.
    func bearing(_ wanted: Set<RouteTarget>) -> [ReceivedRoute] {
        let found = wanted.compactMap { targets[$0] }
        guard found.count > 1 else { return (found.first ?? []).compactMap { routes[$0] } }
        return Set(found.joined()).compactMap { routes[$0] }
    }

    /// The number of routes with one of the distinguishers and the next hop.
    func count(_ prefix: IPPrefix, of distinguishers: some Sequence<RouteDistinguisher>, via nextHop: IPAddress) -> Int {
        distinguishers.reduce(0) { sum, distinguisher in
            sum
                + keys.count(of: Key(prefix: prefix, distinguisher: distinguisher)) { routes[$0]?.nextHop.withoutMapping == nextHop }
        }
    }

    private func sorted(_ places: [Int]) -> [ReceivedRoute] {
        let found = places.compactMap { routes[$0] }
        return found.count > 1 ? found.sorted { $0.precedes($1) } : found
    }
}

extension ReceivedRoute {
    /// An order of all routes: evidence must not depend on which came first.
    func precedes(_ other: ReceivedRoute) -> Bool {
        if prefix != other.prefix { return prefix < other.prefix }
        if routeDistinguisher != other.routeDistinguisher { return routeDistinguisher < other.routeDistinguisher }
        if nextHop != other.nextHop { return nextHop < other.nextHop }
        if asPath != other.asPath { return asPath.lexicographicallyPrecedes(other.asPath) }
        if routeTargets != other.routeTargets { return routeTargets.lexicographicallyPrecedes(other.routeTargets) }
        if routerMAC != other.routerMAC { return (routerMAC?.bits ?? 0) < (other.routerMAC?.bits ?? 0) }
        return (isValid ? 0 : 1, isBest ? 0 : 1) < (other.isValid ? 0 : 1, other.isBest ? 0 : 1)
    }
}

/// Places of a list by key, as linked chains instead of an array per key.
private struct Chains<Key: Hashable & Sendable>: Sendable {
    private var last: [Key: Int] = [:]
    /// By place; -1 at the ends.
    private var previous: [Int] = []
    private var next: [Int] = []

    mutating func reserve(_ count: Int) {
        last.reserveCapacity(count)
        previous.reserveCapacity(count)
        next.reserveCapacity(count)
    }

    /// - Parameter place: one that was removed, or the next one of the list.
    mutating func insert(_ place: Int, under key: Key) {
        let former = last.updateValue(place, forKey: key) ?? -1
        if former >= 0 { next[former] = place }
        if place == previous.count {
            previous.append(former)
            next.append(-1)
        } else {
            previous[place] = former
            next[place] = -1
        }
    }

    mutating func remove(_ place: Int, under key: Key) {
        let (before, after) = (previous[place], next[place])
        if before >= 0 { next[before] = after }
        if after >= 0 { previous[after] = before } else { last[key] = before >= 0 ? before : nil }
    }

    subscript(key: Key) -> [Int] {
        var places: [Int] = []
        var place = last[key] ?? -1
        while place >= 0 {
            places.append(place)
            place = previous[place]
        }
        return places
    }

    func first(of key: Key, where isWanted: (Int) -> Bool) -> Int? {
        var place = last[key] ?? -1
        while place >= 0 {
            if isWanted(place) { return place }
            place = previous[place]
        }
        return nil
    }

    func count(of key: Key, where isWanted: (Int) -> Bool) -> Int {
        var (count, place) = (0, last[key] ?? -1)
        while place >= 0 {
            if isWanted(place) { count += 1 }
            place = previous[place]
        }
        return count
    }
}
