import Federation

/// One value that the ledger holds, for people and for the schema.
package struct Allocation: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case asn
        case vni
        case routeTarget = "route-target"
        case distinguisherIndex = "rd-index"
        case routerMAC = "router-mac"
        case probeAddress = "probe-address"
    }

    package var kind: Kind
    /// `cloud paris`, `vpn blue`, `gateway paris/gw1`.
    package var object: String
    package var value: String

    /// An object has one value of each kind.
    struct Key: Hashable {
        var kind: Kind
        var object: String
    }

    var key: Key { Key(kind: kind, object: object) }
}

extension Revision {
    /// Everything that the graph's clouds, VPNs and gateways hold, in that order and by name.
    package var allocations: [Allocation] {
        guard let graph else { return [] }
        var list: [Allocation] = []
        func add(_ kind: Allocation.Kind, _ object: String, _ value: (some CustomStringConvertible)?) {
            if let value { list.append(Allocation(kind: kind, object: object, value: value.description)) }
        }
        for cloud in graph.clouds.keys.sorted() { add(.asn, "cloud \(cloud)", ledger.asn(of: cloud)) }
        for vpn in graph.vpns.keys.sorted() {
            add(.vni, "vpn \(vpn)", ledger.vni(of: vpn))
            add(.routeTarget, "vpn \(vpn)", ledger.routeTarget(of: vpn))
            add(.distinguisherIndex, "vpn \(vpn)", ledger.distinguisherIndex(of: vpn))
        }
        for gateway in graph.gateways {
            add(.routerMAC, "gateway \(gateway)", ledger.routerMAC(of: gateway))
            add(.probeAddress, "gateway \(gateway)", ledger.probeAddress(of: gateway))
        }
        return list
    }
}
