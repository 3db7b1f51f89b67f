import FederationModel
import NetworkTypes

extension FileWalk {
    /// Rules of a prefix filter. Reports rules that never apply, and filters that permit nothing.
    mutating func rules(of item: Item) -> [PrefixRule] {
        guard let elements = elements(of: item, example: "\(item.name): [\"permit 10.0.0.0/8 le 32\"]") else { return [] }
        var rules: [(rule: PrefixRule, line: Int)] = []
        for element in elements {
            guard let text = text(of: element) else { continue }
            let rule: PrefixRule
            do {
                rule = try PrefixRule(parsing: text)
            } catch {
                report(error, at: element.place, path: element.path)
                continue
            }
            checkDecides(rule, element, rules)
            rules.append((rule, element.place.line))
        }
        checkReach(of: rules.map(\.rule), item, isWhole: rules.count == elements.count)
        if rules.count == elements.count, !rules.isEmpty, !rules.contains(where: { $0.rule.action == .permit }) {
            report(
                .warning, at: item.namePlace, path: item.path, reason: "“\(item.name)” permits nothing: unmatched prefixes are denied",
                remedy: "end it with permit rules, like “permit 0.0.0.0/0 le 32” and “permit ::/0 le 128”")
        }
        return rules.map(\.rule)
    }

    /// `permit 10.0.0.0/8` alone matches only the /8 itself and no host: usually “le 32” is missing.
    private mutating func checkReach(of rules: [PrefixRule], _ item: Item, isWhole: Bool) {
        let permits = rules.filter { $0.action == .permit }
        guard isWhole, !permits.isEmpty, permits.allSatisfy({ $0.lengths.upperBound < $0.prefix.family.width }) else { return }
        let first = permits[0]
        report(
            .warning, at: item.namePlace, path: item.path, value: first.description,
            reason: "“\(item.name)” permits no host route: “\(first)” matches "
                + (first.lengths.upperBound == first.prefix.length
                    ? "only \(first.prefix) itself" : "only prefixes up to /\(first.lengths.upperBound)"),
            remedy: "add “le \(first.prefix.family.width)”, like “permit \(first.prefix) le \(first.prefix.family.width)”, unless only "
                + "“subnets” are advertised")
    }

    private mutating func checkDecides(_ rule: PrefixRule, _ item: Item, _ earlier: [(rule: PrefixRule, line: Int)]) {
        guard let (other, line) = earlier.first(where: { $0.rule.covers(rule) }) else { return }
        if other.action == rule.action, other.prefix == rule.prefix, other.lengths == rule.lengths {
            // bgpd keeps one of two equal entries, so the configuration would never match.
            reportTwice(item, rule.description, line)
        } else {
            report(
                .warning, at: item.place, path: item.path, value: rule.description,
                reason: "“\(rule)” never applies: “\(other)”\(otherLine(" on line", line)) matches everything first",
                remedy: "move it first, or remove it")
        }
    }

    /// Distinct prefixes. `reason` explains why a default route is refused.
    mutating func prefixes(
        of item: Item, example: String, refusingDefault reason: String, _ own: FederationAddresses
    ) -> [IPPrefix] {
        distinct(of: item, example: example) { walk, element in walk.prefix(of: element, refusingDefault: reason, own) } ?? []
    }

    /// A tenant's prefix: not a default route, a special-purpose block or an address of the federation.
    mutating func prefix(of item: Item, refusingDefault reason: String, _ own: FederationAddresses) -> IPPrefix? {
        guard let prefix = value(of: item, as: IPPrefix.self) else { return nil }
        func refuse(_ reason: String, remedy: String = "write tenants' prefixes, like 10.0.0.0/8") {
            report(at: item.place, path: item.path, value: prefix.description, reason: "\(prefix) \(reason)", remedy: remedy)
        }
        if prefix.length == 0 {
            refuse("is a default route: \(reason)")
            return nil
        }
        if let purpose = SpecialPurpose(holding: prefix) {
            refuse("is \(purpose.words): tenants cannot use it, and routers do not forward it")
            return nil
        }
        guard let (address, owner) = own.first(in: prefix) else { return prefix }
        if prefix.isHost {
            refuse("is the \(owner): the gateway would take tenants' packets to it")
            return nil
        }
        if !prefix.isAggregate {
            report(
                .warning, at: item.place, path: item.path, value: prefix.description,
                reason: "\(prefix) holds \(address), the \(owner): routes do not lead to gateways, and the gateways would take "
                    + "tenants' packets to it",
                remedy: "write a prefix that only tenants use, unless this is intended")
        }
        return prefix
    }
}
