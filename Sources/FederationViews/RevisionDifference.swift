import Federation
import FederationAPI

/// What one revision is beside another one.
package struct RevisionDifference: Hashable, Sendable, Encodable {
    package var from: UInt64
    package var to: UInt64
    package var plan: Plan
    /// Numbers and addresses that are held or reserved in one of them only, or by others.
    package var ledger: [LedgerChange]
    /// The two files, line by line, as `diff -u` has it.
    package var text: [TextDifference.Line]

    package init(_ comparison: RevisionComparison) {
        plan = comparison.plan
        from = comparison.plan.base
        to = comparison.to.number
        ledger = comparison.ledger
        text = TextDifference.unified(from: comparison.fromText, to: comparison.toText)
    }

    private enum CodingKeys: CodingKey {
        case from, to, plan, ledger, text
    }

    private enum LedgerKeys: CodingKey {
        case before, after
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(from, forKey: .from)
        try container.encode(to, forKey: .to)
        try container.encode(plan, forKey: .plan)
        var list = container.nestedUnkeyedContainer(forKey: .ledger)
        for change in ledger {
            var entry = list.nestedContainer(keyedBy: LedgerKeys.self)
            try entry.encodeIfPresent(change.before.map(LedgerLine.init), forKey: .before)
            try entry.encodeIfPresent(change.after.map(LedgerLine.init), forKey: .after)
        }
        try container.encode(text, forKey: .text)
    }

    package var isEmpty: Bool { plan.changesNothing && ledger.isEmpty && text.isEmpty }
}
