import Federation

/// What must survive: revisions, allocations, and what is remembered of agents. What it says is done is on disk.
package protocol Store: Sendable {
    /// The revision in force; number 0 before the first apply.
    func latest() async throws -> Revision

    /// Makes the next revision in one transaction: compares the revision in force with the one that the draft was made
    /// from, and writes the draft with its ledger. Returns once it is durable; whatever is thrown, nothing was changed.
    ///
    /// - Parameter base: the revision that the draft was made from. If another one is in force now, `StoreError.conflict`
    ///   is thrown: nobody overwrites what he has not seen, and no allocation is made from an old ledger.
    func commit(_ draft: RevisionDraft, on base: UInt64) async throws -> Revision

    /// Every agent that was ever heard.
    func agents() async throws -> [AgentRecord]

    func save(_ agents: [AgentRecord]) async throws
}

/// What is to become the next revision. Its number and epoch are the store's.
package struct RevisionDraft: Sendable {
    package var author: String
    /// Milliseconds since 1970.
    package var appliedAt: Int64
    package var text: String
    package var graph: FederationGraph
    /// Has allocated for the graph.
    package var ledger: Ledger

    package init(author: String, appliedAt: Int64, text: String, graph: FederationGraph, ledger: Ledger) {
        self.author = author
        self.appliedAt = appliedAt
        self.text = text
        self.graph = graph
        self.ledger = ledger
    }
}

package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Somebody else applied meanwhile.
    case conflict(base: UInt64, current: UInt64)
    /// The database is another federation's.
    case wrongFederation(file: String, stored: FederationID, wanted: FederationID)
    /// Another process has the database open.
    case inUse(file: String)
    /// What is stored cannot be understood.
    case damaged(String)
    /// The directory or file cannot be made or opened.
    case inaccessible(file: String, reason: String)

    package var description: String {
        switch self {
        case .conflict(let base, let current):
            "revision \(current) is in force, not \(base) on which this was based; look at what changed and apply again"
        case .wrongFederation(let file, let stored, let wanted):
            "\(file) holds federation \(stored), and our certificate is of federation \(wanted); give the right file or certificate"
        case .inUse(let file):
            "\(file) is in use by another process; one coordinator at a time may have it"
        case .damaged(let what):
            "the database is damaged: \(what); restore it from a backup"
        case .inaccessible(let file, let reason):
            "\(file): \(reason)"
        }
    }
}
