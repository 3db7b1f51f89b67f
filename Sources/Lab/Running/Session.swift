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
            throw LabError(Self.refusal(of: name, in: "\(repository)/topologies"))
        }
        scenario = try ScenarioParser.parse(text, name: name, file: "topologies/\(name)/lab.yaml")
        if FileManager.default.fileExists(atPath: layout.federationFile) {
            let contradictions = try FederationFile.read(layout.federationFile).contradictions(to: scenario)
            guard contradictions.isEmpty else { throw LabError(contradictions.joined(separator: "\n")) }
        }
        setenv("PATH", Layout.path, 1)
    }

    /// What to say of a topology that is not there.
    static func refusal(of name: String, in folder: String) -> String {
        let names = names(in: folder)
        guard !names.isEmpty else { return "no such file \(folder)/\(name)/lab.yaml; run fedlab in the repository's root" }
        return "unknown topology “\(name)”\(Suggestion.text(for: name, among: names))"
            + "\nchoose one of: \(names.joined(separator: ", "))"
    }

    private static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/lab.yaml") }.sorted()
    }

    /// The scenarios below the working directory, by name.
    package static func all() throws -> [Scenario] {
        let folder = "\(FileManager.default.currentDirectoryPath)/topologies"
        return try names(in: folder).map { name in
            let text = try String(contentsOfFile: "\(folder)/\(name)/lab.yaml", encoding: .utf8)
            return try ScenarioParser.parse(text, name: name, file: "topologies/\(name)/lab.yaml")
        }
    }

    /// The host of this name. Throws if there is none, with those that there are.
    package func host(named name: String) throws(LabError) -> Host {
        if let host = scenario.host(named: name) { return host }
        let names = scenario.hosts.map(\.description)
        throw LabError(
            "unknown host “\(name)” in \(layout.name)\(Suggestion.text(for: name, among: names))\nchoose one of: \(names.joined(separator: ", "))"
        )
    }

    /// The daemon of this name in a host. Throws if there is none, with those that there are.
    package func daemon(named name: String, of host: Host) throws(LabError) -> DaemonKind {
        let kinds = scenario.daemons(of: host)
        if let kind = kinds.first(where: { $0.rawValue == name }) { return kind }
        let names = kinds.map(\.rawValue)
        throw LabError(
            names.isEmpty
                ? "\(host) runs no daemons"
                : "unknown daemon “\(name)” of \(host)\(Suggestion.text(for: name, among: names))\nchoose one of: \(names.joined(separator: ", "))"
        )
    }

    /// The lab as it is seen by the one who runs it.
    package func lab(_ journal: Journal) -> Lab { Lab(scenario, layout: layout, journal: journal) }

    /// Throws if the lab is not up on this machine's kernel.
    package func requireLab() throws(LabError) {
        guard !FileManager.default.fileExists(atPath: layout.run) else { return }
        throw LabError("\(layout.name) is not up; start it: fedlab up \(layout.name)")
    }

    // MARK: Work, here

    /// Up, checks, down. Returns the exit code.
    package func run(_ journal: Journal, keep: Bool = false) async -> Int32 {
        let lab = lab(journal)
        if await lab.up() { await Judge(lab, patience: patience).judge() }
        let verdict = summary(journal, scenario.stages.count)
        if !keep { await lab.down() }
        return verdict
    }

    /// Up, churn, down. Returns the exit code.
    package func churn(_ journal: Journal, seed: UInt64, minutes: Int) async -> Int32 {
        let stage = Stage(name: "\(minutes) minutes of churn", steps: [.churn(seed: seed, seconds: minutes * 60)], line: 0)
        var scenario = scenario
        scenario.stages = [stage]
        let lab = Lab(scenario, layout: layout, journal: journal, recordsAgents: true)
        if await lab.up() { await Judge(lab, patience: patience).judge() }
        let verdict = summary(journal, 1)
        await lab.down()
        return verdict
    }

    /// The faults of the topology, or those of these names. Throws if there is no such fault.
    package func faults(_ names: [String] = []) throws -> [InjectedFault] {
        guard let text = try? String(contentsOfFile: layout.faultsFile, encoding: .utf8) else {
            throw LabError("\(layout.name) has no topologies/\(layout.name)/faults.yaml")
        }
        let all = try FaultParser.parse(text, for: scenario, file: "topologies/\(layout.name)/faults.yaml")
        for name in names where !all.contains(where: { $0.name == name }) {
            throw LabError("unknown fault “\(name)”\(Suggestion.text(for: name, among: all.map(\.name)))")
        }
        return names.isEmpty ? all : all.filter { names.contains($0.name) }
    }

    /// Up, every fault, down. Returns the exit code: 1 where a verdict was false.
    package func inject(_ journal: Journal, _ names: [String], commit: String) async -> Int32 {
        let lab = lab(journal)
        let faults: [InjectedFault]
        do { faults = try self.faults(names) } catch {
            journal.line("FAIL  \(error)")
            return 1
        }
        if names.isEmpty { try? FileManager.default.removeItem(atPath: layout.faultRows) }
        if await lab.up() { await FaultInjector(lab, patience: patience, commit: commit, file: layout.faultRows).run(faults) }
        await lab.down()
        let tried = FaultTable.rows(in: layout.faultRows).filter { row in faults.contains { $0.name == row.fault } }
        let (right, falseOKs) = (tried.count(where: \.isRight), tried.count { !$0.falseOKs.isEmpty })
        let time = Journal.seconds(journal.elapsed).trimmingCharacters(in: .whitespaces)
        journal.line("\(layout.name): \(tried.count) of \(faults.count) faults, \(right) right, \(falseOKs) with a false OK, \(time)")
        return right == faults.count ? 0 : 1
    }

    private func summary(_ journal: Journal, _ stages: Int) -> Int32 {
        let failed = journal.failed
        let time = Journal.seconds(journal.elapsed).trimmingCharacters(in: .whitespaces)
        guard !failed.isEmpty || !ProductBinary.missing.isEmpty else {
            journal.line("\(layout.name): all \(stages) stages passed, \(time)")
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

    /// What `check`, `restart` and `status` come to, in a lab that is up.
    package func answer(_ request: Spool.Request) async -> CommandResult {
        let words = request.command
        switch words.first {
        case "check": return await check(words.dropFirst().first ?? "", patience: words.dropFirst(2).first.flatMap(Int.init) ?? 1)
        case "restart" where words.count == 3:
            do {
                let host = try host(named: words[1])
                let kind = try daemon(named: words[2], of: host)
                let lab = lab(Journal())
                try await lab.restart(kind, on: host)
                let process = lab.daemons.process(kind, host).process.map { ", process \($0)" } ?? ""
                return CommandResult(status: 0, output: "\(kind.rawValue) of \(host) restarted\(process)\n", errors: "")
            } catch {
                return CommandResult(status: 1, output: "", errors: "Error: \(error)\n")
            }
        default: return CommandResult(status: 0, output: status(), errors: "")
        }
    }

    /// Runs a command in a host of a lab in a guest, with its streams passed on through a folder.
    package func run(_ request: Spool.Request, through folder: String) async {
        guard let host = request.host.flatMap(scenario.host(named:)) else { return }
        var environment = layout.environment(host)
        if request.live?.size != nil { environment["TERM"] = request.live?.kind ?? "dumb" }
        // env(1) looks the program up in the host's own PATH.
        let command = LiveCommand(
            arguments: ["/usr/bin/env"] + request.command, namespace: host.namespace, environment: environment,
            terminal: request.live?.size)
        try? await onThread { command.run(in: folder) }
    }

    /// Becomes a command in a host of a lab on this machine's kernel; returns only by an error.
    package func become(_ command: [String], in host: Host) throws {
        let variables = ProcessInfo.processInfo.environment.merging(layout.environment(host)) { _, new in new }
        try host.namespace.enter()
        var words: [UnsafeMutablePointer<CChar>?] = (["env"] + command).map { strdup($0) } + [nil]
        var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in words + settings { free(pointer) } }
        execve("/usr/bin/env", &words, &settings)
        throw LabError("cannot start \(command.first ?? ""): \(errnoText)")
    }

    /// Judges a lab that is up, or only its stages whose names hold `text`.
    private func check(_ text: String, patience: Int) async -> CommandResult {
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
