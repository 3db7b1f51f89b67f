import FederationAPI
import Logging
import Verification

/// Writes down what happens, a moment after it did, and all of it when the coordinator stops. One at a time, in the order of what happened.
package actor EventWriter {
    private let journal: EventJournal
    private let board: VerdictBoard
    private let store: any Store
    private let clock: @Sendable () -> Int64
    private let log: Logger
    private var last: Task<Void, Never>?
    /// When was written last, in milliseconds since 1970.
    private var writtenAt: Int64 = 0
    private var isFailing = false
    /// Since old events were removed last.
    private var written = (events: 0, pairs: 0)

    init(journal: EventJournal, board: VerdictBoard, store: any Store, clock: @escaping @Sendable () -> Int64, log: Logger) {
        self.journal = journal
        self.board = board
        self.store = store
        self.clock = clock
        self.log = log
    }

    /// Until cancelled.
    func run(every interval: Duration = .seconds(1), keeping limits: HistoryLimits) async {
        var prunedAt: Int64?
        while !Task.isCancelled {
            let now = clock()
            // Not by time alone: whoever makes much happen must not fill the disk.
            let isMuch = written.events >= max(1, limits.events / 10) || written.pairs >= max(1, limits.pairChanges / 10)
            if isMuch || prunedAt.map({ now - $0 > Self.pruningInterval || now < $0 }) ?? true {
                prunedAt = now
                written = (0, 0)
                await inTurn { writer in await writer.prune(limits, at: now) }
            }
            try? await Task.sleep(for: interval)
            await save()
        }
    }

    /// All that happened before this call is written when it returns, if it can be.
    /// - Parameter isForced: also that nothing happened.
    package func save(isForced: Bool = false) async {
        await inTurn { writer in await writer.write(isForced: isForced) }
    }

    private func inTurn(_ body: @escaping @Sendable (EventWriter) async -> Void) async {
        let former = last
        // A cancelled task must still store: GRDB would refuse in it.
        let task = Task {
            await former?.value
            await body(self)
        }
        last = task
        await task.value
    }

    private static let pruningInterval: Int64 = 3_600_000
    /// That all is written is itself written this often, so that it is known since when it is not.
    private static let interval: Int64 = 30_000
    /// Of one transaction: others wait for it.
    private static let (mostEvents, mostPairs) = (1000, 50_000)

    private func write(isForced: Bool) async {
        let now = clock()
        // Before what happened is taken: once it is so, what was waited for is among that.
        let isSettled = board.isSettled
        do {
            guard let (events, leftOut) = journal.takeAll() else { return try await resume() }
            if leftOut > 0 { log.warning("events of agents are not written down: too many at once", metadata: ["events": "\(leftOut)"]) }
            guard !events.isEmpty || isSettled && (isForced || now - writtenAt >= Self.interval) else { return }
            var rest = events[...]
            do {
                repeat {
                    let part = Self.part(rest)
                    let until = rest.count == part.count ? now : part.last?.at ?? now
                    try await store.append(Array(part), until: isSettled ? until : nil)
                    written.events += part.count
                    written.pairs += part.reduce(0) { $0 + $1.pairs }
                    rest = rest.dropFirst(part.count)
                } while !rest.isEmpty
            } catch {
                journal.giveBack(Array(rest))
                throw error
            }
            writtenAt = now
            if isFailing { log.notice("events are written down again") }
            isFailing = false
        } catch {
            if !isFailing { log.error("events cannot be written down; it is tried again", metadata: ["error": "\(error)"]) }
            isFailing = true
        }
    }

    private static func part(_ events: ArraySlice<FederationEvent>) -> ArraySlice<FederationEvent> {
        var (count, pairs) = (0, 0)
        return events.prefix { event in
            defer { (count, pairs) = (count + 1, pairs + event.pairs) }
            return count == 0 || count < mostEvents && pairs + event.pairs <= mostPairs
        }
    }

    /// Events were dropped, because none could be written for too long. Events are written again from now on, and so is each pair whose verdict
    /// is not the last one that was written.
    private func resume() async throws {
        let recording = try await store.recording()
        let former = try await store.lastVerdicts()
        let now = clock()
        board.resume(from: former, at: now, after: recording?.until, journal)
        log.warning("what happened could not be written down and is lost", metadata: ["since": "\(recording?.until ?? 0)"])
    }

    private func prune(_ limits: HistoryLimits, at now: Int64) async {
        do {
            try await store.prune(limits, at: now)
        } catch {
            log.error("old events cannot be removed", metadata: ["error": "\(error)"])
        }
    }
}
