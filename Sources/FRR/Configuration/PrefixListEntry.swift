import NetworkTypes

/// One entry of an ordered prefix list (`ip prefix-list`): the first that matches decides, and what none matches is denied.
package struct PrefixListEntry: Hashable, Sendable {
    package let permits: Bool
    package let prefix: IPPrefix
    /// The lengths that match, of networks inside `prefix`; within its own length and the width of its family.
    package let lengths: ClosedRange<Int>

    /// - Parameter lengths: cut to what can match at all; nil where nothing is left.
    package init?(permits: Bool, prefix: IPPrefix, lengths: ClosedRange<Int>) {
        let possible = prefix.length...prefix.family.width
        guard lengths.overlaps(possible) else { return nil }
        self.permits = permits
        self.prefix = prefix
        self.lengths = lengths.clamped(to: possible)
    }

    /// As bgpd prints it. It refuses `ge` and `le` with the prefix' own length.
    var text: String {
        let minimum = lengths.lowerBound > prefix.length ? " ge \(lengths.lowerBound)" : ""
        let isOpen = lengths.lowerBound > prefix.length ? lengths.upperBound == prefix.family.width : lengths.upperBound == prefix.length
        return "\(permits ? "permit" : "deny") \(prefix)\(minimum)" + (isOpen ? "" : " le \(lengths.upperBound)")
    }

    /// Reads what stands behind the sequence number; nil for what `text` never is.
    init?(words: some Collection<String>) {
        var words = Array(words)
        guard words.count >= 2, words[0] == "permit" || words[0] == "deny", let prefix = IPPrefix(words[1]) else { return nil }
        let permits = words[0] == "permit"
        words.removeFirst(2)
        var minimum: Int?
        var maximum: Int?
        while words.count >= 2 {
            guard let length = Int(words[1]) else { return nil }
            switch words[0] {
            case "ge": minimum = length
            case "le": maximum = length
            default: return nil
            }
            words.removeFirst(2)
        }
        let shortest = minimum ?? prefix.length
        let longest = maximum ?? (minimum == nil ? prefix.length : prefix.family.width)
        guard words.isEmpty, shortest <= longest else { return nil }
        self.init(permits: permits, prefix: prefix, lengths: shortest...longest)
    }
}
