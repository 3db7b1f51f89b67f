import NetworkTypes

/// What the federation needs in the default BGP instance of a gateway: the EVPN sessions, and the filters on them.
///
/// The operator's underlay shares the instance, or may do so later. Ours are two peer groups, their members, their lines in every address
/// family, two route-maps with the lists that they name, and `advertise-all-vni`. A router id is set only where there is none and the
/// instance holds nothing else: on a shared one it would reset the operator's sessions. `no bgp default ipv4-unicast` is never set: it
/// changes the meaning of the operator's lines, even of later ones (FRR's start script configures a bgpd that already runs). Our groups are
/// deactivated in IPv4 unicast instead.
///
/// The instance is created where there is none. It is never removed, and its AS never changed: everything in it would be lost.
///
/// The route-maps permit type-5 routes only, both ways: with `advertise-all-vni` bgpd would also advertise type-2 and type-3 routes of every
/// VXLAN device on the host. Outwards they permit only what is behind this VTEP: bgpd 8.4.4 sends routes back to the route server that it
/// has them of, which then has each once more by every gateway, prefers those where the first is drained, and withdraws it from all (0.1 s
/// without routes at each change, measured). They also satisfy `bgp ebgp-requires-policy`. `next-hop-self` is never set: the next hop is the VTEP.
package struct EVPNBaseStanza: Hashable, Sendable, Codable {
    /// That of the default instance. Nil only as parsed, where there is none.
    package var asn: ASN?
    /// Nil only as parsed, where the instance has no explicit one.
    package var routerID: IPv4Address?
    /// The source address of the sessions. Nil only as parsed.
    package var vtep: IPAddress?
    package var peers: Set<EVPNNeighbour>
    package var timers: BGPTimers
    /// Local preferences of inbound routes, by their targets.
    package var preferences: Set<RoutePreference>
    /// Nil: by the hold time alone.
    package var failureDetection: FailureDetection?
    /// Packets from peers that are farther away are dropped (RFC 5082), 1…254; nil: sessions cross any number of hops.
    package var maximumHops: UInt8?

    /// As parsed: lines of our groups, members and route-maps that the fields above do not express.
    package internal(set) var foreign: [ConfigurationLine] = []
    /// As parsed: lines that the fields above imply and that are missing.
    package internal(set) var absent: Set<ConfigurationLine> = []
    /// As parsed: what the operator has around it.
    var surroundings = BGPSurroundings()

    package init(
        asn: ASN, routerID: IPv4Address, vtep: IPAddress, peers: Set<EVPNNeighbour>, timers: BGPTimers = BGPTimers(),
        preferences: Set<RoutePreference> = [], failureDetection: FailureDetection? = nil, maximumHops: UInt8? = nil
    ) {
        self.asn = asn
        self.routerID = routerID
        self.vtep = vtep
        self.peers = peers
        self.timers = timers
        self.preferences = preferences
        self.failureDetection = failureDetection
        self.maximumHops = maximumHops
    }

    init(asn: ASN?) {
        self.asn = asn
        peers = []
        timers = BGPTimers()
        preferences = []
    }

    /// The group names mark ownership. Two, because FRR refuses internal and external members in one group.
    static let externalGroup = "OVN-FEDERATION"
    static let internalGroup = "OVN-FEDERATION-INTERNAL"
    static let groups = [externalGroup, internalGroup]
    static let inboundMap = "FED-EVPN-IN"
    static let outboundMap = "FED-EVPN-OUT"
    static let ownNextHop = "match ip next-hop address "
    static let routeMaps = [(name: inboundMap, direction: "in"), (name: outboundMap, direction: "out")]
    /// The entry that permits all of type 5, after those of `preferences`.
    package static let lastEntry = UInt16.max

    /// The configuration as text, for an instance that holds nothing else.
    package var render: [String] { ConfigurationScript(from: [], to: lines(beside: BGPSurroundings())).lines }

    /// The peers that the operator has configured by hand, ascending. They are left alone.
    package func taken(beside running: Self?) -> [IPAddress] {
        guard let surroundings = running?.surroundings, !surroundings.neighbours.isEmpty else { return [] }
        return peers.filter(surroundings.isTaken).map(\.address).sorted()
    }

    /// Whether nothing is left to change: `changes(from: running, to: self)` is empty. `running` must come from `parse` or `applied`.
    package func isInForce(in running: Self?) -> Bool {
        guard let running, running.asn == asn else { return false }
        let around = running.surroundings
        if running.foreign.isEmpty, running.absent.isEmpty, around.hasRouterID || around.isShared || running.routerID == routerID,
            running.vtep == vtep, running.timers == timers, running.peers == peers, running.preferences == preferences,
            running.failureDetection == failureDetection, running.maximumHops == maximumHops
        {
            return true
        }
        return (try? Self.changes(from: running, to: self).isEmpty) ?? false
    }

    /// As parsed: whether something of ours runs, so that there is something to remove.
    package var isOurs: Bool { (try? !Self.changes(from: self, to: nil).isEmpty) ?? false }

    /// This stanza as it runs after `changes(from: running, to: self)`.
    package func applied(to running: Self?) -> Self {
        var applied = self
        applied.surroundings = running?.surroundings ?? BGPSurroundings()
        applied.surroundings.instanceExists = true
        return applied
    }

    /// The lines that lead from one state to the other, and no more. Peers that the operator has configured are left out.
    ///
    /// `running` must come from `parse`, which knows the operator's lines. Equality of two stanzas is stricter: an operator's own router id
    /// differs from ours and stays. To nil removes everything of ours except the instance.
    /// - Throws: `otherASN` where the running instance has another AS: changing that would remove the operator's lines.
    package static func changes(from running: Self?, to wanted: Self?) throws(BGPConflict) -> [String] {
        let surroundings = running?.surroundings ?? BGPSurroundings()
        var has = running?.runningLines ?? []
        guard let wanted else {
            return ConfigurationScript(from: has, to: has.filter { surroundings.hasOwnEVPN && $0.text == "advertise-all-vni" }).lines
        }
        if surroundings.instanceExists, let own = running?.asn, let other = wanted.asn, own != other {
            throw .otherASN(running: own, wanted: other)
        }
        let wants = wanted.lines(beside: surroundings)
        // A member cannot change its group: it goes first, and comes anew.
        let before = has
        for peer in running?.peers ?? [] {
            guard let successor = wanted.peers.first(where: { $0.address == peer.address }) else { continue }
            if running?.group(of: peer) != wanted.group(of: successor) {
                has.removeAll { $0.neighbour == peer.address.description }
            }
        }
        let removals = ConfigurationScript(from: before, to: has)
        return removals.lines + ConfigurationScript(from: has, to: wants).lines
    }
}
