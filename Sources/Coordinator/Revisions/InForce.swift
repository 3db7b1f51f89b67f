import FederationAPI
import FederationModel
import Synchronization

/// What is in force: a revision, and whether it is rolled back unless it is confirmed.
package struct InForce: Sendable {
    package var revision: Revision
    /// Of the revision; nil where it stays.
    package var pendingCommit: PendingCommit?

    package init(revision: Revision, pendingCommit: PendingCommit?) {
        self.revision = revision
        self.pendingCommit = pendingCommit
    }
}

/// The one owner of what is in force. Of two revisions the later one stays, in whatever order they come.
package final class ActiveRevision: Sendable {
    private let state: Mutex<InForce>
    /// Apart: to compare two large revisions takes longer than a reader of what is in force should wait.
    private let changes: Mutex<IntentChanges>

    package init(_ inForce: InForce) {
        state = Mutex(inForce)
        changes = Mutex(IntentChanges(inForce.revision))
    }

    package var current: InForce { state.withLock { $0 } }

    /// Puts a revision in force that is stored.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: false where a later one is in force, or this one.
    package func take(_ next: InForce, at now: Int64) -> Bool {
        // Before anybody sees the revision: the judge does not hold agents to what they cannot know yet.
        changes.withLock { $0.take(next.revision, at: now) }
        return state.withLock { state in
            guard next.revision.number > state.revision.number else { return false }
            state = next
            return true
        }
    }

    /// The revision stays.
    package func confirm(_ revision: UInt64) {
        state.withLock { state in
            if state.pendingCommit?.revision == revision { state.pendingCommit = nil }
        }
    }

    /// Why a pending commit cannot be rolled back.
    ///
    /// - Returns: false where that is known.
    package func obstruct(_ revision: UInt64, by obstacle: String) -> Bool {
        state.withLock { state in
            guard state.pendingCommit?.revision == revision, state.pendingCommit?.obstacle != obstacle else { return false }
            state.pendingCommit?.obstacle = obstacle
            return true
        }
    }

    /// When what gateways are to do in each VPN last changed, in milliseconds since 1970.
    package var intentChanges: [VPNName: Int64] { changes.withLock { $0.times } }
}
