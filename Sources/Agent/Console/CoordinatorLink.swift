import Synchronization

/// Whether there is a session with the coordinator: the session says so, the console tells.
package final class CoordinatorLink: Sendable {
    package struct State: Hashable, Sendable, Codable {
        package var isUp = false
        /// Milliseconds since 1970; nil: since the start.
        package var since: Int64?
        /// Why the last session ended, or none began.
        package var trouble: String?
    }

    private let current = Mutex(State())

    package init() {}

    package var state: State { current.withLock { $0 } }

    func began(at now: Int64) { current.withLock { $0 = State(isUp: true, since: now) } }

    func ended(_ trouble: String, at now: Int64) {
        current.withLock { state in
            state = State(isUp: false, since: state.isUp ? now : state.since, trouble: trouble)
        }
    }
}
