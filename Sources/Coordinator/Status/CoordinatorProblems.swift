import FederationAPI
import Logging
import Synchronization

/// What is wrong with the coordinator now, and in the log what was not said within a day.
package final class CoordinatorProblems: Sendable {
    private struct State: Sendable {
        /// By who looks.
        var notices: [String: [ProblemNotice]] = [:]
        /// When each was logged, in milliseconds since 1970.
        var said: [String: Int64] = [:]
    }

    private let state = Mutex(State())
    private let log: Logger
    private static let day: Int64 = 86_400_000

    init(log: Logger) { self.log = log }

    /// Errors first.
    package var problems: [CoordinatorProblem] {
        let all = state.withLock { state in state.notices.keys.sorted().flatMap { state.notices[$0] ?? [] } }.map(\.problem)
        return all.filter { $0.severity == .error } + all.filter { $0.severity == .warning }
    }

    /// All that `watcher` finds now, in place of what it found before.
    package func post(_ found: [ProblemNotice], by watcher: String, at now: Int64) {
        let (news, gone) = state.withLock { state -> ([ProblemNotice], [ProblemNotice]) in
            let keys = Set(found.map(\.key))
            let gone = (state.notices[watcher] ?? []).filter { !keys.contains($0.key) }
            state.notices[watcher] = found
            for notice in gone { state.said[notice.key] = nil }
            let news = found.filter { notice in state.said[notice.key].map { now - $0 >= Self.day || now < $0 } ?? true }
            for notice in news { state.said[notice.key] = now }
            return (news, gone)
        }
        for problem in news.map(\.problem) {
            log.log(
                level: problem.severity == .error ? .error : .warning, "\(problem.code)",
                metadata: ["reason": "\(problem.reason)", "remedy": "\(problem.remedy)"])
        }
        for problem in gone.map(\.problem) { log.notice("\(problem.code) is over", metadata: ["was": "\(problem.reason)"]) }
    }
}
