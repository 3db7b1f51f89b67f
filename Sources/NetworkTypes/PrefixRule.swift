/// An entry of a prefix filter, as in FRR's `ip prefix-list`: a prefix matches if it lies in `prefix` and its length is in `lengths`.
package struct PrefixRule: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The action for a match.
    package enum Action: String, Hashable, Sendable, Codable, CaseIterable {
        case permit, deny
    }

    package var action: Action
    package var prefix: IPPrefix
    /// The shortest length that matches (`ge`); nil: that of the prefix.
    package var minimumLength: Int?
    /// The longest (`le`); nil: with `ge` the address width, without it that of the prefix.
    package var maximumLength: Int?

    package init(_ action: Action, _ prefix: IPPrefix, ge minimumLength: Int? = nil, le maximumLength: Int? = nil) {
        self.action = action
        self.prefix = prefix
        self.minimumLength = minimumLength
        self.maximumLength = maximumLength
    }

    /// The lengths that match, in bits.
    package var lengths: ClosedRange<Int> {
        let shortest = minimumLength ?? prefix.length
        let longest = maximumLength ?? (minimumLength == nil ? prefix.length : prefix.family.width)
        return shortest...max(shortest, longest)
    }

    /// The one spelling of all rules that match the same, as bgpd prints it; nil for a rule that nothing matches.
    package var canonical: PrefixRule? {
        let (own, width) = (prefix.length, prefix.family.width)
        let (shortest, longest) = (max(lengths.lowerBound, own), min(lengths.upperBound, width))
        guard shortest <= longest else { return nil }
        let isOpen = shortest > own ? longest == width : longest == own
        return PrefixRule(action, prefix, ge: shortest > own ? shortest : nil, le: isOpen ? nil : longest)
    }

    /// The prefix lies in `prefix`, and its length in `lengths`.
    package func matches(_ other: IPPrefix) -> Bool { prefix.contains(other) && lengths.contains(other.length) }

    /// `permit 10.0.0.0/8 ge 24 le 32`, as FRR writes it.
    package var description: String {
        "\(action.rawValue) \(prefix)" + (minimumLength.map { " ge \($0)" } ?? "") + (maximumLength.map { " le \($0)" } ?? "")
    }
}

extension Collection<PrefixRule> {
    /// The first matching rule decides; unmatched prefixes are denied. No rules permit everything.
    package func permits(_ prefix: IPPrefix) -> Bool {
        isEmpty || first { $0.matches(prefix) }?.action == .permit
    }

    /// Whether a network or a part of it may pass: false only if certain.
    package func mayPermitPart(of prefix: IPPrefix) -> Bool {
        guard !isEmpty else { return true }
        for rule in self where rule.prefix.overlaps(prefix) && rule.lengths.upperBound >= prefix.length {
            if rule.action == .permit { return true }
            // Denies the network with all that is in it.
            if rule.prefix.contains(prefix), rule.lengths.lowerBound <= prefix.length, rule.lengths.upperBound == prefix.family.width {
                return false
            }
        }
        return false
    }
}
