import CNetlink
import Glibc
import NetworkTypes

/// The interfaces' names by index, to turn the numbers in messages into names.
typealias InterfaceNames = [UInt32: String]

/// An RTM_NEWLINK or RTM_DELLINK as it comes: it refers to other interfaces by number.
struct LinkRecord {
    var link: Link
    private var master: UInt32 = 0
    private var peer: UInt32?

    init?(_ payload: RawSpan) {
        guard let header = payload.load(as: ifinfomsg.self), header.ifi_index > 0 else { return nil }
        link = Link(index: UInt32(header.ifi_index), name: "", kind: .other(""))
        link.isUp = header.ifi_flags & 0x1 != 0  // IFF_UP
        link.usesARP = header.ifi_flags & 0x80 == 0  // IFF_NOARP
        var information = Information()
        var isElsewhere = false
        payload.forEachAttribute(from: MemoryLayout<ifinfomsg>.size) { type, value in
            switch type {
            case IFLA_IFNAME: link.name = value.text
            case IFLA_ADDRESS: link.mac = value.mac
            case IFLA_MTU: link.mtu = value.load() ?? 0
            case IFLA_MASTER: master = value.load() ?? 0
            case IFLA_LINK: peer = value.load()
            case IFLA_LINK_NETNSID: isElsewhere = true
            case IFLA_OPERSTATE: link.operationalState = value.load().flatMap(OperationalState.init) ?? .unknown
            case IFLA_LINKINFO: information.read(value)
            case IFLA_AF_SPEC: link.addressGeneration = Self.addressGeneration(value)
            default: break
            }
        }
        guard !link.name.isEmpty else { return nil }
        if isElsewhere { peer = nil }
        link.kind = information.kind
        link.bridgePort = information.bridgePort
    }

    /// The link with other interfaces by name. One that has no name here is left out.
    func resolved(_ names: InterfaceNames) -> Link {
        var link = link
        link.master = names[master]
        if case .veth = link.kind { link.kind = .veth(peer: peer.flatMap { names[$0] }) }
        return link
    }

    /// The indices that `resolved` needs the names of.
    var references: [UInt32] { [master, peer ?? 0].filter { $0 != 0 } }

    private static func addressGeneration(_ families: RawSpan) -> AddressGeneration? {
        var result: AddressGeneration?
        families.forEachAttribute { family, options in
            guard family == Int(AF_INET6) else { return }
            options.forEachAttribute { type, value in
                if type == IFLA_INET6_ADDR_GEN_MODE { result = value.load().flatMap(AddressGeneration.init) }
            }
        }
        return result
    }
}

/// IFLA_LINKINFO. The kernel puts the kind before the data that only the kind explains, but nothing promises it.
private struct Information {
    private var word = ""
    private var masterWord = ""
    private var table: UInt32 = 0
    private var tunnel = VXLAN(vni: nil, local: nil, port: 0)
    private var port = BridgePort(learning: true, neighbourSuppression: false)

    mutating func read(_ information: RawSpan) {
        information.forEachAttribute { type, value in
            if type == IFLA_INFO_KIND { word = value.text }
            if type == IFLA_INFO_SLAVE_KIND { masterWord = value.text }
        }
        information.forEachAttribute { type, value in
            if type == IFLA_INFO_DATA { readData(value) }
            if type == IFLA_INFO_SLAVE_DATA, masterWord == "bridge" { readPort(value) }
        }
    }

    private mutating func readData(_ data: RawSpan) {
        data.forEachAttribute { type, value in
            if word == "vrf", type == IFLA_VRF_TABLE { table = value.load() ?? 0 }
            guard word == "vxlan" else { return }
            switch type {
            case IFLA_VXLAN_ID: tunnel.vni = value.load().flatMap(VNI.init(value:))
            case IFLA_VXLAN_LOCAL, IFLA_VXLAN_LOCAL6: tunnel.local = value.address
            case IFLA_VXLAN_PORT: tunnel.port = value.load().map(UInt16.init(bigEndian:)) ?? 0
            case IFLA_VXLAN_LEARNING: tunnel.learning = value.load(as: UInt8.self) == 1
            default: break
            }
        }
    }

    private mutating func readPort(_ data: RawSpan) {
        data.forEachAttribute { type, value in
            if type == IFLA_BRPORT_LEARNING { port.learning = value.load(as: UInt8.self) == 1 }
            if type == IFLA_BRPORT_NEIGH_SUPPRESS { port.neighbourSuppression = value.load(as: UInt8.self) == 1 }
        }
    }

    var bridgePort: BridgePort? { masterWord == "bridge" ? port : nil }

    var kind: LinkKind {
        switch word {
        case "vrf": .vrf(table: table)
        case "bridge": .bridge
        case "vxlan": .vxlan(tunnel)
        case "veth": .veth(peer: nil)
        case "dummy": .dummy
        default: .other(word)
        }
    }
}

extension Request {
    static func linkDump() throws(Refusal) -> Request {
        var request = try Request(RTM_GETLINK, flags: NLM_F_DUMP)
        request.append(ifinfomsg())
        // Counters are half of the answer, and are not needed.
        request.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        return request
    }

    static func link(named name: String) throws(Refusal) -> Request {
        var request = try Request(RTM_GETLINK)
        request.append(ifinfomsg())
        request.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        request.put(IFLA_IFNAME, name)
        return request
    }

    static func link(index: UInt32) throws(Refusal) -> Request {
        var request = try Request(RTM_GETLINK)
        var header = ifinfomsg()
        header.ifi_index = Int32(bitPattern: index)
        request.append(header)
        request.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        return request
    }

    static func newLink(_ name: String, _ kind: LinkKind, mac: MACAddress?, mtu: UInt32?) throws(Refusal) -> Request {
        var request = try Request(RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL)
        request.append(ifinfomsg())
        request.put(IFLA_IFNAME, name)
        if let mac { request.put(IFLA_ADDRESS, mac) }
        if let mtu { request.put(IFLA_MTU, mtu) }
        request.nest(IFLA_LINKINFO) { request in
            request.put(IFLA_INFO_KIND, kind.word)
            switch kind {
            case .vrf(let table):
                request.nest(IFLA_INFO_DATA) { $0.put(IFLA_VRF_TABLE, table) }
            case .vxlan(let tunnel):
                request.nest(IFLA_INFO_DATA) { $0.put(tunnel) }
            case .veth(let peer):
                request.nest(IFLA_INFO_DATA) { request in
                    request.nest(VETH_INFO_PEER) { request in
                        request.append(ifinfomsg())
                        if let peer { request.put(IFLA_IFNAME, peer) }
                        if let mtu { request.put(IFLA_MTU, mtu) }
                    }
                }
            case .bridge:
                request.nest(IFLA_INFO_DATA) { $0.put(IFLA_BR_VLAN_DEFAULT_PVID, UInt16(0)) }
            case .dummy, .other: break
            }
        }
        return request
    }

    private mutating func put(_ tunnel: VXLAN) {
        if let vni = tunnel.vni {
            put(IFLA_VXLAN_ID, vni.value)
        } else {
            put(IFLA_VXLAN_COLLECT_METADATA, UInt8(1))
        }
        if let local = tunnel.local { put(local.family == .ipv4 ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6, local) }
        put(IFLA_VXLAN_PORT, tunnel.port.bigEndian)
        put(IFLA_VXLAN_LEARNING, UInt8(tunnel.learning ? 1 : 0))
    }

    static func deleteLink(index: UInt32) throws(Refusal) -> Request {
        var request = try Request(RTM_DELLINK)
        var header = ifinfomsg()
        header.ifi_index = Int32(bitPattern: index)
        request.append(header)
        return request
    }

    /// - Parameter master: the index that belongs to the name in `.master`, 0 for none.
    static func setLink(index: UInt32, _ setting: LinkSetting, master: UInt32) throws(Refusal) -> Request {
        var request = try Request(RTM_SETLINK)
        var header = ifinfomsg()
        header.ifi_index = Int32(bitPattern: index)
        func set(_ flag: UInt32, _ value: Bool) {
            header.ifi_change = flag
            header.ifi_flags = value ? flag : 0
        }
        switch setting {
        case .up: set(0x1, true)  // IFF_UP
        case .down: set(0x1, false)
        case .arp(let isOn): set(0x80, !isOn)  // IFF_NOARP
        // Ports have their own door (rtnl_bridge_setlink), which is chosen by the family.
        case .bridgePort: header.ifi_family = UInt8(AF_BRIDGE)
        case .master, .mac, .mtu, .addressGeneration: break
        }
        request.append(header)
        switch setting {
        case .up, .down, .arp: break
        case .master: request.put(IFLA_MASTER, master)
        case .mac(let mac): request.put(IFLA_ADDRESS, mac)
        case .mtu(let mtu): request.put(IFLA_MTU, mtu)
        case .addressGeneration(let mode):
            request.nest(IFLA_AF_SPEC) { request in
                request.nest(AF_INET6) { $0.put(IFLA_INET6_ADDR_GEN_MODE, mode.rawValue) }
            }
        case .bridgePort(let port):
            request.nest(Int32(IFLA_PROTINFO) | NLA_F_NESTED) { request in
                request.put(IFLA_BRPORT_LEARNING, UInt8(port.learning ? 1 : 0))
                request.put(IFLA_BRPORT_NEIGH_SUPPRESS, UInt8(port.neighbourSuppression ? 1 : 0))
            }
        }
        return request
    }
}
