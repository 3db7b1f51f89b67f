import Logging
import Synchronization

/// What does not work, and why, as it was said last: what is tried every few seconds is said when the reason changes, and once when it works again.
final class SaidReasons: Sendable {
    /// Something that may fail, in the log's words.
    struct Topic: Hashable, Sendable {
        var failing: String
        var working: String
        /// What it concerns, where there are several: `router=…`.
        var object: [String: String] = [:]
        var level = Logger.Level.warning

        var metadata: Logger.Metadata { object.mapValues { "\($0)" } }
    }

    private struct State {
        var reasons: [Topic: String] = [:]
        var unsaid: Set<Topic>
    }

    private let state: Mutex<State>
    private let log: Logger

    /// - Parameter expected: what is said to work the first time that it does, though it has not failed.
    init(_ log: Logger, expected: Set<Topic> = []) {
        self.log = log
        state = Mutex(State(unsaid: expected))
    }

    /// - Parameter reason: nil: it works.
    /// - Returns: whether it was said.
    @discardableResult
    func say(_ reason: String?, _ topic: Topic) -> Bool {
        let isNew = state.withLock { state in
            defer { state.reasons[topic] = reason }
            return state.unsaid.remove(topic) != nil || state.reasons[topic] != reason
        }
        guard isNew else { return false }
        if let reason {
            log.log(level: topic.level, "\(topic.failing)", metadata: topic.metadata.merging(["reason": "\(reason)"]) { $1 })
        } else {
            log.notice("\(topic.working)", metadata: topic.metadata)
        }
        return true
    }

    /// Why it does not work; nil: it does.
    func reason(_ topic: Topic) -> String? { state.withLock { $0.reasons[topic] } }
}
