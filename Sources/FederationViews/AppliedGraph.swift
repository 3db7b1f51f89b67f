import Federation
import FederationAPI
import FederationFile
import FederationModel

/// The federation file in force, with what was allocated for it.
package struct AppliedGraph: Hashable, Sendable, Encodable {
    package var revision: UInt64
    package var epoch: String
    /// As applied, with comments.
    package var text: String
    /// Nil before the first apply.
    package var graph: FederationGraph?
    package var allocations: [AppliedFile.Allocation]
    /// Who made the revision, when and how; nil before the first apply.
    package var summary: RevisionSummary?

    private enum CodingKeys: CodingKey {
        case revision, epoch, graph, allocations
    }

    package init(_ file: AppliedFile) throws(Unreadable) {
        revision = file.revision
        epoch = file.epoch
        text = file.text
        allocations = file.allocations
        summary = file.summary
        guard revision > 0 else { return }
        graph = FederationYAML.read(text: text, fileName: "revision \(revision)").graph
        guard graph != nil else {
            throw Unreadable(revision: revision)
        }
    }

    /// The file of a revision cannot be read: it is of another release.
    package struct Unreadable: Error, Hashable, Sendable {
        package var revision: UInt64
    }

    /// What the ledger holds for an owner; nil where it holds nothing.
    package func allocation(_ kind: LedgerEntry.Kind, of owner: some CustomStringConvertible) -> String? {
        allocations.first { $0.kind == kind && $0.owner == owner.description }?.value
    }
}
