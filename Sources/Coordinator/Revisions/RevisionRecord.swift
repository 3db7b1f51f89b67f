import Federation
import FederationAPI
import FederationModel

/// What a revision is made of.
package struct RevisionContents: Hashable, Sendable {
    /// The federation file, as applied.
    package var text: String
    package var graph: FederationGraph
    /// Has allocated for the graph.
    package var ledger: Ledger

    package init(text: String, graph: FederationGraph, ledger: Ledger) {
        self.text = text
        self.graph = graph
        self.ledger = ledger
    }
}

/// A revision as it is stored: all that it takes to compile it again.
package struct RevisionRecord: Hashable, Sendable {
    package var summary: RevisionSummary
    /// Names the database; made when it was created.
    package var epoch: String
    package var federation: FederationID
    /// Nil before the first apply.
    package var contents: RevisionContents?

    package init(summary: RevisionSummary, epoch: String, federation: FederationID, contents: RevisionContents?) {
        self.summary = summary
        self.epoch = epoch
        self.federation = federation
        self.contents = contents
    }

    /// Before the first apply.
    package static func none(epoch: String, federation: FederationID) -> RevisionRecord {
        RevisionRecord(summary: .none, epoch: epoch, federation: federation, contents: nil)
    }

    /// 0 before the first apply.
    package var number: UInt64 { summary.number }
    package var text: String { contents?.text ?? "" }
    package var graph: FederationGraph? { contents?.graph }
    package var ledger: Ledger { contents?.ledger ?? Ledger() }
    /// Everything that is not free. Sorted.
    package var entries: [LedgerEntry] { ledger.entries(of: graph ?? FederationGraph(federation: federation)) }
    /// What the graph's clouds, VPNs and gateways have. Sorted.
    package var held: [LedgerEntry] { entries.filter { $0.state == .held } }
}
