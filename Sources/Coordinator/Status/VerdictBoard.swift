import FederationAPI
import FederationModel
import Synchronization
import Verification

/// The verdicts of this moment. Whoever reads them brings them up to date first, and so does `VerdictWatch`; only what changed is judged.
package final class VerdictBoard: Sendable {
    private struct State: Sendable {
        var verdicts = Verdicts()
        /// The revision whose intents were taken in.
        var revision: UInt64?
        /// Whether verdicts were ever judged: the first ones are no events.
        var hasBegun = false
    }

    private let state = Mutex(State())
    private let active: ActiveRevision
    private let reports: ReportTable
    private let registry: AgentRegistry
    private let events: EventFeed
    private let clock: @Sendable () -> Int64
    /// Changes of verdicts since the coordinator started.
    private let changes = Atomic<UInt64>(0)

    init(
        active: ActiveRevision, reports: ReportTable, registry: AgentRegistry, events: EventFeed, clock: @escaping @Sendable () -> Int64
    ) {
        self.active = active
        self.reports = reports
        self.registry = registry
        self.events = events
        self.clock = clock
    }

    /// Verdicts of this moment.
    package func read<Result: Sendable>(_ body: @Sendable (borrowing Verdicts) -> Result) -> Result {
        state.withLock { state in
            refresh(&state)
            return body(state.verdicts)
        }
    }

    /// Judges what changed, and tells events of it.
    /// - Returns: Whether there was anything to do.
    @discardableResult package func refresh() -> Bool { state.withLock { refresh(&$0) } }

    /// Whether anything came, or became too old, since the verdicts were judged.
    package var isBehind: Bool {
        if reports.hasNews || registry.hasNews { return true }
        let now = clock(), number = active.current.revision.number
        return state.withLock { $0.revision != number || $0.verdicts.nextDeadline.map { $0 <= now } ?? false }
    }

    @discardableResult private func refresh(_ state: inout State) -> Bool {
        let now = clock()
        let revision = active.current.revision
        if state.revision != revision.number {
            state.verdicts.take(.intents(revision.intents, vpns: revision.graph?.vpns ?? [:], changedAt: active.intentChanges))
            state.revision = revision.number
        }
        for (gateway, records) in registry.takeNews() { state.verdicts.take(.records(gateway, records)) }
        for change in reports.takeNews(at: now) { state.verdicts.take(change) }
        let found = state.verdicts.settle(at: now)
        defer { state.hasBegun = true }
        guard !found.isEmpty, state.hasBegun else { return !found.isEmpty }
        changes.add(UInt64(found.count), ordering: .relaxed)
        // In the order in which they became others: under the lock.
        tell(found, at: now)
        return true
    }

    private func tell(_ changes: [VerdictChange], at now: Int64) {
        guard events.hasWatchers else { return }
        for change in changes {
            guard var verdict = change.after, change.before?.state != verdict.state || change.before?.cause?.code != verdict.cause?.code
            else { continue }
            verdict.prefixes = []
            events.tell(at: now, .verdictChanged(before: change.before?.state, verdict))
        }
    }
}
