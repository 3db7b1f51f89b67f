import FederationModel
import NetworkTypes

extension PrefixRule {
    /// The one spelling of all that match the same, so that what runs can be compared with what shall run. Nil for what nothing matches.
    package init?(canonical action: Action, _ prefix: IPPrefix, lengths: ClosedRange<Int>) {
        let (own, width) = (prefix.length, prefix.family.width)
        let (shortest, longest) = (max(lengths.lowerBound, own), min(lengths.upperBound, width))
        guard shortest <= longest else { return nil }
        let isOpen = shortest > own ? longest == width : longest == own
        self.init(action, prefix, ge: shortest > own ? shortest : nil, le: isOpen ? nil : longest)
    }

    private static let denyAll = PrefixRule(.deny, .everything(.ipv4), le: 32)

    /// Rules that decide the same, those of IPv4 first; without those that match nothing or that an earlier one hides.
    /// A filter never becomes none by it: none permits everything.
    package static func canonical(_ rules: [PrefixRule]) -> [PrefixRule] {
        guard !rules.isEmpty else { return [] }
        var kept: [PrefixRule] = []
        for family in AddressFamily.allCases {
            for rule in rules where rule.prefix.family == family {
                guard let rule = PrefixRule(canonical: rule.action, rule.prefix, lengths: rule.lengths) else { continue }
                if !kept.contains(where: { $0.prefix == rule.prefix && $0.lengths == rule.lengths }) { kept.append(rule) }
            }
        }
        return kept.isEmpty ? [denyAll] : kept
    }
}
