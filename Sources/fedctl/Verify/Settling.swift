import FederationAPI
import Synchronization
import Terminal
import Verification

/// Waits until verdicts stay as they are: while BGP converges, what breaks is another step each second.
struct Settling: Sendable {
    private let selection: FederationSelection
    private let limit: Duration

    /// So long no verdict may change: probes need up to 7 s to find that packets are lost, and agents report within three seconds of what they
    /// see. Where probes of one path are further apart than 5 s, for so long longer.
    private static let quiet = Duration.seconds(15)
    /// From the first probe that is lost until that is known here.
    private static let finding = Duration.seconds(10)
    /// - Parameter intervals: between two probes of a path, in milliseconds.
    static func quiet(_ intervals: some Sequence<Int>) -> Duration { max(quiet, .milliseconds(intervals.max() ?? 0) + finding) }

    /// What was heard.
    private final class Heard: Sendable {
        private struct State {
            var stream: VerdictStream
            /// When a verdict changed last; nil: nothing was heard yet.
            var changed: ContinuousClock.Instant?
        }

        private let state: Mutex<State>

        init(of selection: FederationSelection) { state = Mutex(State(stream: VerdictStream(of: selection))) }

        func take(_ event: FederationEvent) { state.withLock { if $0.stream.take(event) != nil { $0.changed = .now } } }

        var last: (sum: StyledText, changed: ContinuousClock.Instant?) { state.withLock { ($0.stream.sum, $0.changed) } }
    }

    init(of selection: FederationSelection, within limit: Seconds) {
        self.selection = selection
        self.limit = .seconds(limit.value)
    }

    /// Returns also where verdicts still change when the time is over, and says so.
    func wait(for coordinator: AdminClient, on console: Console) async throws {
        let start = ContinuousClock.now
        let heard = Heard(of: selection)
        let probes = try await coordinator.gateways(selection).lazy.compactMap(\.report).flatMap(\.vpns.values).flatMap(\.probes)
        let quiet = Self.quiet(probes.map(\.interval))
        defer { console.endProgress() }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { [selection] in
                try await coordinator.watch(withVerdicts: selection) { heard.take($0) }
                throw CommandError("the coordinator stopped", remedy: "ask again when it runs")
            }
            group.addTask { [limit] in
                while ContinuousClock.now - start < limit {
                    let (sum, changed) = heard.last
                    if let changed, .now - changed >= quiet { return true }
                    console.progress(StyledText("waiting until verdicts settle: ", .faint) + sum)
                    try await Task.sleep(for: .milliseconds(200))
                }
                return false
            }
            defer { group.cancelAll() }
            guard try await group.next() == false else { return }
            console.endProgress()
            console.complain(
                CommandError(
                    "verdicts still changed in the last \(quiet.components.seconds) s of \(limit.components.seconds) s",
                    remedy: "wait longer: --settle 5m; fedctl verify --watch shows what changes", severity: .warning
                ).page)
        }
    }
}
