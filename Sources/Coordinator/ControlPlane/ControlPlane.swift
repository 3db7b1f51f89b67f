import FederationAPI
import FederationModel
import Foundation
import Logging
import Synchronization
import Verification

/// Where everything that the coordinator knows comes together; the services ask and tell it.
package final class ControlPlane: Sendable {
    package let sessions: Sessions
    package let reports = ReportTable()
    package let registry: AgentRegistry
    package let events = EventFeed()
    /// What is wrong with ourselves.
    package let problems: CoordinatorProblems
    package let foreignHoldings = ForeignHoldings()
    private let isBackingUp = Atomic(false)
    package let store: any Store
    /// Milliseconds since 1970.
    package let clock: @Sendable () -> Int64
    let log: Logger
    /// What agents do over and over that they must not.
    let misbehaviour: RefusalLog
    /// Who only asks must not hold up who changes something.
    let planQueue = WorkQueue("plans", limit: 16)
    let changeQueue = WorkQueue("changes", limit: 64)
    private let trial: Mutex<Trial>
    private let changes: Mutex<IntentChanges>
    /// What the names of attachments mean.
    let pins: Mutex<AttachmentPins>
    /// The revision whose attachments the names were last compared with.
    let pinnedRevision = Mutex<UInt64?>(nil)

    /// The pending commit as of a revision.
    private struct Trial: Sendable {
        var revision: UInt64
        var pendingCommit: PendingCommit?
    }

    /// Reads what is stored.
    package init(
        store: any Store, log: Logger, limits: AgentBudget.Limits = .init(), clock: @escaping @Sendable () -> Int64 = ControlPlane.wallClock
    ) async throws {
        self.store = store
        self.log = log
        misbehaviour = RefusalLog(log)
        self.clock = clock
        problems = CoordinatorProblems(log: log)
        let latest = try await store.latest()
        let stored = try await store.pins()
        pins = Mutex(AttachmentPins(stored))
        sessions = Sessions(latest, pins: stored, limits: limits)
        trial = Mutex(Trial(revision: latest.number, pendingCommit: try await store.pendingCommit()))
        changes = Mutex(IntentChanges(latest))
        registry = AgentRegistry(try await store.agents())
        forgetOthers(than: latest)
        sessions.succeed(try await store.successions().filter { $0.adoptedAt != nil }.map(\.epoch))
    }

    package static let wallClock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }

    package var current: Revision { sessions.current }

    /// Of the revision in force; nil where it stays.
    package var pendingCommit: PendingCommit? { trial.withLock { $0.pendingCommit } }

    /// Puts a revision in force that is stored. Of two that come here at once the later one stays.
    func enforce(_ revision: Revision, pending pendingCommit: PendingCommit?) {
        // Before the agents hear of it: the judge does not hold them to what they cannot know.
        changes.withLock { $0.take(revision, at: clock()) }
        sessions.publish(revision)
        forgetOthers(than: current)
        trial.withLock { trial in
            guard revision.number > trial.revision else { return }
            trial = Trial(revision: revision.number, pendingCommit: pendingCommit)
        }
    }

    /// Why the coordinator does not go back.
    ///
    /// - Returns: False where that is known.
    func hinder(_ revision: UInt64, by obstacle: String) -> Bool {
        trial.withLock { trial in
            guard trial.pendingCommit?.revision == revision, trial.pendingCommit?.obstacle != obstacle else { return false }
            trial.pendingCommit?.obstacle = obstacle
            return true
        }
    }

    /// The revision stays.
    func keep(of revision: UInt64) {
        trial.withLock { trial in
            if trial.pendingCommit?.revision == revision { trial.pendingCommit = nil }
        }
    }

    /// The judgement of this moment over all VPNs and pairs.
    package func verdicts() -> [PairVerdict] {
        let now = clock()
        let revision = current
        return verify(
            intents: revision.intents, vpns: revision.graph?.vpns ?? [:], testimonies: reports.all(at: now),
            changedAt: changes.withLock { $0.times(since: now - ReportMoments.grace) }, now: now)
    }

    /// One backup at a time: each takes the database's size on disk.
    /// - Returns: False while there is one.
    package func beginBackup() -> Bool { !isBackingUp.exchange(true, ordering: .acquiringAndReleasing) }
    package func endBackup() { isBackingUp.store(false, ordering: .releasing) }

    /// Ends what waits: sessions and watchers.
    package func stop() {
        sessions.stop()
        events.stop()
    }
}
