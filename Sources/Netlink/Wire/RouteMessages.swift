import CNetlink
import Glibc
import NetworkTypes

extension rtmsg {
    /// The table of a route message: the header has eight bits for it, the attribute thirty-two.
    static func table(of payload: RawSpan) -> UInt32? {
        guard let header = payload.load(as: rtmsg.self) else { return nil }
        var table = UInt32(header.rtm_table)
        payload.forEachAttribute(from: MemoryLayout<rtmsg>.size) { type, value in
            if type == Int(RTA_TABLE.rawValue) { table = value.load() ?? table }
        }
        return table
    }

    /// The identity in a route message, without next hops. Nil for other families and for cached clones of IPv6 routes.
    static func subject(of payload: RawSpan) -> (header: rtmsg, prefix: IPPrefix)? {
        guard let header = payload.load(as: rtmsg.self), header.rtm_flags & cnetlink_rtm_f_cloned == 0 else { return nil }
        let family: AddressFamily
        switch Int32(header.rtm_family) {
        case AF_INET: family = .ipv4
        case AF_INET6: family = .ipv6
        default: return nil
        }
        var destination = IPAddress(family: family, bits: 0)
        payload.forEachAttribute(from: MemoryLayout<rtmsg>.size) { type, value in
            if type == Int(RTA_DST.rawValue) { destination = value.address ?? destination }
        }
        guard destination.family == family, Int(header.rtm_dst_len) <= family.width else { return nil }
        return (header, IPPrefix(containing: destination, length: Int(header.rtm_dst_len)))
    }
}

extension Route {
    /// An RTM_NEWROUTE or RTM_DELROUTE. Next hops by interfaces without a name here are left out.
    init?(_ payload: RawSpan, names: InterfaceNames) {
        guard let (header, prefix) = rtmsg.subject(of: payload), let table = rtmsg.table(of: payload) else { return nil }
        self.init(table: table, prefix: prefix, kind: Kind(number: header.rtm_type), protocolNumber: header.rtm_protocol)
        var single = NextHopRecord()
        single.isOnLink = header.rtm_flags & UInt32(RTNH_F_ONLINK) != 0
        var several: [NextHop] = []
        payload.forEachAttribute(from: MemoryLayout<rtmsg>.size) { type, value in
            switch rtattr_type_t(rawValue: UInt32(type)) {
            case RTA_PRIORITY: metric = value.load() ?? 0
            case RTA_OIF: single.interface = value.load() ?? 0
            case RTA_NH_ID: nextHopObject = value.load()
            case RTA_MULTIPATH: several = NextHop.list(value, names: names)
            default: single.readGateway(type, value)
            }
        }
        if !kind.refuses { nextHops = several.isEmpty ? single.resolved(names).map { [$0] } ?? [] : several }
    }
}

/// A next hop as it comes: its interface is a number.
private struct NextHopRecord {
    var interface: UInt32 = 0
    var isOnLink = false
    var weight: UInt16 = 1
    private var gateway: IPAddress?

    mutating func readGateway(_ type: Int, _ value: RawSpan) {
        switch rtattr_type_t(rawValue: UInt32(type)) {
        case RTA_GATEWAY: gateway = value.address
        // struct rtvia: the family in two octets, then the address.
        case RTA_VIA: gateway = value.byteCount > 2 ? value.extracting(2..<value.byteCount).address : nil
        default: break
        }
    }

    func resolved(_ names: InterfaceNames) -> NextHop? {
        names[interface].map { NextHop(gateway: gateway, interface: $0, isOnLink: isOnLink, weight: weight) }
    }
}

extension NextHop {
    /// RTA_MULTIPATH: `rtnexthop` headers, each followed by its attributes.
    fileprivate static func list(_ value: RawSpan, names: InterfaceNames) -> [NextHop] {
        var result: [NextHop] = []
        var cursor = 0
        let size = MemoryLayout<rtnexthop>.size
        while let header = value.load(at: cursor, as: rtnexthop.self), header.rtnh_len >= size,
            Int(header.rtnh_len) <= value.byteCount - cursor
        {
            var record = NextHopRecord()
            record.interface = UInt32(bitPattern: header.rtnh_ifindex)
            record.isOnLink = Int32(header.rtnh_flags) & RTNH_F_ONLINK != 0
            record.weight = UInt16(header.rtnh_hops) + 1
            value.extracting(cursor + size..<cursor + Int(header.rtnh_len)).forEachAttribute { record.readGateway($0, $1) }
            record.resolved(names).map { result.append($0) }
            cursor += (Int(header.rtnh_len) + 3) & ~3
        }
        return result
    }
}

extension Request {
    /// Asks for one table only, so that a full Internet table in `main` costs nothing.
    static func routeDump(table: UInt32, family: AddressFamily) throws(Refusal) -> Request {
        var request = try Request(RTM_GETROUTE, flags: NLM_F_DUMP)
        var header = rtmsg()
        header.rtm_family = UInt8(family == .ipv4 ? AF_INET : AF_INET6)
        request.append(header)
        request.put(RTA_TABLE.rawValue, table)
        return request
    }

    /// - Parameter interfaces: the index of each next hop's interface, in order.
    static func addRoute(_ route: Route, interfaces: [UInt32], flags: Int32) throws(Refusal) -> Request {
        var request = try Request(RTM_NEWROUTE, flags: flags)
        var header = rtmsg(route)
        // As `ip route` does: the kernel wants the narrowest scope that is true, for IPv4.
        if route.prefix.family == .ipv4 {
            if case .local = route.kind { header.rtm_scope = UInt8(RT_SCOPE_HOST.rawValue) }
            if case .unicast = route.kind, !route.nextHops.isEmpty, route.nextHops.allSatisfy({ $0.gateway == nil }) {
                header.rtm_scope = UInt8(RT_SCOPE_LINK.rawValue)
            }
        }
        if route.nextHops.count == 1, route.nextHops[0].isOnLink { header.rtm_flags |= UInt32(RTNH_F_ONLINK) }
        request.append(header)
        request.put(route)
        if let object = route.nextHopObject {
            request.put(RTA_NH_ID.rawValue, object)
        } else if route.nextHops.count == 1 {
            request.put(RTA_OIF.rawValue, interfaces[0])
            request.putGateway(route.nextHops[0], of: route)
        } else if !route.nextHops.isEmpty {
            request.nest(RTA_MULTIPATH.rawValue) { request in
                for (hop, interface) in zip(route.nextHops, interfaces) { request.put(hop, interface: interface, of: route) }
            }
        }
        return request
    }

    /// A route is identified by table, prefix, metric, kind and protocol; next hops do not matter for deleting.
    static func deleteRoute(_ route: Route) throws(Refusal) -> Request {
        var request = try Request(RTM_DELROUTE)
        var header = rtmsg(route)
        header.rtm_scope = UInt8(RT_SCOPE_NOWHERE.rawValue)
        request.append(header)
        request.put(route)
        return request
    }

    private mutating func put(_ route: Route) {
        put(RTA_TABLE.rawValue, route.table)
        if route.prefix.length > 0 { put(RTA_DST.rawValue, route.prefix.address) }
        if route.metric != 0 { put(RTA_PRIORITY.rawValue, route.metric) }
    }

    private mutating func putGateway(_ hop: NextHop, of route: Route) {
        guard let gateway = hop.gateway else { return }
        if gateway.family == route.prefix.family {
            put(RTA_GATEWAY.rawValue, gateway)
        } else {
            // struct rtvia: the family in two octets of host order, then the address.
            let family = UInt16(gateway.family == .ipv4 ? AF_INET : AF_INET6)
            let value = withUnsafeBytes(of: family) { Array($0) } + gateway.octets
            value.withUnsafeBytes { put(RTA_VIA.rawValue, bytes: $0) }
        }
    }

    /// One element of RTA_MULTIPATH. Its length stands in its header, so the gateway's is counted before.
    private mutating func put(_ hop: NextHop, interface: UInt32, of route: Route) {
        let size = MemoryLayout<rtnexthop>.size
        var header = rtnexthop()
        header.rtnh_len = UInt16(size + Self.gatewayLength(hop, of: route))
        header.rtnh_flags = hop.isOnLink ? UInt8(RTNH_F_ONLINK) : 0
        header.rtnh_hops = UInt8(clamping: Int(hop.weight) - 1)
        header.rtnh_ifindex = Int32(bitPattern: interface)
        append(header)
        putGateway(hop, of: route)
    }

    private static func gatewayLength(_ hop: NextHop, of route: Route) -> Int {
        guard let gateway = hop.gateway else { return 0 }
        let address = gateway.family.width / 8
        return gateway.family == route.prefix.family ? 4 + address : (4 + 2 + address + 3) & ~3
    }
}

extension rtmsg {
    fileprivate init(_ route: Route) {
        self.init()
        rtm_family = UInt8(route.prefix.family == .ipv4 ? AF_INET : AF_INET6)
        rtm_dst_len = UInt8(route.prefix.length)
        rtm_protocol = route.protocolNumber
        rtm_type = route.kind.number
    }
}
