import FederationAPI
import Synchronization

/// What happens, told to everyone who watches, and to the journal. Nobody is waited for: who does not keep up loses the feed, and is told so.
package final class EventFeed: Sendable {
    private struct State: Sendable {
        var watchers: [UInt64: AsyncThrowingStream<FederationEvent, any Error>.Continuation] = [:]
        var begun: UInt64 = 0
        var isStopped = false
    }

    private static let tooSlow = AdminRefusal(.busy, "more happens than this watcher reads", remedy: "watch again and read faster")

    private let state = Mutex(State())
    private let limit: Int
    private let journal: EventJournal?

    /// - Parameter limit: events that a watcher may be behind.
    package init(limit: Int = 4096, journal: EventJournal? = nil) {
        self.limit = limit
        self.journal = journal
    }

    package var hasWatchers: Bool { state.withLock { !$0.watchers.isEmpty } }

    /// Everything from now on. It throws `AdminRefusal` (busy) where events had to be dropped, and ends when the coordinator stops.
    /// - Parameter first: what this watcher is told before.
    package func watch(after first: FederationEvent? = nil) -> AsyncThrowingStream<FederationEvent, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: FederationEvent.self, throwing: (any Error).self, bufferingPolicy: .bufferingOldest(limit))
        if let first { continuation.yield(first) }
        let number: UInt64? = state.withLock { state in
            guard !state.isStopped else { return nil }
            state.begun += 1
            state.watchers[state.begun] = continuation
            return state.begun
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { _ in _ = self.state.withLock { $0.watchers.removeValue(forKey: number) } }
        return stream
    }

    /// - Parameter now: milliseconds since 1970.
    package func tell(at now: Int64, _ kind: FederationEvent.Kind) {
        let event = FederationEvent(at: now, kind)
        write(event)
        show(event)
    }

    /// For the journal only.
    func write(_ event: FederationEvent) { journal?.take(event) }

    /// For those who watch only.
    func show(_ told: FederationEvent) {
        // Outside the lock: ending a watcher calls `onTermination`, which takes it.
        let watchers = state.withLock { Array($0.watchers.values) }
        for watcher in watchers {
            if case .dropped = watcher.yield(told) { watcher.finish(throwing: Self.tooSlow) }
        }
    }

    package func stop() {
        let watchers = state.withLock { state in
            state.isStopped = true
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.finish() }
    }
}
