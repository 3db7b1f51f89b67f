import Federation
import FederationAPI
import FederationFile
import FederationModel

/// The federation file in force, with what was allocated for it.
struct AppliedGraph: Hashable, Sendable, Encodable {
    /// A number of the ledger.
    struct Allocation: Hashable, Sendable, Encodable {
        /// `as`, `vni`, `rt`, `rd-index`, `vtep`, `router-mac`, `probe-address`.
        var kind: String
        /// `paris`, `blue`, `blue/cloud/paris`, `paris/gw1`.
        var owner: String
        var value: String
    }

    var revision: UInt64
    var epoch: String
    /// As applied, with comments.
    var text: String
    /// Nil before the first apply.
    var graph: FederationGraph?
    var allocations: [Allocation]
    /// Who made the revision, when and how; nil before the first apply.
    var summary: RevisionView?

    private enum CodingKeys: CodingKey {
        case revision, epoch, graph, allocations
    }

    init(revision: UInt64, epoch: String, text: String, allocations: [Allocation]) throws(Complaint) {
        self.revision = revision
        self.epoch = epoch
        self.text = text
        self.allocations = allocations
        guard revision > 0 else { return }
        graph = FederationYAML.read(text: text, fileName: "revision \(revision)").graph
        guard graph != nil else {
            throw Complaint(
                "the federation file of revision \(revision) is not understood",
                remedy: "use fedctl and fed-coordinator of the same version")
        }
    }

    init(_ wire: WireGetGraphResponse) throws(Complaint) {
        try self.init(
            revision: wire.revision, epoch: wire.epoch, text: wire.text,
            allocations: wire.allocations.map { Allocation(kind: $0.kind, owner: $0.owner, value: $0.value) })
        if wire.hasSummary { summary = RevisionView(wire.summary) }
    }

    /// The graph.
    /// - Throws: a complaint where none was applied yet.
    func required() throws(Complaint) -> FederationGraph {
        guard let graph else {
            throw Complaint(
                "no federation file is applied yet", remedy: "fedctl apply -f FILE (topologies/two-clouds/federation.yaml is an example)")
        }
        return graph
    }

    /// What the ledger holds for an owner; nil where it holds nothing.
    func allocation(_ kind: LedgerEntry.Kind, of owner: some CustomStringConvertible) -> String? {
        allocations.first { $0.kind == kind.rawValue && $0.owner == owner.description }?.value
    }
}
