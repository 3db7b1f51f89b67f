/// How far a BGPVPN is on its way into a VPN: the cloud's admin makes it, its owner associates routers, networks or ports with it.
package enum BGPVPNAssociation: String, Hashable, Sendable, Codable, CaseIterable {
    /// It is not seen. Without a driver that lists BGPVPNs, one with which nothing is associated is not seen either.
    case missing
    /// It is there, and nothing is associated with it.
    case unassociated
    case associated
}
