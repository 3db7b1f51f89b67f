import Foundation
import Glibc

/// One invocation of fedlab for one lab: finds the files, and does the work here or in a guest.
package struct Session: Sendable {
    package let layout: Layout
    package let scenario: Scenario

    /// See `Judge.patience`.
    let patience: Int

    /// Reads `topologies/NAME` below the working directory, and refuses what contradicts itself.
    package init(name: String, patience: Int = 1) throws {
        self.patience = patience
        let repository = FileManager.default.currentDirectoryPath
        layout = Layout(name: name, repository: repository)
        guard let text = try? String(contentsOfFile: layout.scenarioFile, encoding: .utf8) else {
            throw LabError(
                "there is no \(layout.scenarioFile); run fedlab in the repository's root, with the name of a folder of topologies/")
        }
        scenario = try ScenarioParser.parse(text, name: name, file: "topologies/\(name)/lab.yaml")
        if FileManager.default.fileExists(atPath: layout.federationFile) {
            let contradictions = try FederationFile.read(layout.federationFile).contradictions(to: scenario)
            guard contradictions.isEmpty else { throw LabError(contradictions.joined(separator: "\n")) }
        }
        setenv("PATH", Layout.path, 1)
    }

    /// The lab as it is seen by the one who runs it.
    package func lab(_ journal: Journal) -> Lab { Lab(scenario, layout: layout, journal: journal) }

    // MARK: Work, here

    /// Up, checks, down. Returns the exit code.
    package func run(_ journal: Journal, keep: Bool = false) async -> Int32 {
        let lab = lab(journal)
        if await lab.up() { await Judge(lab, patience: patience).judge() }
        let verdict = summary(journal, scenario.stages.count)
        if !keep { await lab.down() }
        return verdict
    }

    private func summary(_ journal: Journal, _ stages: Int) -> Int32 {
        let failed = journal.failed
        let time = Journal.seconds(journal.elapsed).trimmingCharacters(in: .whitespaces)
        guard !failed.isEmpty || !ProductBinary.missing.isEmpty else {
            journal.line("\(layout.name): all of \(stages) stages held, \(time)")
            return 0
        }
        journal.line("\(layout.name): \(failed.count) failed in \(time): \(failed.joined(separator: "; "))")
        return 1
    }

    package func up(_ journal: Journal) async -> Int32 {
        await lab(journal).up() ? 0 : 1
    }

    package func bench(_ journal: Journal) async -> Int32 {
        let lab = lab(journal)
        if await lab.up() { await Benchmark(lab).run() }
        await lab.down()
        return journal.failed.isEmpty ? 0 : 1
    }

    /// Runs a command in a host; without a host, `check` or `status`.
    package func answer(_ request: Spool.Request) async -> CommandResult {
        guard let name = request.host else {
            return request.command.first == "check"
                ? await check(request.command.dropFirst().first ?? "") : CommandResult(status: 0, output: status(), errors: "")
        }
        guard let host = scenario.host(named: name) else {
            let names = scenario.hosts.map(\.description).joined(separator: ", ")
            return CommandResult(status: 1, output: "", errors: "there is no host \(name); there are \(names)\n")
        }
        do {
            // env(1) looks the program up in the host's own PATH.
            return try await Command(
                ["/usr/bin/env"] + request.command, in: host.namespace, environment: layout.environment(host), limit: .seconds(600)
            ).run()
        } catch {
            return CommandResult(status: 1, output: "", errors: "\(error)\n")
        }
    }

    /// Judges a lab that is up, or only its stages whose names hold `text`.
    private func check(_ text: String) async -> CommandResult {
        let path = "\(layout.run)/check-\(UInt32.random(in: 0...UInt32.max)).log"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let journal = Journal(path: path)
        await Judge(lab(journal), patience: patience).judge { $0.name.localizedCaseInsensitiveContains(text) || text.isEmpty }
        let output = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return CommandResult(status: journal.failed.isEmpty ? 0 : 1, output: output, errors: "")
    }

    /// Hosts and the daemons that run in them.
    package func status() -> String {
        scenario.hosts.map { host in
            let folders = host == .management ? [layout.run] : [layout.run(host), layout.ovs(host), layout.ovn(host), layout.frr(host)]
            let running = folders.flatMap { folder in
                ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".pid") }.sorted().map {
                    file in
                    let daemon = Daemon(pidFile: "\(folder)/\(file)")
                    return "\(file.dropLast(4)) \(daemon.process.map(String.init) ?? "DEAD")"
                }
            }
            let there = FileManager.default.fileExists(atPath: host.namespace.path)
            let name = host.description + String(repeating: " ", count: max(1, 20 - host.description.count))
            return "\(name)\(there ? running.joined(separator: ", ") : "not there")\n"
        }.joined()
    }
}
