import FederationAPI
import Foundation

/// Why a host and port cannot be connected to: the transport says “unavailable” for all of it.
enum Reachability: Hashable, Sendable {
    case unknownHost(String)
    case refused
    case noRoute(String)
    case silent
    /// It can; what is wrong comes later.
    case open

    /// Tries the name, then each of its addresses, a second each at most.
    init(of endpoint: FederationAPI.Endpoint) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(endpoint.host, "\(endpoint.port)", &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard status == 0 else {
            self = .unknownHost(String(cString: gai_strerror(status)))
            return
        }
        var worst = Reachability.silent
        var next = list
        while let entry = next?.pointee {
            switch Self.connect(entry) {
            case .open:
                self = .open
                return
            case let result where result != .silent: worst = result
            default: break
            }
            next = entry.ai_next
        }
        self = worst
    }

    private static func connect(_ entry: addrinfo) -> Reachability {
        let descriptor = socket(entry.ai_family, entry.ai_socktype | Int32(SOCK_NONBLOCK.rawValue), entry.ai_protocol)
        guard descriptor >= 0 else { return .noRoute(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        if Glibc.connect(descriptor, entry.ai_addr, entry.ai_addrlen) == 0 { return .open }
        guard errno == EINPROGRESS else { return verdict(errno) }
        var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&poller, 1, 1000) > 0 else { return .silent }
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length)
        return error == 0 ? .open : verdict(error)
    }

    private static func verdict(_ error: Int32) -> Reachability {
        error == ECONNREFUSED ? .refused : error == ETIMEDOUT ? .silent : .noRoute(String(cString: strerror(error)))
    }

    /// What is wrong, and what to do; nil where it is not the way there.
    func commandError(_ endpoint: FederationAPI.Endpoint) -> CommandError? {
        let other = "or choose another with --coordinator HOST:PORT or FEDCTL_COORDINATOR"
        switch self {
        case .open: return nil
        case .unknownHost(let why):
            return CommandError(
                "the coordinator at \(endpoint) cannot be reached: its name has no address (\(why))",
                remedy: "check the name: getent hosts \(endpoint.host); \(other)")
        case .refused:
            return CommandError(
                "the coordinator at \(endpoint) cannot be reached: connection refused",
                remedy: "check that fed-coordinator runs and listens there (systemctl status fed-coordinator; ss -ltn), \(other)")
        case .noRoute(let why):
            return CommandError(
                "the coordinator at \(endpoint) cannot be reached: \(why)",
                remedy: "check the route: ip route get \(endpoint.host); \(other)")
        case .silent:
            return CommandError(
                "the coordinator at \(endpoint) cannot be reached: no answer",
                remedy: "check that the machine is up and that no firewall blocks TCP \(endpoint.port), \(other)")
        }
    }
}
