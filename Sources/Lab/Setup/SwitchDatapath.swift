import Glibc

/// Which of Open vSwitch's datapaths the bridges of a lab have: `datapath_type` of ovs-vswitchd.conf.db(5).
package enum SwitchDatapath: String, Sendable, CustomStringConvertible {
    /// In the kernel: fast, but OVN's flows need connection tracking with zones there.
    case kernel = "system"
    /// In ovs-vswitchd itself: works on any kernel.
    case userSpace = "netdev"

    package var description: String {
        switch self {
        case .kernel: "OVS's kernel datapath"
        case .userSpace: "OVS's user-space datapath"
        }
    }

    /// ovs-vswitchd 3.1 counts no CPUs before CLOCK_MONOTONIC shows 10 s, and then hands the kernel no socket for its upcalls:
    /// every packet that has no flow yet is lost. Seconds.
    package static let leastUptime = 11

    /// What the running kernel can do, asked of itself; as root.
    package static func probe() throws -> SwitchDatapath {
        try hasOpenVSwitch() && hasConntrackZones() ? .kernel : .userSpace
    }

    /// Whether conntrack knows zones: one that does answers a question for a connection in zone 1 with ENOENT, one that does not
    /// with EOPNOTSUPP (`ctnetlink_parse_zone`).
    static func hasConntrackZones() throws -> Bool {
        let tuple = [
            attribute(1, attribute(1, [192, 0, 2, 1]) + attribute(2, [192, 0, 2, 2])),  // CTA_TUPLE_IP
            attribute(2, attribute(1, [UInt8(IPPROTO_UDP)]) + attribute(2, bigEndian(UInt16(9))) + attribute(3, bigEndian(UInt16(9)))),
        ].flatMap { $0 }
        let zone = attribute(18, bigEndian(UInt16(1)))  // CTA_ZONE
        // NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET, and a struct nfgenmsg.
        let reply = try ask(netfilter, type: 1 << 8 | 1, [UInt8(AF_INET), 0, 0, 0] + attribute(1, tuple) + zone)
        return error(in: reply) == ENOENT
    }

    /// Whether the kernel's controller of generic netlink knows the datapath's family.
    static func hasOpenVSwitch() throws -> Bool {
        // CTRL_CMD_GETFAMILY, version 1, in a struct genlmsghdr; CTRL_ATTR_FAMILY_NAME.
        let reply = try ask(generic, type: 16, [3, 1, 0, 0] + attribute(2, Array("ovs_datapath\0".utf8)))
        return error(in: reply) == nil && reply.count >= 16
    }

    // MARK: Netlink (netlink(7)), in the machine's byte order

    /// NETLINK_NETFILTER and NETLINK_GENERIC of <linux/netlink.h>.
    private static let (netfilter, generic) = (Int32(12), Int32(16))

    private static func attribute(_ kind: UInt16, _ value: [UInt8]) -> [UInt8] {
        let padding = [UInt8](repeating: 0, count: -value.count & 3)
        return little(UInt16(4 + value.count)) + little(kind) + value + padding
    }

    private static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] { bigEndian(value).reversed() }

    /// One request and the first message of its answer; empty if this kernel has no such protocol.
    private static func ask(_ family: Int32, type: UInt16, _ body: [UInt8]) throws -> [UInt8] {
        guard let socket = try? Descriptor(socket: AF_NETLINK, Int32(SOCK_RAW.rawValue), family) else { return [] }
        // NLM_F_REQUEST | NLM_F_ACK
        let request = little(UInt32(16 + body.count)) + little(type) + little(UInt16(5)) + little(UInt32(1)) + little(UInt32(0)) + body
        guard send(socket.number, request, request.count, 0) == request.count else {
            throw LabError("cannot query the kernel's Open vSwitch datapath: \(errnoText)")
        }
        guard socket.isReadable(within: .seconds(5)) else { throw LabError("no answer from the kernel about the Open vSwitch datapath") }
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let count = recv(socket.number, &buffer, buffer.count, 0)
        return Array(buffer[..<max(0, count)])
    }

    /// The error that an answer is (positive, as in errno(3)); nil if it is not one.
    static func error(in reply: [UInt8]) -> Int32? {
        guard reply.count >= 20, reply[4] == 2, reply[5] == 0 else { return nil }  // NLMSG_ERROR
        let code = Int32(bitPattern: readBigEndian(reply[16..<20].reversed(), as: UInt32.self))
        return code == 0 ? nil : -code
    }
}
