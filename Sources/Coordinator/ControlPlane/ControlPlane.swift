import FederationAPI
import FederationModel
import Foundation
import Logging
import Synchronization

/// Where everything that the coordinator knows comes together. Services and watches ask and tell it through its doors (`Doors.swift`).
package final class ControlPlane: Sendable {
    let active: ActiveRevision
    package let sessions: Sessions
    package let reports = ReportTable()
    package let registry: AgentRegistry
    package let events: EventFeed
    package let verdicts: VerdictBoard
    /// Writes down what happens.
    package let eventWriter: EventWriter
    /// What is wrong with ourselves.
    package let problems: CoordinatorProblems
    package let foreignHoldings = ForeignHoldings()
    let isBackingUp = Atomic(false)
    package let store: any Store
    /// Milliseconds since 1970.
    package let clock: @Sendable () -> Int64
    let log: Logger
    /// What agents do over and over that they must not.
    let misbehaviour: RefusalLog
    /// Who only asks must not hold up who changes something.
    let planQueue = WorkQueue("plans", limit: 16)
    package let changeQueue = WorkQueue("changes", limit: 64)
    /// Who finds that what is stored is ahead must not wait for those who change something: they run into it too.
    let catchUpQueue = WorkQueue("catching up", limit: 64)
    /// What the names of attachments mean.
    let pins: Mutex<AttachmentPins>

    /// Reads what is stored.
    package init(
        store: any Store, log: Logger, limits: AgentBudget.Limits = .init(), clock: @escaping @Sendable () -> Int64 = ControlPlane.wallClock
    ) async throws {
        self.store = store
        self.log = log
        misbehaviour = RefusalLog(log)
        self.clock = clock
        problems = CoordinatorProblems(log: log)
        let stored = try await store.inForce()
        let revision = try Revision(compiling: stored.revision)
        active = ActiveRevision(InForce(revision: revision, pendingCommit: stored.pendingCommit))
        let names = try await store.pins()
        pins = Mutex(AttachmentPins(names))
        sessions = Sessions(active, pins: names, limits: limits)
        registry = AgentRegistry(try await store.agents())
        let journal = EventJournal()
        events = EventFeed(journal: journal)
        journal.take(FederationEvent(at: clock(), .recordingBegan(until: try await store.recording()?.until)))
        verdicts = VerdictBoard(
            active: active, reports: reports, registry: registry, events: events, former: try await store.lastVerdicts(), clock: clock)
        eventWriter = EventWriter(journal: journal, board: verdicts, store: store, clock: clock, log: log)
        forgetOthers(than: revision)
        sessions.succeed(try await store.successions().filter { $0.adoptedAt != nil }.map(\.epoch))
    }

    /// The time of the start, and what has passed since: an age must not shrink, or a fact become younger, because the machine’s clock is set.
    package static let wallClock: @Sendable () -> Int64 = {
        let (wall, began) = (Int64(Date().timeIntervalSince1970 * 1000), ContinuousClock.now)
        return { wall + Int64((ContinuousClock.now - began) / .milliseconds(1)) }
    }()

    package var current: Revision { inForce.revision }
    package var pendingCommit: PendingCommit? { inForce.pendingCommit }

    /// Puts a revision in force that is stored. Of two that come here at once the later one stays.
    func enforce(_ next: InForce) {
        guard active.take(next, at: clock()) else { return }
        sessions.revise()
        forgetOthers(than: current)
    }

    /// Ends what waits: sessions and watchers.
    package func stop() {
        sessions.stop()
        events.stop()
    }
}
