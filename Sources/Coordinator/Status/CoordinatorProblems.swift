import Logging
import Synchronization

/// What is wrong with the coordinator now, and in the log what was not said within a day.
package final class CoordinatorProblems: Sendable {
    private struct State: Sendable {
        /// By who looks.
        var problems: [String: [CoordinatorProblem]] = [:]
        /// When each was logged, in milliseconds since 1970.
        var said: [String: Int64] = [:]
    }

    private let state = Mutex(State())
    private let log: Logger
    private static let day: Int64 = 86_400_000

    init(log: Logger) { self.log = log }

    /// Errors first.
    package var problems: [CoordinatorProblem] {
        let all = state.withLock { state in state.problems.keys.sorted().flatMap { state.problems[$0] ?? [] } }
        return all.filter { $0.severity == .error } + all.filter { $0.severity == .warning }
    }

    /// All that `watcher` finds now, in place of what it found before.
    package func post(_ found: [CoordinatorProblem], by watcher: String, at now: Int64) {
        let (news, gone) = state.withLock { state -> ([CoordinatorProblem], [CoordinatorProblem]) in
            let keys = Set(found.map(\.key))
            let gone = (state.problems[watcher] ?? []).filter { !keys.contains($0.key) }
            state.problems[watcher] = found
            for problem in gone { state.said[problem.key] = nil }
            let news = found.filter { problem in state.said[problem.key].map { now - $0 >= Self.day || now < $0 } ?? true }
            for problem in news { state.said[problem.key] = now }
            return (news, gone)
        }
        for problem in news {
            log.log(
                level: problem.severity == .error ? .error : .warning, "\(problem.code)",
                metadata: ["reason": "\(problem.reason)", "remedy": "\(problem.remedy)"])
        }
        for problem in gone { log.notice("\(problem.code) is over", metadata: ["was": "\(problem.reason)"]) }
    }
}
