import Foundation
import NetworkTypes

/// Goes through the stages of a scenario and says of each whether it held.
package struct Judge: Sendable {
    package let lab: Lab
    /// How many times its aim each timed check may take before it fails: more than 1 on machines that others use too.
    /// An aim that is missed is said either way.
    let patience: Int

    package init(_ lab: Lab, patience: Int = 1) {
        self.lab = lab
        self.patience = patience
    }

    /// What to add to a finding that took `time` where the scenario aims at `aim`.
    func remark(_ time: Duration, aim: Duration) -> String {
        time <= aim ? "" : " (over the target of \(Journal.milliseconds(aim)) ms)"
    }

    var scenario: Scenario { lab.scenario }

    /// A stage that fails does not keep the others from being judged.
    package func judge(where chosen: (Stage) -> Bool = { _ in true }) async {
        for stage in scenario.stages where chosen(stage) {
            var quotes: [String] = []
            await lab.journal.stage(stage.name, log: advice(for: stage)) {
                var findings: [String] = []
                for step in stage.steps {
                    let finding = try await perform(step)
                    findings += finding.said.isEmpty ? [] : [finding.said]
                    quotes += finding.shown.isEmpty ? [] : [finding.shown]
                }
                return findings.joined(separator: "; ")
            }
            for quote in quotes { lab.journal.quote(quote) }
        }
    }

    /// What came of a step: a few words for the stage's line, and output to show below it.
    struct Finding: Sendable {
        var said = ""
        var shown = ""
    }

    func perform(_ step: Step) async throws -> Finding {
        switch step {
        case .verify(let step): try await verify(step)
        case .pings(let step): Finding(said: try await pings(step))
        case .reaches(let from, let to):
            Finding(said: try await reaches(scenario.pairs(from: from, to: to), count: 5, every: .milliseconds(100)))
        case .isolated(let from, let to): Finding(said: try await isolated(from: from, to: to))
        case .unreachable(let from, let to): Finding(said: try await unreachable(from: from, to: to))
        case .internet(let project): Finding(said: try await internet(from: project))
        case .run(let step): Finding(said: try await run(step))
        case .fedctl(let step): try await fedctl(step)
        case .outage(let step): try await outage(step)
        case .saveDatabase(let place): Finding(said: try save(place))
        case .drift(let step): Finding(said: try await drift(step))
        case .idle(let seconds): Finding(said: try await idle(seconds))
        case .churn(let seed, let seconds): try await churn(seed: seed, for: .seconds(seconds))
        case .moveGateway(let step): Finding(said: try await moveGateway(step))
        case .namesake(let step): Finding(said: try await namesake(step))
        case .recreateRouter(let step): Finding(said: try await recreateRouter(step))
        }
    }

    /// The log that most likely explains a failure of this stage.
    private func advice(for stage: Stage) -> String {
        let layout = lab.layout
        let named = stage.steps.lazy.compactMap { step -> String? in
            switch step {
            case .run(let step): step.on
            case .drift(let step): step.on
            case .outage(let step): step.fault.hosts.first { scenario.daemons(of: $0).contains(.agent) }?.description
            case .moveGateway(let step): "\(step.cloud)/\(step.to)"
            default: nil
            }
        }.first
        if let named, let host = scenario.host(named: named) { return layout.log(host, "agent") }
        return "\(layout.logs)/*/agent.log and \(layout.log(.management, "coordinator"))"
    }

    // MARK: Commands

    private func run(_ step: Step.Run) async throws -> String {
        var said = ""
        let result: CommandResult
        if let pings = step.pinging {
            (result, said) = try await pinging(pings) { try await shell(step.command, on: step.on) }
        } else {
            result = try await shell(step.command, on: step.on)
        }
        guard result.status == step.status else {
            throw LabError("“\(step.command)” on \(step.on) exited with \(result.status), expected \(step.status): \(result.text)")
        }
        if let text = step.prints, !result.output.contains(text) {
            throw LabError("“\(step.command)” on \(step.on) did not print “\(text)”: \(result.text)")
        }
        return said
    }

    /// Runs a line of shell in a host. Its own times are multiplied by `FEDLAB_PATIENCE`.
    func shell(_ line: String, on name: String, limit: Duration = .seconds(60)) async throws -> CommandResult {
        guard let host = scenario.host(named: name) else { throw LabError("unknown host \(name)") }
        var environment = lab.layout.environment(host)
        environment["FEDLAB_PATIENCE"] = "\(patience)"
        return try await Command(["/bin/sh", "-c", line], in: host.namespace, environment: environment, limit: limit * patience).run()
    }

    private func fedctl(_ step: Step.Fedctl) async throws -> Finding {
        var said = ""
        let result: CommandResult
        if let pings = step.pinging {
            (result, said) = try await pinging(pings) { try await lab.daemons.fedctl(step.arguments).run() }
        } else {
            result = try await lab.daemons.fedctl(step.arguments).run()
        }
        guard result.status == step.status else {
            throw LabError(
                "fedctl \(step.arguments.joined(separator: " ")) exited with \(result.status), expected \(step.status): \(result.text)")
        }
        return Finding(said: said, shown: step.show ? result.text : "")
    }

    private func verify(_ step: Step.Verify) async throws -> Finding {
        let start = ContinuousClock.now
        var last = CommandResult(status: -1, output: "", errors: "")
        let aim = Duration.seconds(step.within)
        let limit = aim * patience
        var since = start
        while true {
            let before = last.text
            last = try await lab.daemons.fedctl(["verify"]).run()
            if last.text != before { since = .now }
            let isSettled = ContinuousClock.now - since >= .seconds(step.settled)
            if last.status == step.expect.exitStatus, isSettled, step.mentions.allSatisfy(last.text.contains) { break }
            guard ContinuousClock.now - start < limit else {
                var wanted = step.mentions.isEmpty ? "" : " that mentions \(step.mentions.joined(separator: ", "))"
                wanted += step.settled == 0 ? "" : " and stays the same for \(step.settled) s"
                throw LabError(
                    "fedctl verify did not reach \(step.expect.rawValue)\(wanted) within \(limit.components.seconds) s; last exit status \(last.status):\n\(last.text)"
                )
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        let passed = ContinuousClock.now - start
        let time = Journal.seconds(passed).trimmingCharacters(in: .whitespaces)
        return Finding(said: "\(step.expect.rawValue) after \(time)\(remark(passed, aim: aim))", shown: step.show ? last.text : "")
    }
}
