import NetworkTypes

extension EVPNBaseStanza {
    /// Empty where there is no instance.
    var instance: [String] { asn.map { ["router bgp \($0)"] } ?? [] }
    var evpn: [String] { instance + ["address-family l2vpn evpn"] }
    var ipv4Unicast: [String] { instance + ["address-family ipv4 unicast"] }

    func group(of peer: EVPNNeighbour) -> String { peer.asn == asn ? Self.internalGroup : Self.externalGroup }

    var runningLines: [ConfigurationLine] {
        lines(beside: surroundings).filter { !absent.contains($0) } + foreign
    }

    /// In the order to set them: route-maps before the lines that name them, groups complete before members join.
    func lines(beside surroundings: BGPSurroundings) -> [ConfigurationLine] {
        var lines: [ConfigurationLine] = []
        let preferences = preferences.sorted { ($0.sequence, $0.name) < ($1.sequence, $1.name) }
        for preference in preferences { lines += preference.listLines }
        for preference in preferences { lines += preference.entryLines(of: Self.inboundMap) }
        for map in Self.routeMaps {
            let entry = ConfigurationLine("route-map \(map.name) permit \(Self.lastEntry)")
            lines += [entry, ConfigurationLine("match evpn route-type prefix", in: entry.path)]
            // Own routes alone. bgpd 8.4.4 sends what it learned of a route server back to it.
            if map.name == Self.outboundMap, let vtep {
                lines.append(ConfigurationLine("\(Self.ownNextHop)\(vtep)", in: entry.path))
            }
        }
        guard let header = instance.first else { return lines }
        lines.append(ConfigurationLine(header))
        if !surroundings.isShared, !surroundings.hasRouterID, let routerID {
            lines.append(ConfigurationLine("bgp router-id \(routerID)", in: instance))
        }
        let members = peers.filter { !surroundings.isTaken($0) }.sorted { $0.address < $1.address }
        let used = Self.groups.filter { name in members.contains { group(of: $0) == name } }
        for name in used {
            lines.append(ConfigurationLine("neighbor \(name) peer-group", in: instance))
            if failureDetection == .bfd { lines.append(ConfigurationLine("neighbor \(name) bfd", in: instance)) }
            if let vtep { lines.append(ConfigurationLine("neighbor \(name) update-source \(vtep)", in: instance)) }
            // bgpd 8.4.4 gives a connection that it accepts beside a standing session (both ends dial) no TTL but the one of a peer on the same link,
            // takes the peer's address for a next hop that must be connected, and holds on to that: all of the peer's routes stay invalid.
            if name == Self.externalGroup { lines.append(ConfigurationLine("neighbor \(name) disable-connected-check", in: instance)) }
            lines.append(ConfigurationLine("neighbor \(name) timers \(timers.keepalive) \(timers.hold)", in: instance))
            lines.append(ConfigurationLine("neighbor \(name) timers connect \(timers.connectRetry)", in: instance))
        }
        if surroundings.activatesIPv4Unicast {
            for name in used { lines.append(ConfigurationLine("no neighbor \(name) activate", in: ipv4Unicast)) }
        }
        for name in used {
            lines.append(ConfigurationLine("neighbor \(name) activate", in: evpn))
            for map in Self.routeMaps {
                lines.append(ConfigurationLine("neighbor \(name) route-map \(map.name) \(map.direction)", in: evpn))
            }
        }
        lines.append(ConfigurationLine("advertise-all-vni", in: evpn))
        for peer in members {
            lines.append(ConfigurationLine("neighbor \(peer.address) remote-as \(peer.asn)", in: instance))
            // Before the group, which lets the session begin.
            if peer.authentication == .md5 {
                lines.append(ConfigurationLine("neighbor \(peer.address) password \(SessionPasswords.mark)", in: instance))
            }
            lines.append(ConfigurationLine("neighbor \(peer.address) peer-group \(group(of: peer))", in: instance))
            // On the member, once it is in the group: bgpd 8.4.4 gives a member that joins a group with `ttl-security` the hops and not the TTL, so
            // that it wants the peer on the same link, and BFD for one hop. One of the two, so that one replaces the other.
            if let maximumHops {
                lines.append(ConfigurationLine("neighbor \(peer.address) ttl-security hops \(maximumHops)", in: instance))
            } else if group(of: peer) == Self.externalGroup {
                lines.append(ConfigurationLine("neighbor \(peer.address) ebgp-multihop 255", in: instance))
            }
            if let description = peer.description {
                lines.append(ConfigurationLine("neighbor \(peer.address) description \(description)", in: instance))
            }
        }
        return lines
    }
}
