import ArgumentParser
import Foundation
import Lab

struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stops the lab, or cleans up after a crash; logs stay.")
    @OptionGroup var options: LabOptions

    func run() async throws {
        let session = try options.session()
        await Guest(session.layout).kill()
        await session.lab(Journal()).down()
    }
}

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the hosts and their running daemons.")
    @OptionGroup var options: LabOptions

    func run() async throws {
        try await ask(options, .init(host: nil, command: []))
    }
}

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Checks a running lab, or some of its stages.")
    @OptionGroup var options: LabOptions
    @OptionGroup var patience: PatienceOptions
    @Argument(help: "Only stages whose names contain this.")
    var text: String?

    func run() async throws {
        try await ask(options, .init(host: nil, command: ["check", text ?? "", "\(patience.patience)"]))
    }
}

struct Restart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Restarts a daemon with the same arguments.",
        discussion: """
            fedlab restart two-clouds paris/gw1 agent
            fedlab restart two-clouds mgmt coordinator

            A gateway has ovsdb-server, ovs-vswitchd, ovn-controller, zebra, staticd, bgpd and agent; CLOUD/central has ovsdb-nb, \
            ovsdb-sb and ovn-northd; the spine zebra, staticd and bgpd. With zebra, staticd and bgpd start again too. “fedlab status” shows which of them run.
            """)
    @OptionGroup var options: LabOptions
    @Argument(help: "As for exec.")
    var host: String
    @Argument(help: "As “fedlab status” names it.")
    var daemon: String

    func run() async throws {
        let session = try options.session()
        _ = try session.daemon(named: daemon, of: session.host(named: host))
        try await ask(options, .init(host: nil, command: ["restart", host, daemon]))
    }
}

struct Exec: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a command in a host of the lab and returns its exit status.",
        discussion: """
            fedlab exec two-clouds mgmt -- fedctl status
            fedlab exec two-clouds paris/blue-1 -- ping -c 3 10.2.0.11
            fedlab exec two-clouds paris/gw1 -- vtysh

            What the command prints comes as it prints it. On a terminal the command gets one of its own, keys and Ctrl-C included. \
            Otherwise it reads fedlab's standard input: use </dev/null in loops.
            fedctl, vtysh and the tools of OVN and Open vSwitch use the sockets of the host.
            """)
    @OptionGroup var options: LabOptions
    @Argument(help: "spine, mgmt, CLOUD/central, CLOUD/internet, CLOUD/NODE or CLOUD/VM.")
    var host: String
    @Argument(parsing: .postTerminator, help: "After --, the command.")
    var command: [String]

    func validate() throws {
        if command.isEmpty { throw ValidationError("missing command: write -- and the command after the host, or use “fedlab shell”") }
    }

    func run() async throws { try await fedlab.run(command, in: host, options) }
}

struct Shell: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A shell in a host of the lab.", discussion: "fedlab shell two-clouds paris/gw1")
    @OptionGroup var options: LabOptions
    @Argument(help: "As for exec.")
    var host: String

    // The prompt says where one is; what the machine's own shells do at their start is not for a guest.
    func run() async throws { try await fedlab.run(["PS1=\(host)# ", "bash", "--norc", "--noprofile"], in: host, options) }
}

/// Runs a command in a host, wherever the lab runs, and ends with its status.
private func run(_ command: [String], in name: String, _ options: LabOptions) async throws {
    let session = try options.session()
    let host = try session.host(named: name)
    let guest = Guest(session.layout)
    guard guest.isRunning else {
        try session.requireLab()
        return try session.become(command, in: host)
    }
    let status = try await Spool(session.layout.spool).run(.init(host: name, command: command)) { guest.isRunning }
    if status != 0 { throw ExitCode(status) }
}

/// Asks the running lab, wherever it runs, and ends with the answer's status.
private func ask(_ options: LabOptions, _ request: Spool.Request) async throws {
    let session = try options.session()
    let guest = Guest(session.layout)
    let result: CommandResult
    if guest.isRunning {
        result = try await Spool(session.layout.spool).ask(request, limit: .seconds(600)) { guest.isRunning }
    } else {
        try session.requireLab()
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
        let place = try session.host(named: host)
        for name in names where name.hasPrefix(place.label + "/") {
            let text = FileManager.default.contents(atPath: "\(folder)/\(name)").map { String(decoding: $0, as: UTF8.self) } ?? ""
            guard !text.isEmpty else { continue }
            say("==> \(folder)/\(name)\n" + text.split(separator: "\n").suffix(lines).joined(separator: "\n") + "\n")
        }
    }
}
