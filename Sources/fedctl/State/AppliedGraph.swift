import Federation
import FederationAPI
import FederationFile
import FederationModel

/// The federation file in force, with what was allocated for it.
struct AppliedGraph: Hashable, Sendable, Encodable {
    var revision: UInt64
    var epoch: String
    /// As applied, with comments.
    var text: String
    /// Nil before the first apply.
    var graph: FederationGraph?
    var allocations: [AppliedFile.Allocation]
    /// Who made the revision, when and how; nil before the first apply.
    var summary: RevisionSummary?

    private enum CodingKeys: CodingKey {
        case revision, epoch, graph, allocations
    }

    init(_ file: AppliedFile) throws(CommandError) {
        revision = file.revision
        epoch = file.epoch
        text = file.text
        allocations = file.allocations
        summary = file.summary
        guard revision > 0 else { return }
        graph = FederationYAML.read(text: text, fileName: "revision \(revision)").graph
        guard graph != nil else {
            throw CommandError(
                "the federation file of revision \(revision) is not understood",
                remedy: "use fedctl and fed-coordinator of the same version")
        }
    }

    /// The graph.
    /// - Throws: a complaint where none was applied yet.
    func required() throws(CommandError) -> FederationGraph {
        guard let graph else {
            throw CommandError(
                "no federation file is applied yet", remedy: "fedctl apply -f FILE (topologies/two-clouds/federation.yaml is an example)")
        }
        return graph
    }

    /// What the ledger holds for an owner; nil where it holds nothing.
    func allocation(_ kind: LedgerEntry.Kind, of owner: some CustomStringConvertible) -> String? {
        allocations.first { $0.kind == kind && $0.owner == owner.description }?.value
    }
}
