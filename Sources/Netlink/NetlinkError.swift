import CNetlink
import Glibc

/// A request refused by the kernel: the request, the error and the remedy.
package struct NetlinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The request, as the equivalent iproute2 command.
    package let request: String
    /// errno(3).
    package let code: Int32
    /// The kernel's message (NLMSGERR_ATTR_MSG), or ours if it has none.
    package let reason: String?
    /// What to do, as an order.
    package let remedy: String

    package init(request: String, code: Int32, reason: String?, remedy: String) {
        self.request = request
        self.code = code
        self.reason = reason
        self.remedy = remedy
    }

    /// The constant's name: `EEXIST`.
    package var name: String { errnoName(code) }

    package var description: String {
        "“\(request)” was refused: \(name) (\(reason ?? errnoText(code))); \(remedy)"
    }
}

/// The kernel's error, not yet related to a request.
struct Refusal: Error, Hashable {
    var code: Int32
    var reason: String?

    func error(for request: String) -> NetlinkError {
        NetlinkError(request: request, code: code, reason: reason, remedy: remedy)
    }

    private var remedy: String {
        switch code {
        case EPERM, EACCES: "run as root, or give the process CAP_NET_ADMIN in this network namespace"
        case EEXIST: "check what exists, and delete it first or choose another name"
        case ENODEV, ENXIO: "create the interface first, or find out what deleted it"
        case EOPNOTSUPP, EPROTONOSUPPORT: "use a kernel that has this device or option (modprobe vrf, vxlan, bridge, veth)"
        case EAFNOSUPPORT: "enable IPv6 (sysctl net.ipv6.conf.all.disable_ipv6=0), or use IPv4 only"
        case ENETUNREACH, EHOSTUNREACH, ENETDOWN:
            "set the interface up and give the gateway a route on that interface first, or mark the next hop as onlink"
        case ESRCH, ENOENT, EADDRNOTAVAIL: "nothing to do: it does not exist"
        case EBUSY: "find out what uses it (ip -d link show)"
        case ENOBUFS, ENOMEM: "free memory, or raise net.core.rmem_max"
        case ETIMEDOUT: "check the kernel log (dmesg) for a task that hangs while holding the rtnl lock"
        default: "compare with iproute2's answer to the same command"
        }
    }
}

func errnoName(_ code: Int32) -> String {
    cnetlink_errno_name(code).map { String(cString: $0) } ?? "errno \(code)"
}

func errnoText(_ code: Int32) -> String {
    cnetlink_errno_text(code).map { String(cString: $0) } ?? "unknown error"
}
