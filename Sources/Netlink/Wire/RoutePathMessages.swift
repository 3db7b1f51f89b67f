import CNetlink
import Glibc
import NetworkTypes

extension Request {
    /// - Parameter source: an address of this node; nil: as the kernel chooses.
    static func path(to destination: IPAddress, from source: IPAddress?) throws(Refusal) -> Request {
        var request = try Request(RTM_GETROUTE)
        var header = rtmsg()
        header.rtm_family = UInt8(destination.family == .ipv4 ? AF_INET : AF_INET6)
        header.rtm_dst_len = UInt8(destination.family.width)
        header.rtm_src_len = source == nil ? 0 : UInt8(destination.family.width)
        header.rtm_flags = cnetlink_rtm_f_lookup_table
        request.append(header)
        request.put(RTA_DST.rawValue, destination)
        if let source { request.put(RTA_SRC.rawValue, source) }
        return request
    }
}

extension RouteSocket {
    /// Nil where the kernel has no route.
    borrowing func path(to destination: IPAddress, from source: IPAddress?) throws(Refusal) -> RoutePath? {
        var answer: (interface: UInt32, path: RoutePath)?
        do {
            try exchange(.path(to: destination, from: source)) { type, payload in
                guard type == RTM_NEWROUTE, let header = payload.load(as: rtmsg.self) else { return }
                var (interface, path) = (UInt32(0), RoutePath(interface: "", table: UInt32(header.rtm_table)))
                payload.forEachAttribute(from: MemoryLayout<rtmsg>.size) { type, value in
                    switch rtattr_type_t(rawValue: UInt32(type)) {
                    case RTA_OIF: interface = value.load() ?? 0
                    case RTA_GATEWAY: path.gateway = value.address
                    case RTA_TABLE: path.table = value.load() ?? path.table
                    case RTA_METRICS:
                        value.forEachAttribute { type, value in
                            if type == RTAX_MTU, let mtu = value.load(as: UInt32.self), mtu > 0 { path.mtu = mtu }
                        }
                    default: break
                    }
                }
                answer = (interface, path)
            }
        } catch let error where [ENETUNREACH, EHOSTUNREACH, ENETDOWN, EACCES, EINVAL, ESRCH, ENOENT].contains(error.code) {
            return nil
        }
        guard let answer, let name = try names(of: [answer.interface])[answer.interface] else { return nil }
        var path = answer.path
        path.interface = name
        return path
    }
}
