import CNetlink
import Glibc
import NetworkTypes

/// Reading: decoded dumps. `isConsistent` is false if the kernel's table changed while it was read.
extension RouteSocket {
    borrowing func links() throws(Refusal) -> (links: [Link], names: InterfaceNames, isConsistent: Bool) {
        var records: [LinkRecord] = []
        let isConsistent = try exchange(.linkDump()) { type, payload in
            if type == RTM_NEWLINK, let record = LinkRecord(payload) { records.append(record) }
        }
        var names: InterfaceNames = [:]
        for record in records { names[record.link.index] = record.link.name }
        return (records.map { $0.resolved(names) }, names, isConsistent)
    }

    /// - Throws: ENODEV if there is no interface with this name.
    borrowing func link(named name: String) throws(Refusal) -> LinkRecord {
        var record: LinkRecord?
        do {
            try exchange(.link(named: name)) { _, payload in record = LinkRecord(payload) ?? record }
        } catch let error where error.code == ENODEV {
            throw Refusal(code: ENODEV, reason: "unknown interface “\(name)”")
        }
        guard let record else { throw Refusal(code: ENODEV, reason: "unknown interface “\(name)”") }
        return record
    }

    /// The current index: queried each time, because a recreated interface has another one.
    /// By netlink and not by if_nametoindex(3), which asks the network namespace of whatever thread it runs on.
    borrowing func index(of name: String) throws(Refusal) -> UInt32 { try link(named: name).link.index }

    /// The names of those indices that (still) have one.
    borrowing func names(of indices: [UInt32]) throws(Refusal) -> InterfaceNames {
        var names: InterfaceNames = [:]
        for index in indices {
            do {
                try exchange(.link(index: index)) { _, payload in names[index] = LinkRecord(payload)?.link.name }
            } catch let error where error.code == ENODEV {
                continue
            }
        }
        return names
    }

    /// - Parameter interface: 0 for all.
    borrowing func addresses(
        interface: UInt32, names: InterfaceNames
    ) throws(Refusal) -> (addresses: [Address], isConsistent: Bool) {
        var addresses: [Address] = []
        let isConsistent = try tolerating(ENODEV) { () throws(Refusal) in
            try exchange(.addressDump(interface: interface)) { _, payload in
                Address(payload, names: names).map { addresses.append($0) }
            }
        }
        return (addresses, isConsistent)
    }

    borrowing func routes(
        table: UInt32, family: AddressFamily, names: InterfaceNames
    ) throws(Refusal) -> (routes: [Route], isConsistent: Bool) {
        var routes: [Route] = []
        // ENOENT: the table never had a route.
        let isConsistent = try tolerating(ENOENT) { () throws(Refusal) in
            try exchange(.routeDump(table: table, family: family)) { _, payload in
                // Kernels without strict checking send all tables.
                guard rtmsg.table(of: payload) == table, let route = Route(payload, names: names) else { return }
                routes.append(route)
            }
        }
        try fillNextHops(of: &routes, names: names)
        return (routes, isConsistent)
    }

    /// With net.ipv4.nexthop_compat_mode=0 a route has only the number of its next hop object.
    private borrowing func fillNextHops(of routes: inout [Route], names: InterfaceNames) throws(Refusal) {
        guard routes.contains(where: { $0.nextHopObject != nil && $0.nextHops.isEmpty && !$0.kind.refuses }) else { return }
        var objects = NextHopObjects()
        try exchange(.nextHopDump()) { _, payload in objects.read(payload, names: names) }
        for index in routes.indices where routes[index].nextHops.isEmpty {
            if let object = routes[index].nextHopObject { routes[index].nextHops = objects[object] }
        }
    }

    borrowing func neighbours(
        interface: UInt32, names: InterfaceNames
    ) throws(Refusal) -> (neighbours: [Neighbour], isConsistent: Bool) {
        var neighbours: [Neighbour] = []
        let isConsistent = try tolerating(ENODEV) { () throws(Refusal) in
            try exchange(.neighbourDump(interface: interface)) { _, payload in
                Neighbour(payload, names: names).map { neighbours.append($0) }
            }
        }
        return (neighbours.filter { $0.interface == names[interface] }, isConsistent)
    }

    borrowing func forwarding(
        interface: UInt32, names: InterfaceNames
    ) throws(Refusal) -> (entries: [BridgeForwarding], isConsistent: Bool) {
        var entries: [BridgeForwarding] = []
        let isConsistent = try tolerating(ENODEV) { () throws(Refusal) in
            try exchange(.forwardingDump(interface: interface)) { _, payload in
                BridgeForwarding(payload, names: names).map { entries.append($0) }
            }
        }
        return (entries.filter { $0.interface == names[interface] }, isConsistent)
    }

    /// A vanished interface or table counts as empty.
    private borrowing func tolerating(_ code: Int32, _ dump: () throws(Refusal) -> Bool) throws(Refusal) -> Bool {
        do { return try dump() } catch let error where error.code == code { return true }
    }
}
