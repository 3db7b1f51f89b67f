import NetworkTypes

extension FileWalk {
    /// Rules of a prefix filter. Says which of them never decide, and where all of them together permit nothing.
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
        if rules.count == elements.count, !rules.isEmpty, !rules.contains(where: { $0.rule.action == .permit }) {
            report(
                .warning, at: item.namePlace, path: item.path, reason: "“\(item.name)” permits nothing: what no rule matches is denied",
                remedy: "end it with what is permitted, like “permit 0.0.0.0/0 le 32” and “permit ::/0 le 128”")
        }
        return rules.map(\.rule)
    }

    private mutating func checkDecides(_ rule: PrefixRule, _ item: Item, _ earlier: [(rule: PrefixRule, line: Int)]) {
        guard let (other, line) = earlier.first(where: { $0.rule.covers(rule) }) else { return }
        if other.action == rule.action, other.prefix == rule.prefix, other.lengths == rule.lengths {
            // bgpd keeps one of two equal entries, and would never have what it was told.
            reportTwice(item, rule.description, line)
        } else {
            report(
                .warning, at: item.place, path: item.path, value: rule.description,
                reason: "“\(rule)” never decides: “\(other)” on line \(line) matches all of it before",
                remedy: "put it first, or take it out")
        }
    }

    /// Different prefixes. `reason` says why none may be a default route; nil: one may.
    mutating func prefixes(of item: Item, example: String, refusingDefault reason: String? = nil) -> [IPPrefix] {
        distinct(of: item, example: example) { walk, element in walk.prefix(of: element, refusingDefault: reason) } ?? []
    }

    mutating func prefix(of item: Item, refusingDefault reason: String?) -> IPPrefix? {
        guard let prefix = value(of: item, as: IPPrefix.self) else { return nil }
        guard prefix.length == 0, let reason else { return prefix }
        report(
            at: item.place, path: item.path, value: prefix.description, reason: "\(prefix) is a default route: \(reason)",
            remedy: "write the tenants' own prefixes, like 10.0.0.0/8")
        return nil
    }
}
