import NetworkTypes

/// What stands in bgpd around our own lines. No part of a stanza's equality: it is not ours.
struct BGPSurroundings: Hashable, Sendable {
    /// There is a `router bgp AS`.
    var instanceExists = false
    /// It holds lines that are neither ours nor router id nor `no bgp default ipv4-unicast`.
    var isShared = false
    /// `bgp default ipv4-unicast` is on: groups are active in IPv4 unicast unless they are taken out.
    var activatesIPv4Unicast = false
    /// The operator speaks EVPN himself: then `advertise-all-vni` is his too.
    var hasOwnEVPN = false
    /// There are other BGP instances (VRFs), which cannot be without the default one.
    var hasOtherInstances = false
    /// Neighbours that are not ours, and the AS of those that have no line but `remote-as`.
    var neighbours: [IPAddress: ASN?] = [:]

    /// The operator has a neighbour at the peer's address. A bare `remote-as` with the peer's own AS is what remains of us when we are
    /// interrupted between `remote-as` and `peer-group`: that one is free to be taken.
    func isTaken(_ peer: EVPNPeer) -> Bool {
        guard let neighbour = neighbours[peer.address] else { return false }
        return neighbour != peer.asn
    }

    static func == (a: Self, b: Self) -> Bool { true }
    func hash(into hasher: inout Hasher) {}

    /// What stays when the federation leaves.
    func keepsAfterRemoval(_ line: ConfigurationLine, instanceStays: Bool) -> Bool {
        guard instanceStays else { return false }
        if line.text == "advertise-all-vni" { return hasOwnEVPN }
        return line.text.hasPrefix("router bgp ") || line.text.hasPrefix("bgp router-id ") || line.text == "no bgp default ipv4-unicast"
    }
}
