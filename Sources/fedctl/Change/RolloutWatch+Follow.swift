import Federation
import FederationAPI
import FederationModel
import Terminal

extension RolloutWatch {
    /// Looks at the agents again and again until all have answered or the time is over.
    ///
    /// On a terminal a table shows it; elsewhere each gateway that finishes is a line on standard error.
    ///
    /// - Parameters:
    ///   - seconds: 0 looks once.
    ///   - isTold: false: nothing is said on the way, unless it is on a terminal.
    static func follow(
        _ revision: UInt64, _ plan: Plan, for seconds: Int, by coordinator: AdminClient, on console: Console, isTold: Bool
    ) async throws -> RolloutWatch {
        var rollout = RolloutWatch(revision: revision, plan: plan)
        let interrupt = Interrupt {
            var page = Page()
            page.line("revision \(revision) stays in force; progress of the agents: fedctl status")
            console.complain(page)
        }
        defer { interrupt.end() }
        var live = LivePage(on: console)
        defer { live.erase() }
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        var told: Set<GatewayID> = []
        while true {
            let elapsed = (ContinuousClock.now - start).milliseconds
            var trouble: String?
            do {
                rollout.take(try await coordinator.status(), after: elapsed, now: now())
            } catch let failure as CallFailure where failure.isUnreachable && .now < end {
                // It may be restarting.
                trouble = failure.commandError.reason
            }
            if isTold, !console.showsProgress {
                for row in rollout.rows where row.isDone && told.insert(row.gateway).inserted {
                    var page = Page()
                    page.line(row.event)
                    console.complain(page)
                }
            }
            if rollout.isDone || .now >= end { return rollout }
            live.draw(rollout.live(elapsed, of: seconds, trouble, height: console.height))
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    /// - Parameter height: lines of the terminal; the cursor takes the last one.
    func live(_ elapsed: Int64, of seconds: Int, _ trouble: String?, height: Int) -> Page {
        var page = table(limit: max(3, height - 2 - min(3, vniChanges.count)))
        for change in vniChanges.prefix(3) { page.line(change.line(isOnProbation: false)) }
        page.line(
            StyledText("waiting \(elapsed / 1000)s of \(seconds)s: ", .faint)
                + (trouble.map { StyledText($0, .bad) } ?? StyledText(progress)))
        return page
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
