import Federation
import FederationAPI
import Logging

/// A new revision, from the file to the agents.
extension Office {
    /// - Parameter isDryRun: says what would change, and changes nothing.
    /// - Throws: `StoreError.conflict` where somebody else applied at the same moment.
    package func apply(text: String, fileName: String, author: String, isDryRun: Bool) async throws -> Application {
        let base = current
        let plan = try FilePlan(text: text, fileName: fileName, author: author, on: base, at: clock())
        switch plan {
        case .refused(let diagnostics):
            log.notice("federation file refused", metadata: ["author": "\(author)", "errors": "\(diagnostics.count)"])
            return Application(revision: base.number, accepted: false, changes: [], diagnostics: diagnostics)
        case .unchanged(let warnings):
            return Application(revision: base.number, accepted: true, changes: [], diagnostics: warnings)
        case .change(let draft, let changes, let warnings):
            guard !isDryRun else {
                return Application(revision: base.number, accepted: true, changes: changes, diagnostics: warnings)
            }
            // The admin may hang up meanwhile: what is on disk must come into force all the same.
            let revision = try await Task { try await enact(draft, on: base.number) }.value
            log.notice(
                "revision in force",
                metadata: ["revision": "\(revision.number)", "author": "\(author)", "changes": "\(changes.count)"])
            return Application(revision: revision.number, accepted: true, changes: changes, diagnostics: warnings)
        }
    }

    private func enact(_ draft: RevisionDraft, on base: UInt64) async throws -> Revision {
        do {
            let revision = try await store.commit(draft, on: base)
            // Of two that come here at once the later one stays.
            sessions.publish(revision)
            var event = WireRevisionApplied()
            event.revision = revision.number
            event.admin = draft.author
            events.tell(at: clock(), .revisionApplied(event))
            return revision
        } catch let error as StoreError {
            // What is stored is ahead of what we know: go on from there, or every apply would conflict.
            if case .conflict = error { sessions.publish(try await store.latest()) }
            throw error
        }
    }
}
