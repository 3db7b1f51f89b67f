import GRPCNIOTransportHTTP2Posix
import NetworkTypes

/// Where to listen or connect: `192.0.2.1:7443`, `[2001:db8::1]:7443` or `coordinator.example:7443`.
package struct Endpoint: TextualValue {
    package let host: String
    package let port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Where a coordinator listens unless it is told otherwise.
    package static let defaultPort: UInt16 = 7443

    /// To connect to: where only a host is given, its port is the default one.
    package init(connectingTo text: some StringProtocol) throws(ParseError) {
        let isBare = text.hasPrefix("[") ? text.hasSuffix("]") : !text.contains(":")
        if IPv6Address(String(text)) != nil {
            self.init(host: String(text), port: Self.defaultPort)
        } else {
            try self.init(parsing: isBare && !text.isEmpty ? "\(text):\(Self.defaultPort)" : String(text))
        }
    }

    package init(parsing text: some StringProtocol) throws(ParseError) {
        func refusal(_ reason: String) -> ParseError {
            ParseError(
                expected: "endpoint", value: String(text), reason: reason,
                remedy: "write it like 192.0.2.1:7443, [2001:db8::1]:7443 or coordinator.example:7443")
        }
        guard let colon = text.lastIndex(of: ":") else { throw refusal("the port is missing") }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
            throw refusal("port must be 0–65535")
        }
        var host = text[..<colon]
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), IPv6Address(String(host.dropFirst().dropLast())) != nil else {
                throw refusal("the brackets must hold an IPv6 address")
            }
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw refusal("an IPv6 address with a port needs brackets")
        }
        guard !host.isEmpty, host.allSatisfy({ !$0.isWhitespace && $0 != "/" }) else { throw refusal("the host is missing") }
        self.init(host: String(host), port: port)
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// nil where the host is a name.
    package var address: IPAddress? { IPAddress(host) }

    /// To listen at; nil where the host is a name, because a name may have several addresses.
    var socketAddress: SocketAddress? {
        switch address {
        case .v4: .ipv4(host: host, port: Int(port))
        case .v6: .ipv6(host: host, port: Int(port))
        case nil: nil
        }
    }

    /// To connect to.
    var target: any ResolvableTarget {
        switch address {
        case .v4: .ipv4(address: host, port: Int(port))
        case .v6: .ipv6(address: host, port: Int(port))
        case nil: .dns(host: host, port: Int(port))
        }
    }
}
