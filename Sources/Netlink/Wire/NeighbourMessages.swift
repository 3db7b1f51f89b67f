import CNetlink
import Glibc
import NetworkTypes

extension Neighbour {
    /// An RTM_NEWNEIGH or RTM_DELNEIGH of ARP or ND. Nil for other families and for interfaces without a name here.
    init?(_ payload: RawSpan, names: InterfaceNames) {
        guard let header = payload.load(as: ndmsg.self), [AF_INET, AF_INET6].contains(Int32(header.ndm_family)),
            let name = names[UInt32(bitPattern: header.ndm_ifindex)]
        else { return nil }
        var address: IPAddress?
        var mac: MACAddress?
        var owner: UInt8 = 0
        payload.forEachAttribute(from: MemoryLayout<ndmsg>.size) { type, value in
            switch type {
            case NDA_DST: address = value.address
            case NDA_LLADDR: mac = value.mac
            case NDA_PROTOCOL: owner = value.load() ?? 0
            default: break
            }
        }
        guard let address else { return nil }
        self.init(
            interface: name, address: address, mac: mac, state: State(rawValue: header.ndm_state) ?? .none,
            isExternallyLearned: Int32(header.ndm_flags) & NTF_EXT_LEARNED != 0, protocolNumber: owner)
    }
}

extension BridgeForwarding {
    /// An RTM_NEWNEIGH or RTM_DELNEIGH of the bridge family. Nil for interfaces without a name here.
    init?(_ payload: RawSpan, names: InterfaceNames) {
        guard let header = payload.load(as: ndmsg.self), Int32(header.ndm_family) == AF_BRIDGE,
            let name = names[UInt32(bitPattern: header.ndm_ifindex)]
        else { return nil }
        var mac: MACAddress?
        var destination: IPAddress?
        var vlan: UInt16?
        payload.forEachAttribute(from: MemoryLayout<ndmsg>.size) { type, value in
            switch type {
            case NDA_LLADDR: mac = value.mac
            case NDA_DST: destination = value.address
            case NDA_VLAN: vlan = value.load()
            default: break
            }
        }
        guard let mac else { return nil }
        self.init(
            interface: name, mac: mac, destination: destination, vlan: vlan, isSelf: Int32(header.ndm_flags) & NTF_SELF != 0,
            isExternallyLearned: Int32(header.ndm_flags) & NTF_EXT_LEARNED != 0,
            lifetime: Lifetime(bits: header.ndm_state))
    }
}

extension Request {
    static func neighbourDump(interface: UInt32) throws(Refusal) -> Request {
        var request = try Request(RTM_GETNEIGH, flags: NLM_F_DUMP)
        request.append(ndmsg())
        request.put(NDA_IFINDEX, interface)
        return request
    }

    static func forwardingDump(interface: UInt32) throws(Refusal) -> Request {
        var request = try Request(RTM_GETNEIGH, flags: NLM_F_DUMP)
        var header = ndmsg()
        header.ndm_family = UInt8(AF_BRIDGE)
        header.ndm_ifindex = Int32(bitPattern: interface)
        request.append(header)
        return request
    }

    static func neighbour(_ neighbour: Neighbour, interface: UInt32, type: Int, flags: Int32 = 0) throws(Refusal) -> Request {
        var request = try Request(type, flags: flags)
        var header = ndmsg()
        header.ndm_family = UInt8(neighbour.address.family == .ipv4 ? AF_INET : AF_INET6)
        header.ndm_ifindex = Int32(bitPattern: interface)
        header.ndm_state = neighbour.state.rawValue
        header.ndm_flags = neighbour.isExternallyLearned ? UInt8(NTF_EXT_LEARNED) : 0
        request.append(header)
        request.put(NDA_DST, neighbour.address)
        if let mac = neighbour.mac { request.put(NDA_LLADDR, mac) }
        if neighbour.protocolNumber != 0 { request.put(NDA_PROTOCOL, neighbour.protocolNumber) }
        return request
    }

    static func forwarding(_ entry: BridgeForwarding, interface: UInt32, type: Int, flags: Int32 = 0) throws(Refusal) -> Request {
        var request = try Request(type, flags: flags)
        var header = ndmsg()
        header.ndm_family = UInt8(AF_BRIDGE)
        header.ndm_ifindex = Int32(bitPattern: interface)
        header.ndm_state = entry.lifetime.bits
        header.ndm_flags = UInt8((entry.isSelf ? NTF_SELF : NTF_MASTER) | (entry.isExternallyLearned ? NTF_EXT_LEARNED : 0))
        request.append(header)
        request.put(NDA_LLADDR, entry.mac)
        if let destination = entry.destination { request.put(NDA_DST, destination) }
        if let vlan = entry.vlan { request.put(NDA_VLAN, vlan) }
        return request
    }
}
