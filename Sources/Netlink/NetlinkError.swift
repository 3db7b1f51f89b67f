import CNetlink
import Glibc

/// The kernel refused a request: which, with what number and words, and what to do about it.
package struct NetlinkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was asked, as the command of iproute2 that asks the same.
    package let request: String
    /// errno(3).
    package let code: Int32
    /// The kernel's own words (NLMSGERR_ATTR_MSG), or ours where it has none.
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

/// What the kernel answered, before anybody knows what it means for the request.
struct Refusal: Error, Hashable {
    var code: Int32
    var reason: String?

    func error(for request: String) -> NetlinkError {
        NetlinkError(request: request, code: code, reason: reason, remedy: remedy)
    }

    private var remedy: String {
        switch code {
        case EPERM, EACCES: "run as root, or give the process CAP_NET_ADMIN in this network namespace"
        case EEXIST: "look at what is there, and delete it first or take another name"
        case ENODEV, ENXIO: "create the interface first, or find out who deleted it"
        case EOPNOTSUPP, EPROTONOSUPPORT: "use a kernel that has this device or option (modprobe vrf, vxlan, bridge, veth)"
        case EAFNOSUPPORT: "switch IPv6 on (sysctl net.ipv6.conf.all.disable_ipv6=0), or leave IPv6 out"
        case ENETUNREACH, EHOSTUNREACH, ENETDOWN:
            "set the interface up and give the gateway a route on that interface first, or mark the next hop as onlink"
        case ESRCH, ENOENT, EADDRNOTAVAIL: "nothing: it is not there"
        case EBUSY: "find out who uses it (ip -d link show)"
        case ENOBUFS, ENOMEM: "free memory, or raise net.core.rmem_max"
        case ETIMEDOUT: "look at the kernel's log (dmesg) for a task that hangs holding the rtnl lock"
        default: "compare with what iproute2 says to the same command"
        }
    }
}

func errnoName(_ code: Int32) -> String {
    cnetlink_errno_name(code).map { String(cString: $0) } ?? "errno \(code)"
}

func errnoText(_ code: Int32) -> String {
    cnetlink_errno_text(code).map { String(cString: $0) } ?? "unknown error"
}
