import NetworkTypes

/// Where a database server listens, as ovsdb(7) writes it: `unix:PATH`, `tcp:HOST:PORT`, `ssl:HOST:PORT`.
package enum OVSDBRemote: Hashable, Sendable, CustomStringConvertible {
    case unix(path: String)
    /// An IPv6 address stands here without its brackets.
    case tcp(host: String, port: Int)
    case ssl(host: String, port: Int)

    package init(parsing text: String) throws(ParseError) {
        guard let colon = text.firstIndex(of: ":") else { throw Self.refusal(text, "must begin with unix:, tcp: or ssl:") }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon] {
        case "unix":
            guard !rest.isEmpty else { throw Self.refusal(text, "the path is missing") }
            self = .unix(path: String(rest))
        case "tcp":
            let (host, port) = try Self.endpoint(rest, of: text)
            self = .tcp(host: host, port: port)
        case "ssl":
            let (host, port) = try Self.endpoint(rest, of: text)
            self = .ssl(host: host, port: port)
        default: throw Self.refusal(text, "must begin with unix:, tcp: or ssl:")
        }
    }

    /// One or more, with commas between them, as `OVN_SB_DB` and `ovn-remote` hold them.
    package static func list(parsing text: String) throws(ParseError) -> [OVSDBRemote] {
        var remotes: [OVSDBRemote] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            remotes.append(try OVSDBRemote(parsing: String(part.trimmingPrefix(while: { $0 == " " }))))
        }
        return remotes
    }

    private static func endpoint(_ rest: Substring, of text: String) throws(ParseError) -> (host: String, port: Int) {
        guard let colon = rest.lastIndex(of: ":") else { throw refusal(text, "the port is missing") }
        var host = rest[..<colon]
        let isBracketed = host.first == "[" && host.last == "]"
        if isBracketed { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw refusal(text, "the host is missing") }
        guard isBracketed || !host.contains(":") else { throw refusal(text, "an IPv6 address needs brackets") }
        guard !isBracketed || IPv6Address(String(host)) != nil else { throw refusal(text, "the brackets must hold an IPv6 address") }
        let digits = rest[rest.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits), port > 0 else {
            throw refusal(text, "port must be 1–65535")
        }
        return (String(host), Int(port))
    }

    private static func refusal(_ text: String, _ reason: String) -> ParseError {
        ParseError(
            expected: "OVSDB remote", value: text, reason: reason,
            remedy: "write it like unix:/run/ovn/ovnsb_db.sock, tcp:192.0.2.1:6642 or ssl:[2001:db8::1]:6642")
    }

    package var description: String {
        func endpoint(_ host: String, _ port: Int) -> String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
        return switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port): "tcp:" + endpoint(host, port)
        case .ssl(let host, let port): "ssl:" + endpoint(host, port)
        }
    }
}
