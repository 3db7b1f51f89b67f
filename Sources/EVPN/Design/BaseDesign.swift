import FRR
import FederationModel
import NetworkTypes

extension EVPNBaseStanza {
    /// Reconnect within a second: the routes of a whole cloud wait for it.
    private static let timers = BGPTimers(keepalive: 3, hold: 9, connectRetry: 1)

    /// BGP without VRFs, where the agent manages it. A VPN without a local index has no preference yet.
    /// - Parameter passwords: nil: no session has one.
    package init(_ intent: GatewayIntent, _ indexes: LocalIndexes, _ passwords: KnownPasswords? = nil) {
        let base = intent.base
        self.init(
            asn: base.asn, routerID: base.vtep, vtep: .v4(base.vtep),
            peers: Set(
                base.peers.map { peer in
                    EVPNNeighbour(
                        address: peer.address, asn: peer.asn, description: peer.name,
                        authentication: passwords?.has(peer.address) == true ? .md5 : nil)
                }), timers: Self.timers,
            preferences: Set(intent.vpns.values.flatMap { RoutePreference.of($0, indexes) }),
            failureDetection: base.failureDetection, maximumHops: base.maximumHops)
    }
}

extension RoutePreference {
    /// Those of a VPN, one for each of its VNIs. None for an index beyond the sequence numbers of a route-map.
    fileprivate static func of(_ vpn: VPNIntent, _ indexes: LocalIndexes) -> [RoutePreference] {
        guard let preference = vpn.localPreference else { return [] }
        return vpn.bindings.compactMap { binding in
            guard let index = indexes.instances[VPNInstance(vpn: vpn.name, vni: binding.encapsulation.vni)], !binding.importTargets.isEmpty,
                let sequence = UInt16(exactly: index), sequence < EVPNBaseStanza.lastEntry
            else { return nil }
            return RoutePreference(
                name: LocalNames(index: index).vrf, sequence: sequence, targets: Set(binding.importTargets), localPreference: preference)
        }
    }
}
