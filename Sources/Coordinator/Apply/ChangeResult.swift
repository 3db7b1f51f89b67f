import Federation
import FederationFile

/// What became of a file or a rollback, or would become of it.
package struct ChangeResult: Sendable {
    /// The revision in force afterwards.
    package var revision: UInt64
    /// Nothing was in the way.
    package var accepted: Bool
    /// Nil where the file has errors.
    package var plan: Plan?
    /// Of the file.
    package var diagnostics: [Diagnostic]
    /// What waits for a confirmation afterwards.
    package var pendingCommit: PendingCommit?
    /// Of the revision that it is a change of; its number is 0 before the first apply.
    package var base: RevisionSummary = .none
}
