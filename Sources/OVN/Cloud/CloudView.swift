import OVSDB

/// What is there in a cloud, derived from its southbound and northbound databases: a value to ask and to compare.
///
/// It is state and not events: a gateway that moved, an address that changed and a port that vanished need no case of
/// their own. Two views are equal where nothing that we act on changed, although Neutron rewrote the rows
/// (`neutron:revision_number`).
package struct CloudView: Hashable, Sendable {
    /// Sorted by id.
    package let routers: [RouterView]
    /// Sorted by id.
    package let networks: [NetworkView]
    /// Sorted by name.
    package let chassis: [Chassis]
    /// What made no sense in either database, sorted.
    package let problems: [RowProblem]
    /// What the northbound database has; nil: it was not read, and names, labels, NAT rules and routes are not known.
    package let northbound: NorthboundCensus?
    /// The BGPVPNs that a driver lists in the northbound database, sorted by id; nil: none does.
    package let listed: [BGPVPNMark]?

    private let routersByID: [String: [Int]]
    private let routersByName: [String: [Int]]
    private let networksByID: [String: [Int]]
    private let networksByName: [String: [Int]]
    private let routersByNetwork: [String: [Int]]

    package init(
        routers: [RouterView], networks: [NetworkView], chassis: [Chassis], problems: [RowProblem] = [], northbound: NorthboundCensus?,
        listed: [BGPVPNMark]? = nil
    ) {
        self.listed = listed
        self.northbound = northbound
        self.routers = routers
        self.networks = networks
        self.chassis = chassis
        self.problems = problems
        routersByID = Self.index(routers) { [$0.id] }
        routersByName = Self.index(routers) { [$0.name] }
        networksByID = Self.index(networks) { [$0.identity.id] }
        networksByName = Self.index(networks) { [$0.identity.name] }
        routersByNetwork = Self.index(routers) { router in Set(router.interfaces.compactMap(\.network?.id)) }
    }

    /// All routers with this OpenStack id: one, unless somebody wrote the database by hand.
    package func routers(id: String) -> [RouterView] { pick(routersByID[id], of: routers) }

    /// All routers with this name: names are not unique in OpenStack.
    package func routers(name: String) -> [RouterView] { pick(routersByName[name], of: routers) }

    /// All routers with a gateway port bound to this chassis.
    package func routers(hostedBy chassis: String) -> [RouterView] { routers.filter { $0.isHosted(by: chassis) } }

    /// All routers with an interface, not a gateway port, in the network with this OpenStack id.
    package func routers(inNetwork id: String) -> [RouterView] { pick(routersByNetwork[id], of: routers) }

    /// All networks with this OpenStack id.
    package func networks(id: String) -> [NetworkView] { pick(networksByID[id], of: networks) }

    /// All networks with this name: names are not unique in OpenStack.
    package func networks(name: String) -> [NetworkView] { pick(networksByName[name], of: networks) }

    /// The indices follow from the rest.
    package static func == (a: Self, b: Self) -> Bool {
        a.routers == b.routers && a.networks == b.networks && a.chassis == b.chassis && a.problems == b.problems
            && a.northbound == b.northbound && a.listed == b.listed
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(routers)
        hasher.combine(networks)
        hasher.combine(chassis)
        hasher.combine(problems)
        hasher.combine(northbound)
        hasher.combine(listed)
    }

    private func pick<T>(_ positions: [Int]?, of all: [T]) -> [T] { positions.map { $0.map { all[$0] } } ?? [] }

    private static func index<T>(_ all: [T], by keys: (T) -> some Sequence<String>) -> [String: [Int]] {
        var result: [String: [Int]] = [:]
        for (position, element) in all.enumerated() {
            for key in keys(element) { result[key, default: []].append(position) }
        }
        return result
    }
}

/// The indices follow from the rest, so they are not written.
extension CloudView: Codable {
    private enum CodingKeys: String, CodingKey {
        case routers, networks, chassis, problems, northbound, listed
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            routers: try container.decode([RouterView].self, forKey: .routers),
            networks: try container.decode([NetworkView].self, forKey: .networks),
            chassis: try container.decode([Chassis].self, forKey: .chassis),
            problems: try container.decode([RowProblem].self, forKey: .problems),
            northbound: try container.decodeIfPresent(NorthboundCensus.self, forKey: .northbound),
            listed: try container.decodeIfPresent([BGPVPNMark].self, forKey: .listed))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(routers, forKey: .routers)
        try container.encode(networks, forKey: .networks)
        try container.encode(chassis, forKey: .chassis)
        try container.encode(problems, forKey: .problems)
        try container.encodeIfPresent(northbound, forKey: .northbound)
        try container.encodeIfPresent(listed, forKey: .listed)
    }
}
