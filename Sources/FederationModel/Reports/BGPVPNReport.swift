/// A BGPVPN (networking-bgpvpn) as the rows of a cloud's OVN tell of it.
package struct BGPVPNReport: Hashable, Sendable, Codable, Comparable {
    /// In Neutron; nil: rows with ovn-bgp-agent's keys, which name none.
    package var id: String?
    /// Its owner may change it; empty: it has none, or nothing tells.
    package var name: String
    /// The Keystone project that it is of; nil: nobody tells.
    package var project: String?
    /// `l3`, `l2`, or a word of a newer agent.
    package var type: String
    /// What it claims; the federation's numbers are used.
    package var vni: UInt32?
    package var importTargets: [String]
    package var exportTargets: [String]
    package var routeDistinguishers: [String]
    /// What is associated with it, by ids, sorted; `mostAssociations` together at most.
    package var routers: [String]
    package var networks: [String]
    package var ports: [String]
    /// How many more associations there are.
    package var omitted: Int

    package static let mostAssociations = 64

    package init(
        id: String?, name: String = "", project: String? = nil, type: String = "l3", vni: UInt32? = nil, importTargets: [String] = [],
        exportTargets: [String] = [], routeDistinguishers: [String] = [], routers: [String] = [], networks: [String] = [],
        ports: [String] = [], omitted: Int = 0
    ) {
        self.id = id
        self.name = name
        self.project = project
        self.type = type
        self.vni = vni
        self.importTargets = importTargets
        self.exportTargets = exportTargets
        self.routeDistinguishers = routeDistinguishers
        self.routers = routers
        self.networks = networks
        self.ports = ports
        self.omitted = omitted
    }

    package var isAssociated: Bool { !routers.isEmpty || !networks.isEmpty || !ports.isEmpty }

    package static func < (a: Self, b: Self) -> Bool {
        (a.project ?? "", a.name, a.id ?? "", a.vni ?? 0) < (b.project ?? "", b.name, b.id ?? "", b.vni ?? 0)
    }
}

/// All BGPVPNs that a cloud's OVN tells of.
package struct BGPVPNReports: Hashable, Sendable, Codable {
    /// By project, name and id, `limit` at most.
    package var bgpvpns: [BGPVPNReport]
    /// How many more there are.
    package var omitted: Int
    /// A driver lists them: those with which nothing is associated are among them.
    package var areListed: Bool

    package static let limit = 2_000

    package init(_ bgpvpns: [BGPVPNReport] = [], omitted: Int = 0, areListed: Bool = false) {
        self.bgpvpns = bgpvpns
        self.omitted = omitted
        self.areListed = areListed
    }

    /// Of all that there are.
    package init(among all: [BGPVPNReport], areListed: Bool) {
        self.init(Array(all.sorted().prefix(Self.limit)), omitted: max(0, all.count - Self.limit), areListed: areListed)
    }

    package var isEmpty: Bool { bgpvpns.isEmpty && !areListed }
}
