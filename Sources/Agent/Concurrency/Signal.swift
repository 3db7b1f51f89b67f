import Synchronization

/// Something to wait for that can happen at any time, also before the wait: several happenings before one wait count once.
///
/// An `AsyncStream<Void>` will not do: it ends for ever when the task that waits on it is cancelled, as every wait with a time limit is.
package final class Signal: Sendable {
    private struct State {
        var isRaised = false
        /// The time is over: who comes to wait now has come too late.
        var isOver = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    package init() {}

    package func raise() {
        let waiter = state.withLock { state in
            guard let waiter = state.waiter else {
                state.isRaised = true
                return nil as CheckedContinuation<Void, Never>?
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }

    /// Returns when the signal is raised, the time is over, or the task is cancelled. One waiter at a time.
    package func wait(within time: Duration) async {
        state.withLock { $0.isOver = false }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await Task.sleep(for: time) }
            await group.next()
            self.release()
            group.cancelAll()
        }
    }

    private func wait() async {
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state in
                defer { state.isRaised = false }
                if state.isRaised || state.isOver { return true }
                state.waiter = continuation
                return false
            }
            if goesOn { continuation.resume() }
        }
    }

    /// Ends the wait without a happening.
    private func release() {
        let waiter = state.withLock { state in
            state.isOver = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
