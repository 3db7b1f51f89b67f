import NetworkTypes

/// What is understood of the match of a router policy (ovn-sb(5), Logical_Flow): conditions on source and destination, joined by `&&`.
package struct PolicyMatch: Hashable, Sendable, Codable {
    /// Nil: both.
    package private(set) var family: AddressFamily?
    /// Nil: any.
    package private(set) var sources: [IPPrefix]?
    /// Nil: any.
    package private(set) var destinations: [IPPrefix]?
    /// Nothing else is asked. Otherwise it matches at most what the conditions say.
    package private(set) var isWhole = true

    /// Longer ones are not read.
    package static let longest = 4_096

    package init(_ text: String) {
        // A match with alternatives or negations is not taken apart.
        guard text.utf8.count <= Self.longest, !text.contains("||"), !text.contains("!") else {
            isWhole = false
            return
        }
        for term in text.split(separator: "&").map({ $0.trimming(" \t()") }) where !term.isEmpty { take(term) }
    }

    private mutating func take(_ term: Substring) {
        switch term {
        case "1", "ip": return
        case "ip4": return narrow(to: .ipv4)
        case "ip6": return narrow(to: .ipv6)
        default: break
        }
        let sides = term.split(separator: "=").map { $0.trimming(" \t") }
        guard sides.count == 2, term.contains("=="), let values = Self.prefixes(sides[1]) else { return isWhole = false }
        let family: AddressFamily
        switch sides[0].prefix(4) {
        case "ip4.": family = .ipv4
        case "ip6.": family = .ipv6
        default: return isWhole = false
        }
        switch sides[0].dropFirst(4) {
        case "src" where sources == nil: sources = values
        case "dst" where destinations == nil: destinations = values
        default: return isWhole = false
        }
        narrow(to: family)
    }

    private mutating func narrow(to family: AddressFamily) {
        if let known = self.family, known != family { destinations = [] }
        self.family = family
    }

    /// `10.0.0.0/8` or `{10.0.0.0/8, 10.1.0.1}`; nil: something else, like an address set.
    private static func prefixes(_ text: Substring) -> [IPPrefix]? {
        let words = text.trimming("{}").split(separator: ",").map { $0.trimming(" \t") }
        let prefixes = words.compactMap { InterfaceAddress(String($0))?.prefix }
        return prefixes.count == words.count && !words.isEmpty ? prefixes : nil
    }

    /// Whether it may match packets from one of these networks to this one.
    func mayMatch(from subnets: [IPPrefix], to destination: IPPrefix) -> Bool {
        guard family ?? destination.family == destination.family else { return false }
        let isThere = destinations?.contains { $0.overlaps(destination) } ?? true
        return isThere && sources?.contains { source in subnets.contains { $0.overlaps(source) } } ?? true
    }

    /// Whether it matches all packets from these networks to this one.
    func matches(from subnets: [IPPrefix], to destination: IPPrefix) -> Bool {
        guard isWhole, mayMatch(from: subnets, to: destination) else { return false }
        let isThere = destinations?.contains { $0.contains(destination) } ?? true
        return isThere && sources.map { sources in subnets.allSatisfy { subnet in sources.contains { $0.contains(subnet) } } } ?? true
    }
}

extension Substring {
    /// Without these characters at both ends.
    fileprivate func trimming(_ characters: String) -> Substring {
        var rest = self
        while let first = rest.first, characters.contains(first) { rest = rest.dropFirst() }
        while let last = rest.last, characters.contains(last) { rest = rest.dropLast() }
        return rest
    }
}
