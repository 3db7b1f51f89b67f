import FederationAPI
import FederationModel
import Foundation
import Logging
import Synchronization
import Verification

/// Where everything that the coordinator knows comes together; the services ask and tell it.
package final class Office: Sendable {
    package let sessions: Sessions
    package let testimonies = Testimonies()
    package let roll: AgentRoll
    package let events = EventFeed()
    /// What is wrong with ourselves.
    package let notices: NoticeBoard
    package let elsewhere = HeldElsewhere()
    private let isBackingUp = Atomic(false)
    package let store: any Store
    /// Milliseconds since 1970.
    package let clock: @Sendable () -> Int64
    let log: Logger
    /// What agents do over and over that they must not.
    let strange: RefusalLog
    /// Who only asks must not hold up who changes something.
    let planBench = Workbench("plans", limit: 16)
    let changeBench = Workbench("changes", limit: 64)
    private let trial: Mutex<Trial>
    private let changes: Mutex<IntentChanges>
    /// What the names of attachments mean.
    let pins: Mutex<PinBook>
    /// The revision whose attachments the names were last compared with.
    let pinnedRevision = Mutex<UInt64?>(nil)

    /// The probation as of a revision.
    private struct Trial: Sendable {
        var revision: UInt64
        var probation: Probation?
    }

    /// Reads what is stored.
    package init(
        store: any Store, log: Logger, limits: AgentBudget.Limits = .init(), clock: @escaping @Sendable () -> Int64 = Office.wallClock
    ) async throws {
        self.store = store
        self.log = log
        strange = RefusalLog(log)
        self.clock = clock
        notices = NoticeBoard(log: log)
        let latest = try await store.latest()
        let stored = try await store.pins()
        pins = Mutex(PinBook(stored))
        sessions = Sessions(latest, pins: stored, limits: limits)
        trial = Mutex(Trial(revision: latest.number, probation: try await store.probation()))
        changes = Mutex(IntentChanges(latest))
        roll = AgentRoll(try await store.agents())
        forgetOthers(than: latest)
        sessions.succeed(try await store.successions().filter { $0.adoptedAt != nil }.map(\.epoch))
    }

    package static let wallClock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }

    package var current: Revision { sessions.current }

    /// Of the revision in force; nil where it stays.
    package var probation: Probation? { trial.withLock { $0.probation } }

    /// Puts a revision in force that is stored. Of two that come here at once the later one stays.
    func enforce(_ revision: Revision, on probation: Probation?) {
        // Before the agents hear of it: the judge does not hold them to what they cannot know.
        changes.withLock { $0.take(revision, at: clock()) }
        sessions.publish(revision)
        forgetOthers(than: current)
        trial.withLock { trial in
            guard revision.number > trial.revision else { return }
            trial = Trial(revision: revision.number, probation: probation)
        }
    }

    /// Why the coordinator does not go back.
    ///
    /// - Returns: False where that is known.
    func hinder(_ revision: UInt64, by obstacle: String) -> Bool {
        trial.withLock { trial in
            guard trial.probation?.revision == revision, trial.probation?.obstacle != obstacle else { return false }
            trial.probation?.obstacle = obstacle
            return true
        }
    }

    /// The revision stays.
    func endProbation(of revision: UInt64) {
        trial.withLock { trial in
            if trial.probation?.revision == revision { trial.probation = nil }
        }
    }

    /// The judgement of this moment over all VPNs and pairs.
    package func verdicts() -> [PairVerdict] {
        let now = clock()
        let revision = current
        return verify(
            intents: revision.intents, vpns: revision.graph?.vpns ?? [:], testimonies: testimonies.all(at: now),
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
