import CNetlink
import Glibc
import NetworkTypes

/// Writing: each change is one or a few requests, with an explanation of each error.
extension RouteSocket {
    borrowing func perform(_ change: KernelChange) throws(Refusal) -> ChangeOutcome {
        switch change {
        case .createLink(let name, let kind, let mac, let mtu):
            return try createLink(name, kind, mac: mac, mtu: mtu)
        case .deleteLink(let name):
            return try deleting { () throws(Refusal) in
                try exchange(.deleteLink(index: index(of: name)))
            }
        case .setLink(let name, let setting):
            return try set(name, setting)

        case .putAddress(let address):
            let flags = NLM_F_CREATE | NLM_F_REPLACE
            try exchange(.address(address, interface: index(of: address.interface), type: RTM_NEWADDR, flags: flags))
        case .deleteAddress(let address):
            return try deleting { () throws(Refusal) in
                try exchange(.address(address, interface: index(of: address.interface), type: RTM_DELADDR))
            }

        case .addRoute(let route):
            do {
                try add(route, flags: NLM_F_CREATE | NLM_F_EXCL)
            } catch let error where error.code == EEXIST {
                return try compare(route, with: error)
            }
        case .putRoute(let route):
            try add(route, flags: NLM_F_CREATE | NLM_F_REPLACE)
        case .deleteRoute(let route):
            return try deleting { () throws(Refusal) in try exchange(.deleteRoute(route)) }

        case .putNeighbour(let neighbour):
            let flags = NLM_F_CREATE | NLM_F_REPLACE
            try exchange(.neighbour(neighbour, interface: index(of: neighbour.interface), type: RTM_NEWNEIGH, flags: flags))
        case .deleteNeighbour(let neighbour):
            return try deleting { () throws(Refusal) in
                try exchange(.neighbour(neighbour, interface: index(of: neighbour.interface), type: RTM_DELNEIGH))
            }

        case .putForwarding(let entry):
            let flags = NLM_F_CREATE | (entry.isAppended ? NLM_F_APPEND : NLM_F_REPLACE)
            do {
                try exchange(.forwarding(entry, interface: index(of: entry.interface), type: RTM_NEWNEIGH, flags: flags))
            } catch let error where error.code == EEXIST && entry.isAppended {
                return .alreadySo
            }
        case .deleteForwarding(let entry):
            return try deleting { () throws(Refusal) in
                try exchange(.forwarding(entry, interface: index(of: entry.interface), type: RTM_DELNEIGH))
            }
        }
        return .applied
    }

    /// What is gone already, perhaps together with its interface or its VRF's table, need not be deleted.
    private borrowing func deleting(_ delete: () throws(Refusal) -> Void) throws(Refusal) -> ChangeOutcome {
        do {
            try delete()
            return .applied
        } catch let error where [ENODEV, ESRCH, ENOENT, EADDRNOTAVAIL].contains(error.code) {
            return .alreadySo
        }
    }

    // MARK: Links

    private borrowing func createLink(
        _ name: String, _ kind: LinkKind, mac: MACAddress?, mtu: UInt32?
    ) throws(Refusal) -> ChangeOutcome {
        guard (1...15).contains(name.utf8.count) else {
            throw Refusal(code: EINVAL, reason: "an interface name must be 1–15 bytes")
        }
        if case .veth(nil) = kind { throw Refusal(code: EINVAL, reason: "the other end of a veth pair needs a name") }
        var outcome = ChangeOutcome.applied
        do {
            try exchange(.newLink(name, kind, mac: mac, mtu: mtu))
        } catch let error where error.code == EEXIST {
            let existing = try takeOver(name, kind, refusal: error)
            outcome = .alreadySo
            if let mac, existing.mac != mac { outcome = try set(name, .mac(mac)) }
            if let mtu, existing.mtu != mtu { outcome = try set(name, .mtu(mtu)) }
        }
        // RTM_NEWLINK cannot carry it. A new device is still down, so that no address has come about yet.
        var ends = [name]
        if case .veth(let peer?) = kind { ends.append(peer) }
        for end in ends {
            let mode = try link(named: end).link.addressGeneration
            if mode != AddressGeneration.none, try set(end, .addressGeneration(.none)) == .applied { outcome = .applied }
        }
        return outcome
    }

    /// The link in the way of a new one, if it is as good as the new one.
    private borrowing func takeOver(_ name: String, _ kind: LinkKind, refusal: Refusal) throws(Refusal) -> Link {
        let links = try links().links
        if let link = links.first(where: { $0.name == name }) {
            if link.kind == kind { return link }
            throw Refusal(code: EEXIST, reason: "\(name) already exists, as \(link.kind)")
        }
        if case .veth(let peer?) = kind, let other = links.first(where: { $0.name == peer }) {
            throw Refusal(code: EEXIST, reason: "the other end \(peer) already exists, as \(other.kind)")
        }
        // A VNI is unique among the VXLAN devices of one port, whatever their names.
        if case .vxlan(let wanted) = kind {
            let rival = links.first { link in
                if case .vxlan(let tunnel) = link.kind { tunnel.vni == wanted.vni && tunnel.port == wanted.port } else { false }
            }
            if let rival { throw Refusal(code: EEXIST, reason: "\(rival.name) already has this VNI and port") }
        }
        throw refusal
    }

    private borrowing func set(_ name: String, _ setting: LinkSetting) throws(Refusal) -> ChangeOutcome {
        var master: UInt32 = 0
        if case .master(let name?) = setting { master = try index(of: name) }
        do {
            try exchange(.setLink(index: index(of: name), setting, master: master))
        } catch {
            // An interface without IPv6 (switched off, or an MTU under 1280) makes no IPv6 addresses: just what was asked for.
            if setting == .addressGeneration(.none), error.code == EAFNOSUPPORT { return .alreadySo }
            throw error
        }
        return .applied
    }

    // MARK: Routes

    private borrowing func add(_ route: Route, flags: Int32) throws(Refusal) {
        var interfaces: [UInt32] = []
        for hop in route.nextHops { interfaces.append(try index(of: hop.interface)) }
        try exchange(.addRoute(route, interfaces: interfaces, flags: flags))
    }

    /// Whether the conflicting route is the wanted one.
    private borrowing func compare(_ route: Route, with refusal: Refusal) throws(Refusal) -> ChangeOutcome {
        let names = try links().names
        let rivals = try routes(table: route.table, family: route.prefix.family, names: names).routes
            .filter { $0.prefix == route.prefix && $0.metric == route.metric }
        if rivals.contains(route) { return .alreadySo }
        guard let rival = rivals.first else { throw refusal }
        throw Refusal(code: EEXIST, reason: "“\(KernelChange.addRoute(rival))” already exists")
    }
}
