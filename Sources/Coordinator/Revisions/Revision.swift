import Federation
import FederationModel

/// A revision of the graph: what was applied, what was allocated for it, and what it asks of each gateway.
package struct Revision: Sendable {
    package var summary: RevisionSummary
    /// Names the database; made when it was created.
    package var epoch: String
    package var federation: FederationID
    /// The federation file, as applied.
    package var text: String
    /// Nil before the first apply.
    package var graph: FederationGraph?
    package var ledger: Ledger
    /// Nil before the first apply.
    package var compilation: Compilation?

    package init(
        summary: RevisionSummary, epoch: String, federation: FederationID, text: String, graph: FederationGraph?, ledger: Ledger,
        compilation: Compilation?
    ) {
        self.summary = summary
        self.epoch = epoch
        self.federation = federation
        self.text = text
        self.graph = graph
        self.ledger = ledger
        self.compilation = compilation
    }

    /// Before the first apply.
    package static func none(epoch: String, federation: FederationID) -> Revision {
        Revision(summary: .none, epoch: epoch, federation: federation, text: "", graph: nil, ledger: Ledger(), compilation: nil)
    }

    /// 0 before the first apply.
    package var number: UInt64 { summary.number }
    package var author: String { summary.author }
    /// Milliseconds since 1970.
    package var appliedAt: Int64 { summary.appliedAt }
    package var intents: [GatewayID: GatewayIntent] { compilation?.intents ?? [:] }
    /// Everything that is not free. Sorted.
    package var entries: [LedgerEntry] { ledger.entries(of: graph ?? FederationGraph(federation: federation)) }
    /// What the graph's clouds, VPNs and gateways have. Sorted.
    package var held: [LedgerEntry] { entries.filter { $0.state == .held } }
}

/// What is to become the next revision. Its number is the store's.
package struct RevisionDraft: Sendable {
    /// The number is not looked at.
    package var summary: RevisionSummary
    package var text: String
    package var graph: FederationGraph
    /// Has allocated for the graph.
    package var ledger: Ledger
    /// Of graph and ledger, for the number after the base.
    package var compilation: Compilation
    /// When it is taken back unless it is confirmed, in milliseconds since 1970; nil: it stays.
    package var deadline: Int64?

    package init(
        summary: RevisionSummary, text: String, graph: FederationGraph, ledger: Ledger, compilation: Compilation, deadline: Int64? = nil
    ) {
        self.summary = summary
        self.text = text
        self.graph = graph
        self.ledger = ledger
        self.compilation = compilation
        self.deadline = deadline
    }
}
