/// A value of the ledger that differs between two revisions: its owner, or its reservation.
package struct LedgerChange: Hashable, Sendable, Codable {
    /// Nil if it was neither held nor reserved.
    package var before: LedgerEntry?
    package var after: LedgerEntry?

    package init(before: LedgerEntry?, after: LedgerEntry?) {
        self.before = before
        self.after = after
    }

    /// Without quarantines, which follow from earlier holders. Sorted.
    package static func between(_ old: [LedgerEntry], _ new: [LedgerEntry]) -> [LedgerChange] {
        let before = byValue(old), after = byValue(new)
        return Set(before.keys).union(after.keys).compactMap { key -> LedgerChange? in
            let change = LedgerChange(before: before[key], after: after[key])
            return change.before?.standing == change.after?.standing ? nil : change
        }.sorted { a, b in
            guard let a = a.after ?? a.before, let b = b.after ?? b.before else { return false }
            return a < b
        }
    }

    package var kind: GraphChange.Kind { before == nil ? .added : after == nil ? .removed : .changed }

    /// `vni 10001 of red`, `vni 20001-20010 reserved: old fabric`, `vni 10001 of red → of blue`.
    package var description: String {
        let words = [before, after].compactMap(\.self)
        return "\(words.first.map { "\($0.kind.rawValue) \($0.value)" } ?? "") \(words.map(\.told).joined(separator: " → "))"
    }

    private struct Key: Hashable {
        var kind: LedgerEntry.Kind
        var value: String
    }

    private static func byValue(_ entries: [LedgerEntry]) -> [Key: LedgerEntry] {
        Dictionary(entries.filter { $0.state != .quarantined }.map { (Key(kind: $0.kind, value: $0.value), $0) }) { first, _ in first }
    }
}

extension LedgerEntry {
    /// Without times, which do not matter here.
    fileprivate var standing: [String] { [state.rawValue, owner ?? "", state == .reserved ? reason : ""] }
    fileprivate var told: String { owner.map { "of \($0)" } ?? "reserved: \(reason)" }
}
