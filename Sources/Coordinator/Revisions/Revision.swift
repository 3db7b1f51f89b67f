import Federation
import FederationAPI
import FederationModel

/// A revision of the graph: what was applied, what was allocated for it, and what it asks of each gateway.
package struct Revision: Sendable {
    package let record: RevisionRecord
    /// Of the record's contents; nil before the first apply.
    package let compilation: Compilation?

    /// Compiles what was stored.
    /// - Throws: `StoreError.damaged` where that is not possible: it was, when the revision was made.
    package init(compiling record: RevisionRecord) throws(StoreError) {
        self.record = record
        do {
            compilation = try record.contents.map {
                try Compilation($0.graph, with: $0.ledger, epoch: record.epoch, revision: record.number)
            }
        } catch {
            throw StoreError.damaged("revision \(record.number): \(error)")
        }
    }

    /// The revision that follows another one.
    ///
    /// - Parameters:
    ///   - summary: its number is not looked at.
    ///   - compilation: of the graph and ledger, for the number that follows and the same database.
    /// - Throws: `CompiledForAnother` where it is not: what agents are told would not be what is stored.
    package init(after base: Revision, _ summary: RevisionSummary, text: String, _ compilation: Compilation) throws(CompiledForAnother) {
        var summary = summary
        summary.number = base.number + 1
        guard compilation.revision == summary.number, compilation.epoch == base.epoch else {
            throw CompiledForAnother(wanted: summary.number, compiled: compilation.revision)
        }
        record = RevisionRecord(
            summary: summary, epoch: base.epoch, federation: base.federation,
            contents: RevisionContents(text: text, graph: compilation.graph, ledger: compilation.ledger))
        self.compilation = compilation
    }

    /// Before the first apply.
    package static func none(epoch: String, federation: FederationID) -> Revision {
        Revision(.none(epoch: epoch, federation: federation), nil)
    }

    private init(_ record: RevisionRecord, _ compilation: Compilation?) {
        self.record = record
        self.compilation = compilation
    }

    /// 0 before the first apply.
    package var number: UInt64 { record.number }
    package var summary: RevisionSummary { record.summary }
    /// Names the database; made when it was created.
    package var epoch: String { record.epoch }
    package var federation: FederationID { record.federation }
    package var author: Principal { summary.author }
    /// Milliseconds since 1970.
    package var appliedAt: Int64 { summary.appliedAt }
    /// The federation file, as applied.
    package var text: String { record.text }
    /// Nil before the first apply.
    package var graph: FederationGraph? { record.graph }
    package var ledger: Ledger { record.ledger }
    package var intents: [GatewayID: GatewayIntent] { compilation?.intents ?? [:] }
}

/// A compilation of another revision, or of another database's.
package struct CompiledForAnother: Error, Hashable, Sendable, CustomStringConvertible {
    package let wanted: UInt64
    package let compiled: UInt64

    package var description: String {
        "compiled for revision \(compiled) of this or another database, not for revision \(wanted) of this one"
    }
}
