import ArgumentParser
import Foundation
import Lab

struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes the lab down, or what a crash left of it; logs stay.")
    @OptionGroup var options: LabOptions

    func run() async throws {
        let session = try options.session()
        await Guest(session.layout).kill()
        await session.lab(Journal()).down()
    }
}

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Says which hosts there are and which daemons run in them.")
    @OptionGroup var options: LabOptions

    func run() async throws {
        try await ask(options, .init(host: nil, command: []))
    }
}

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Judges a lab that is up, or some of its stages.")
    @OptionGroup var options: LabOptions
    @Argument(help: "Only stages whose names hold this.")
    var text: String?

    func run() async throws {
        try await ask(options, .init(host: nil, command: ["check"] + (text.map { [$0] } ?? [])))
    }
}

struct Exec: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a command in a host of the lab.",
        discussion: "fedlab exec two-clouds paris/gw1 -- vtysh -c 'show bgp l2vpn evpn'")
    @OptionGroup var options: LabOptions
    @Argument(help: "spine, mgmt, CLOUD/central, CLOUD/internet, CLOUD/NODE or CLOUD/VM.")
    var host: String
    @Argument(parsing: .postTerminator, help: "After --, the command.")
    var command: [String]

    func run() async throws {
        try await ask(options, .init(host: host, command: command))
    }
}

/// Asks the running lab, wherever it runs, and ends with the answer's status.
private func ask(_ options: LabOptions, _ request: Spool.Request) async throws {
    let session = try options.session()
    let guest = Guest(session.layout)
    let result: CommandResult
    if guest.isRunning {
        result = try await Spool(session.layout.spool).ask(request, limit: .seconds(600)) { guest.isRunning }
    } else {
        guard FileManager.default.fileExists(atPath: session.layout.run) else { throw LabError("\(options.name) is not up") }
        result = await session.answer(request)
    }
    say(result.output)
    FileHandle.standardError.write(Data(result.errors.utf8))
    if result.status != 0 { throw ExitCode(result.status) }
}

struct Logs: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prints the last lines of a host's logs, or lists all logs.")
    @OptionGroup var options: LabOptions
    @Argument(help: "As for exec.")
    var host: String?
    @Option(name: .shortAndLong, help: "How many lines of each log.")
    var lines = 20

    func run() throws {
        let session = try options.session()
        let folder = session.layout.logs
        let names = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".log") }
            .sorted()
        guard let host else {
            for name in names {
                let size = (try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.size] as? Int) ?? 0
                if size > 0 { say("\(folder)/\(name)  \(size) bytes\n") }
            }
            return
        }
        guard let place = session.scenario.host(named: host) else { throw ValidationError("there is no host \(host)") }
        for name in names where name.hasPrefix(place.label + "/") {
            let text = FileManager.default.contents(atPath: "\(folder)/\(name)").map { String(decoding: $0, as: UTF8.self) } ?? ""
            guard !text.isEmpty else { continue }
            say("==> \(folder)/\(name)\n" + text.split(separator: "\n").suffix(lines).joined(separator: "\n") + "\n")
        }
    }
}
