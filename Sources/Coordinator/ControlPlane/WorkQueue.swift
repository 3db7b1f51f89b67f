import Dispatch
import FederationAPI
import Synchronization

/// Where files are read and plans are made: one at a time, on a thread of its own.
///
/// A large file is seconds of work, and Swift's own threads, as many as there are processors, serve the sessions of all agents: four plans
/// at once would stop them.
package final class WorkQueue: Sendable {
    private let queue: DispatchQueue
    private let waiting = Mutex(0)
    private let limit: Int
    private let patience: Duration

    /// - Parameters:
    ///   - limit: how many may wait or be worked on at a time.
    ///   - patience: how long a caller waits for his, the others before it included.
    package init(_ name: String, limit: Int = 8, patience: Duration = .seconds(30)) {
        queue = DispatchQueue(label: name)
        self.limit = limit
        self.patience = patience
    }

    /// Callers that wait or are worked for.
    package var count: Int { waiting.withLock { $0 } }

    /// Does the work, and waits for it.
    /// - Throws: `Refusal.busy` where others are before it, or it takes too long; then it is not begun, or its result is lost.
    package func work<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async throws -> Result {
        let hasRoom = waiting.withLock { waiting in
            guard waiting < limit else { return false }
            waiting += 1
            return true
        }
        guard hasRoom else { throw Refusal.busy }
        let abandoned = Flag()
        let results = AsyncStream<Result> { continuation in
            queue.async {
                defer { self.waiting.withLock { $0 -= 1 } }
                // Nobody waits any more for what was not begun.
                if !abandoned.isRaised { continuation.yield(body()) }
                continuation.finish()
            }
        }
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                for await result in results { return result }
                return nil
            }
            group.addTask { [patience] in
                try await Task.sleep(for: patience)
                return nil
            }
            defer {
                abandoned.raise()
                group.cancelAll()
            }
            guard let first = try await group.next(), let result = first else { throw Refusal.busy }
            return result
        }
    }
}
