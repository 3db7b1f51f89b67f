extension Explanation {
    /// For people.
    package var text: String {
        var lines = ["gateway  \(gateway ?? "not known: no intent is stored")", "", "FACTS"]
        let width = facts.map(\.of.count).max() ?? 0
        for fact in facts {
            let name = fact.of + String(repeating: " ", count: width - fact.of.count)
            lines.append("  \(name)  \(fact.seen.map { "\($0)  [\(Self.age(fact.age))]" } ?? "cannot be read")")
        }
        lines += ["", "DESIGN"]
        if let base { lines.append("  \(base)") }
        for wish in design { lines += ["  \(wish.vpn)"] + wish.lines.map { "    \($0)" } }
        if base == nil { lines.append("  none: what it is made from cannot be read") }
        lines += ["", "PLAN"]
        lines += plan.map { "  \($0.of): \($0.step), because \($0.reason)  [\($0.surface)]" }
        lines += waits.map { "  wait for \($0)" }
        if plan.isEmpty && waits.isEmpty { lines.append(isComplete ? "  nothing: the node is as designed" : "  unknown") }
        if !problems.isEmpty { lines += ["", "PROBLEMS"] + problems.map { "  \($0)" } }
        return lines.joined(separator: "\n")
    }

    /// For programs.
    package func json() throws -> String { try CanonicalJSON.text(of: self) }

    private static func age(_ milliseconds: Int64?) -> String {
        switch milliseconds {
        case nil: "age not known"
        case let age? where age < 1_000: "\(age) ms ago"
        case let age? where age < 120_000: "\(age / 1_000) s ago"
        case let age? where age < 7_200_000: "\(age / 60_000) min ago"
        case let age?: "\(age / 3_600_000) h ago"
        }
    }
}
