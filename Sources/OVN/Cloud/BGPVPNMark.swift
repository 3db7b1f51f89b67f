import NetworkTypes

/// What one row of OVN says of one BGPVPN (networking-bgpvpn): that the row's router, network or port is associated with it, or, on NB_Global,
/// that there is such a BGPVPN.
///
/// A Neutron driver writes it, or the cloud's admin by hand: who can write the northbound database is trusted as he is. Of a tenant's choice
/// are the name and the local preferences.
package struct BGPVPNMark: Hashable, Sendable, Codable {
    /// What is associated.
    package enum Means: String, Hashable, Sendable, Codable, CaseIterable {
        case router, network, port
        /// Nothing: the BGPVPN exists.
        case nothing = "none"
    }

    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable { case l2, l3 }

    /// A route that a port association asks for.
    package struct Route: Hashable, Sendable, Codable {
        package var prefix: IPPrefix
        package var localPreference: UInt32?
    }

    /// The BGPVPN's id in Neutron, in lower case; nil: ovn-bgp-agent's keys, which name none.
    package var id: String?
    /// Nil: the keys do not tell.
    package var by: Means?
    /// The association's id.
    package var association: String?
    /// Empty: it has none. Its owner may change it.
    package var name: String
    /// The Keystone project that the BGPVPN is of; nil: the keys do not tell.
    package var project: String?
    package var kind: Kind
    package var vni: VNI?
    /// As they are written there: claims that nothing here acts on.
    package var routeTargets: [String]
    package var importTargets: [String]
    package var exportTargets: [String]
    package var routeDistinguishers: [String]
    package var localPreference: UInt32?
    /// False: a router's static routes are not to be advertised.
    package var advertisesExtraRoutes: Bool
    /// False: a port's own addresses are not to be advertised.
    package var advertisesFixedIPs: Bool
    /// Those of a port association, sorted by prefix.
    package var routes: [Route]

    package init(
        id: String?, by: Means?, association: String? = nil, name: String = "", project: String? = nil, kind: Kind = .l3, vni: VNI? = nil,
        routeTargets: [String] = [], importTargets: [String] = [], exportTargets: [String] = [], routeDistinguishers: [String] = [],
        localPreference: UInt32? = nil, advertisesExtraRoutes: Bool = true, advertisesFixedIPs: Bool = true, routes: [Route] = []
    ) {
        self.id = id
        self.by = by
        self.association = association
        self.name = name
        self.project = project
        self.kind = kind
        self.vni = vni
        self.routeTargets = routeTargets
        self.importTargets = importTargets
        self.exportTargets = exportTargets
        self.routeDistinguishers = routeDistinguishers
        self.localPreference = localPreference
        self.advertisesExtraRoutes = advertisesExtraRoutes
        self.advertisesFixedIPs = advertisesFixedIPs
        self.routes = routes
    }

    /// `ovn_federation:bgpvpn/UUID`, with a JSON object.
    package static let key = "ovn_federation:bgpvpn/"
    /// ovn-bgp-agent's: `neutron_bgpvpn:vni` and others, of one BGPVPN a row.
    package static let incumbentKey = "neutron_bgpvpn:"
    /// Of a value.
    package static let mostBytes = 4096
}
