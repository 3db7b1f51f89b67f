extension Inspection {
    /// Pools that this plan uses and that run low.
    func pools() -> [Finding] {
        let low = new.ledger.supplies(for: new.graph, clouds: clouds).filter(\.isLow)
        guard !low.isEmpty else { return [] }
        let before = Dictionary(
            ledgerBefore.supplies(for: new.graph, clouds: clouds).map { ($0.path, $0.held) }, uniquingKeysWith: { first, _ in first })
        return low.filter { $0.held > before[$0.path] ?? 0 }.map {
            Finding(.warning, .poolLow, path: $0.path, reason: $0.text, remedy: "\($0.remedy); an apply is refused when none is left")
        }
    }
}
