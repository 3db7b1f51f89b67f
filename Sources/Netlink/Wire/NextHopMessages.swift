import CNetlink
import Glibc
import NetworkTypes

/// The kernel's next hop objects (`ip nexthop`), with the groups taken apart.
///
/// Needed only if net.ipv4.nexthop_compat_mode is 0: otherwise the kernel includes the next hops in each route.
struct NextHopObjects {
    private var hops: [UInt32: NextHop] = [:]
    private var groups: [UInt32: [(id: UInt32, weight: UInt16)]] = [:]

    /// Reads an RTM_NEWNEXTHOP.
    mutating func read(_ payload: RawSpan, names: InterfaceNames) {
        guard let object = NextHopObject(payload) else { return }
        if !object.members.isEmpty { groups[object.id] = object.members }
        if let name = names[object.interface] {
            hops[object.id] = NextHop(gateway: object.gateway, interface: name, isOnLink: object.isOnLink)
        }
    }

    subscript(id: UInt32) -> [NextHop] {
        if let hop = hops[id] { return [hop] }
        return (groups[id] ?? []).compactMap { member in
            guard var hop = hops[member.id] else { return nil }
            hop.weight = member.weight
            return hop
        }
    }
}

/// An RTM_NEWNEXTHOP or RTM_DELNEXTHOP as it comes.
struct NextHopObject {
    var id: UInt32 = 0
    var interface: UInt32 = 0
    var gateway: IPAddress?
    var isOnLink: Bool
    var members: [(id: UInt32, weight: UInt16)] = []

    init?(_ payload: RawSpan) {
        guard let header = payload.load(as: nhmsg.self) else { return nil }
        isOnLink = header.nh_flags & UInt32(RTNH_F_ONLINK) != 0
        payload.forEachAttribute(from: MemoryLayout<nhmsg>.size) { type, value in
            switch type {
            case NHA_ID: id = value.load() ?? 0
            case NHA_OIF: interface = value.load() ?? 0
            case NHA_GATEWAY: gateway = value.address
            case NHA_GROUP:
                var cursor = 0
                while let member = value.load(at: cursor, as: nexthop_grp.self) {
                    members.append((member.id, UInt16(member.weight) + 1))
                    cursor += MemoryLayout<nexthop_grp>.size
                }
            default: break
            }
        }
        guard id != 0 else { return nil }
    }
}

extension Request {
    static func nextHopDump() throws(Refusal) -> Request {
        var request = try Request(RTM_GETNEXTHOP, flags: NLM_F_DUMP)
        request.append(nhmsg())
        return request
    }
}
