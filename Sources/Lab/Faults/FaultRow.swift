/// What came of one fault: a row of the table.
package struct FaultRow: Hashable, Sendable, Codable {
    package var lab: String
    package var fault: String
    package var layer: InjectedFault.Layer
    package var what: String
    /// The catalogue has no cause for it.
    package var isUnknown: Bool
    package var commit: String

    /// Requests lost and sent, from the injection until the verdict was settled.
    package var lost = 0
    package var sent = 0
    /// What packets came to beside the settled verdict, in words; empty: all passed.
    package var truth = ""
    /// `FAIL`, `UNKNOWN`, … of the pairs, counted.
    package var verdict = ""
    /// `code at step`, those of the settled verdict.
    package var causes: [String] = []
    /// The same of verdicts before it.
    package var before: [String] = []
    /// Seconds from the injection to the first verdict that was not well; nil: there was none.
    package var told: Double?
    /// Pairs that lost packets and were called well, in words.
    package var falseOKs: [String] = []
    /// Pairs that lost nothing and were called failed.
    package var falseFails: [String] = []
    /// The verdict says what there is to say, at the right step.
    package var isRight = false
    package var fix = Fix.none
    /// The commands that were typed, with their hosts.
    package var typed: [String] = []
    /// Seconds from the injection until packets passed again, without a fix; nil: they did not, or none were lost.
    package var healedAfter: Double?
    /// An agent says that it repaired something meanwhile.
    package var isRepaired = false
    /// Why the row says less than others.
    package var note: String?

    package enum Fix: String, Hashable, Sendable, Codable {
        /// No cause, so nothing to do.
        case none
        /// It only looks, or asks for something that no command does.
        case look
        case healed
        case notHealed = "not healed"
        /// It was over before.
        case over
    }

    init(_ fault: InjectedFault, lab: String, commit: String) {
        self.lab = lab
        self.fault = fault.name
        self.layer = fault.layer
        self.what = fault.what
        self.isUnknown = fault.isUnknownToCatalogue
        self.commit = commit
    }
}

extension FaultRow {
    /// Compares what verify said with what packets came to.
    mutating func judge(_ answer: VerifyAnswer, by truth: PacketTruth, of fault: InjectedFault) {
        (falseOKs, falseFails) = ([], [])
        self.truth = truth.words
        verdict = Dictionary(grouping: answer.pairs, by: \.state).map { "\($0.value.count) \(Self.words[$0.key] ?? $0.key)" }.sorted()
            .joined(separator: ", ")
        if answer.leaks > 0 { verdict += ", \(answer.leaks) leaks" }
        causes = answer.words
        for pair in answer.pairs {
            let rows = truth.rows(pair)
            let reverse = answer.pair(pair.vpn, origin: pair.viewer, viewer: pair.origin)
            // A request that does not arrive is this pair's affair. One whose answer is lost is the affair of one of the two.
            let isLost =
                rows.contains { $0.isLostOut } || rows.contains { $0.isLost } && reverse?.isWell ?? true
                || truth.isLossy(pair) && reverse?.isWell ?? true
            if pair.isWell, isLost { falseOKs.append(pair.name) }
            if pair.state == "failed", !rows.isEmpty, !rows.contains(where: \.isLost), !truth.isLossy(pair), fault.effect != .leak {
                falseFails.append("\(pair.name) (\(pair.cause?.code ?? "?"))")
            }
        }
        isRight = isRight(answer, truth, fault)
    }

    private func isRight(_ answer: VerifyAnswer, _ truth: PacketTruth, _ fault: InjectedFault) -> Bool {
        guard falseOKs.isEmpty, falseFails.isEmpty else { return false }
        let causes = answer.pairs.compactMap(\.cause)
        if truth.isWhole, answer.isWell, fault.effect == .none || healedAfter != nil || isRepaired { return true }
        if fault.effect == .leak, answer.leaks > 0, causes.isEmpty { return true }
        guard !causes.isEmpty else { return false }
        return causes.allSatisfy { fault.causes.contains($0.code) || fault.steps.contains($0.step) }
    }

    private static let words = [
        "ok": "OK", "programmed": "PROGRAMMED", "degraded": "DEGRADED", "failed": "FAIL", "unknown": "UNKNOWN", "empty": "EMPTY",
        "waiting": "WAITING",
    ]
}
