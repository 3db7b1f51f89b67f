import Federation

/// What became of a federation file.
package struct Application: Sendable {
    /// The revision in force afterwards.
    package var revision: UInt64
    /// The file has no errors.
    package var accepted: Bool
    package var changes: [GraphChange]
    package var diagnostics: [Diagnostic]
}

/// Decides what a file makes of a revision. Pure.
package enum FilePlan {
    case refused([Diagnostic])
    /// The same file is in force already.
    case unchanged(warnings: [Diagnostic])
    case change(RevisionDraft, [GraphChange], warnings: [Diagnostic])

    /// - Parameters:
    ///   - author: who applies.
    ///   - now: milliseconds since 1970.
    /// - Throws: `CompilationError` where ledger and graph do not fit each other, which is an error of this program.
    package init(text: String, fileName: String, author: String, on current: Revision, at now: Int64) throws {
        let reading = FederationFile.read(text: text, fileName: fileName)
        guard let graph = reading.graph else {
            self = .refused(reading.diagnostics)
            return
        }
        var ledger = current.ledger
        do throws(AllocationError) {
            try Self.checkFederation(graph, current.federation)
            try ledger.allocate(for: graph, at: now)
        } catch {
            self = .refused((reading.diagnostics + reading.diagnostics(for: error)).sorted())
            return
        }
        if text == current.text, graph == current.graph {
            self = .unchanged(warnings: reading.warnings)
            return
        }
        let intents = try graph.intents(with: ledger, epoch: current.epoch, revision: current.number + 1)
        let changes = GraphChange.between(current.graph, graph, IntentDifference.between(current.intents, intents))
        let draft = RevisionDraft(author: author, appliedAt: now, text: text, graph: graph, ledger: ledger)
        self = .change(draft, changes, warnings: reading.warnings)
    }

    /// Certificates are bound to a federation's name; a file of another one would lock every agent out.
    private static func checkFederation(_ graph: FederationGraph, _ ours: FederationID) throws(AllocationError) {
        guard graph.federation != ours else { return }
        throw AllocationError(problems: [
            AllocationProblem(
                cause: .taken, path: "federation", value: graph.federation.text,
                reason: "this coordinator serves federation \(ours), not \(graph.federation)",
                remedy: "write federation: \(ours), or connect to the coordinator of \(graph.federation)")
        ])
    }
}
