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
        /// What was judged before we started and is not so again yet.
        var former: FormerVerdicts
        /// What changes too often to be written down.
        var flapping = Flapping()
    }

    private let state: Mutex<State>
    private let active: ActiveRevision
    private let reports: ReportTable
    private let registry: AgentRegistry
    private let events: EventFeed
    private let clock: @Sendable () -> Int64
    /// Changes of verdicts since the coordinator started.
    private let changes = Atomic<UInt64>(0)

    /// - Parameter former: the verdicts that were written down last, before the start.
    init(
        active: ActiveRevision, reports: ReportTable, registry: AgentRegistry, events: EventFeed,
        former: [PairName: Judgement] = [:], clock: @escaping @Sendable () -> Int64
    ) {
        state = Mutex(State(former: FormerVerdicts(former, at: clock())))
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
        return state.withLock { state in
            state.revision != number || state.verdicts.nextDeadline.map { $0 <= now } ?? false || state.former.isDue(at: now)
                || state.flapping.isDue(at: now)
        }
    }

    /// Whether what is written down is all that is so: not while it is waited whether pairs become again what they were before the start.
    var isSettled: Bool { state.withLock { $0.former.deadline == nil } }

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
        changes.add(UInt64(found.count), ordering: .relaxed)
        // In the order in which they became others: under the lock.
        let told = found.compactMap { PairChange($0, at: now) }
        // Who watches sees what is so; written down is what is news.
        for event in FederationEvent.verdicts(told) { events.show(event) }
        let news = state.flapping.news(of: state.former.news(of: told, at: now), at: now)
        for event in FederationEvent.verdicts(news) { events.write(event) }
        return !found.isEmpty
    }

    /// Has the journal begin again where what is written is not what happened.
    ///
    /// - Parameters:
    ///   - written: the verdicts that were written last.
    ///   - until: when that was; nil: never.
    func resume(from written: [PairName: Judgement], at now: Int64, after until: Int64?, _ journal: EventJournal) {
        state.withLock { state in
            refresh(&state)
            // All that is so is told by this.
            (state.former, state.flapping) = (FormerVerdicts(), Flapping())
            var gone = written
            var changes: [PairChange] = []
            for verdict in state.verdicts.all {
                let (before, after) = (gone.removeValue(forKey: verdict.pair), Judgement(verdict))
                if before.map(after.isLike) ?? false { continue }
                changes.append(PairChange(verdict.pair, before: before, after: after, at: now))
            }
            changes += gone.map { PairChange($0.key, before: $0.value, after: nil, at: now) }
            journal.resume(
                with: [FederationEvent(at: now, .recordingBegan(until: until))]
                    + FederationEvent.verdicts(changes))
        }
    }

    /// What all verdicts come to, and then everything that happens.
    package func watch(_ selection: FederationSelection) -> AsyncThrowingStream<FederationEvent, any Error> {
        // Verdicts are told under the lock: of their changes none is missed, and none told that is in the sum.
        read { [events, clock] verdicts in
            let summary = VerdictSummary(of: verdicts.all.filter(selection.includes), limit: VerdictAnswer.mostGroups)
            return events.watch(after: FederationEvent(at: clock(), .verdicts(summary)))
        }
    }
}

extension FederationEvent {
    fileprivate static func verdicts(_ changes: [PairChange]) -> [FederationEvent] {
        VerdictTransition.grouping(changes).map { FederationEvent(at: $0.at, .verdictsChanged($0.transition)) }
    }
}
