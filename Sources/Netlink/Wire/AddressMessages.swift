import CNetlink
import Glibc
import NetworkTypes

extension Address {
    /// An RTM_NEWADDR or RTM_DELADDR. Nil for other families and for interfaces without a name here.
    init?(_ payload: RawSpan, names: InterfaceNames) {
        guard let header = payload.load(as: ifaddrmsg.self), [AF_INET, AF_INET6].contains(Int32(header.ifa_family)),
            let name = names[header.ifa_index]
        else { return nil }
        var flags = UInt32(header.ifa_flags)
        var local: IPAddress?
        var address: IPAddress?
        payload.forEachAttribute(from: MemoryLayout<ifaddrmsg>.size) { type, value in
            switch type {
            // On a point-to-point link IFA_ADDRESS is the other side's; IFA_LOCAL is always ours.
            case IFA_LOCAL: local = value.address
            case IFA_ADDRESS: address = value.address
            case IFA_FLAGS: flags = value.load() ?? flags
            default: break
            }
        }
        guard let own = local ?? address, Int(header.ifa_prefixlen) <= own.family.width else { return nil }
        self.init(
            interface: name, address: InterfaceAddress(address: own, length: Int(header.ifa_prefixlen)),
            scope: Scope(number: header.ifa_scope), suppressesPrefixRoute: flags & UInt32(IFA_F_NOPREFIXROUTE) != 0,
            skipsDuplicateDetection: flags & UInt32(IFA_F_NODAD) != 0)
    }
}

extension Request {
    /// - Parameter interface: 0 for all.
    static func addressDump(interface: UInt32) throws(Refusal) -> Request {
        var request = try Request(RTM_GETADDR, flags: NLM_F_DUMP)
        var header = ifaddrmsg()
        header.ifa_index = interface
        request.append(header)
        return request
    }

    static func address(_ address: Address, interface: UInt32, type: Int, flags: Int32 = 0) throws(Refusal) -> Request {
        var request = try Request(type, flags: flags)
        var header = ifaddrmsg()
        header.ifa_family = UInt8(address.address.address.family == .ipv4 ? AF_INET : AF_INET6)
        header.ifa_prefixlen = UInt8(address.address.length)
        header.ifa_scope = address.scope.number
        header.ifa_index = interface
        request.append(header)
        request.put(IFA_LOCAL, address.address.address)
        request.put(IFA_ADDRESS, address.address.address)
        var options: UInt32 = 0
        if address.suppressesPrefixRoute { options |= UInt32(IFA_F_NOPREFIXROUTE) }
        if address.skipsDuplicateDetection { options |= UInt32(IFA_F_NODAD) }
        if options != 0 { request.put(IFA_FLAGS, options) }
        return request
    }
}
