import NetworkTypes

/// The passwords of BGP sessions (RFC 2385), by peer. They stand in no stanza, step, recording or message: a line of configuration says
/// `password FROM-FILE` instead, and the password is put in when the line goes to bgpd.
package struct SessionPasswords: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private var peers: [IPAddress: String] = [:]
    /// For peers without one of their own.
    private var others: String?

    package init() {}

    /// Reads lines of `ADDRESS PASSWORD`, or `* PASSWORD` for all other peers; `#` begins a comment line.
    /// - Throws: the number of the first line that is none of these, and why; or that there is no password. Never a part of a line.
    package init(parsing text: String) throws(ParseError) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            func wrong(_ reason: String) -> ParseError {
                ParseError(
                    expected: "line of passwords", value: "number \(index + 1)", reason: reason,
                    remedy: "write the peer's address and its password, like “192.0.2.254 PASSWORD”, or “* PASSWORD” for all peers")
            }
            guard words.count == 2 else { throw wrong("must be a peer and a password without spaces") }
            guard words[1].utf8.count <= Self.longest, words[1].utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
                throw wrong("the password must be 1–\(Self.longest) printable ASCII characters")
            }
            if first == "*" {
                guard others == nil else { throw wrong("a second password for all peers") }
                others = words[1]
            } else {
                guard let address = IPAddress(first) else { throw wrong("the peer must be an address or *") }
                guard peers.updateValue(words[1], forKey: address) == nil else { throw wrong("a second password for the same peer") }
            }
        }
        // It is half-written, more likely than meant: sessions without passwords have no file.
        guard !peers.isEmpty || others != nil else {
            throw ParseError(
                expected: "passwords", value: "file", reason: "no passwords in it",
                remedy: "write lines like “192.0.2.254 PASSWORD” or “* PASSWORD”, or start the agent without --bgp-passwords")
        }
    }

    /// As bgpd has it (PEER_PASSWORD_MAXLEN).
    private static let longest = 80

    package var known: KnownPasswords { .peers(peers.keys.sorted(), everybody: others != nil) }

    private func password(of neighbour: String) -> String? { IPAddress(neighbour).flatMap { peers[$0] } ?? others }

    static let mark = "FROM-FILE"

    /// The lines as bgpd is to get them.
    package func reveal(_ lines: [String]) -> [String] {
        lines.map { line in
            let ending = " password \(Self.mark)"
            guard line.hasSuffix(ending), let neighbour = ConfigurationLine(line.trimmingSpaces).neighbour,
                let password = password(of: neighbour)
            else { return line }
            return line.dropLast(Self.mark.utf8.count) + password
        }
    }

    /// A line of bgpd's: its password is that of the file, or another one, which is not ours to know.
    func conceal(_ line: String) -> String {
        guard let word = line.firstRange(of: " password ") else { return line }
        let start = String(line[..<word.lowerBound]) + " password"
        guard let neighbour = ConfigurationLine(line).neighbour, let password = password(of: neighbour),
            line[word.upperBound...] == password
        else { return start }
        return "\(start) \(Self.mark)"
    }

    /// Any text, such as bgpd's own about a line. The longest goes first: of a password that begins like a shorter one, the rest would stay.
    package func without(_ text: String) -> String {
        (Array(peers.values) + [others].compactMap(\.self)).sorted { $0.utf8.count > $1.utf8.count }
            .reduce(text) { $0.replacing($1, with: "…") }
    }

    package var description: String { "passwords of \(peers.count) peers" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Whose passwords the agent has.
package enum KnownPasswords: Hashable, Sendable, Codable {
    /// Of these, ascending; and of everybody else or not.
    case peers([IPAddress], everybody: Bool)
    /// The file cannot be used as it is now, and why. Sessions stay as they are, with the passwords that were read before.
    case unreadable(String)

    /// Whether sessions with it have a password.
    package func has(_ peer: IPAddress) -> Bool {
        switch self {
        case .peers(let peers, let everybody): everybody || peers.contains(peer)
        case .unreadable: false
        }
    }
}
