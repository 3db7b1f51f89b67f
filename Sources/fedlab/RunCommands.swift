import ArgumentParser
import Foundation
import Lab

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the topologies that can be run.")
    @Flag(help: "Only those that “make test” runs.")
    var fast = false

    func run() throws {
        let names = try Session.all().filter { ($0.isFast || !fast) && $0.outside == nil }.map(\.name)
        guard !names.isEmpty else { throw LabError("no topologies/*/lab.yaml here; run fedlab in the repository's root") }
        say(names.joined(separator: "\n") + "\n")
    }
}

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Up, checks, down; exit status 0 only if every check held.")
    @OptionGroup var options: LabOptions
    @OptionGroup var patience: PatienceOptions
    @OptionGroup var platform: PlatformOptions

    func run() async throws {
        try await work(options, platform, .run, patience: patience.patience) { await $0.run($1) }
    }
}

struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures convergence, compared with the figures of ovn-bgp-agent 7.0.0 and the floor.")
    @OptionGroup var options: LabOptions
    @OptionGroup var platform: PlatformOptions

    func run() async throws {
        try await work(options, platform, .bench) { await $0.bench($1) }
    }
}

struct ChurnOptions: ParsableArguments {
    @Option(help: "Decides what happens; the same seed, the same acts.")
    var seed: UInt64 = 1

    @Option(help: "How long.")
    var minutes = 60

    func validate() throws {
        guard (1...10_000).contains(minutes) else { throw ValidationError("invalid --minutes: must be 1–10000") }
    }
}

struct Churn: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lets random things happen for minutes; then nothing may be missing, too much, or grown.",
        discussion: """
            fedlab churn two-clouds-ha --seed 7 --minutes 60

            Ports come, go, move and change their address; gateway ports move; daemons are killed; flows, routes, neighbours, devices and lines \
            of bgpd's configuration are removed by hand. In between and at the end the federation must be as OVN says; at the end agents must have \
            written nothing for ten seconds, hold no more than before, and decide the same again from their recordings.
            """)
    @OptionGroup var options: LabOptions
    @OptionGroup var churn: ChurnOptions
    @OptionGroup var patience: PatienceOptions
    @OptionGroup var platform: PlatformOptions

    func run() async throws {
        let (seed, minutes) = (churn.seed, churn.minutes)
        try await work(
            options, platform, .churn, patience: patience.patience, further: ["--seed", "\(seed)", "--minutes", "\(minutes)"]
        ) { await $0.churn($1, seed: seed, minutes: minutes) }
    }
}

/// Does a whole job, here or in a guest, and leaves nothing behind, also on Ctrl-C.
func work(
    _ options: LabOptions, _ platform: PlatformOptions, _ task: Guest.Task, patience: Int = 1, further: [String] = [],
    here: @Sendable (Session, Journal) async -> Int32
) async throws {
    let session = try options.session(patience: patience)
    if let command = session.scenario.outside {
        throw LabError(
            "\(session.layout.name) is more than a lab: “\(command)” raises all of it and judges it; “fedlab up” raises the lab alone")
    }
    let code: Int32
    let place = try await platform.place()
    switch place.platform {
    case .direct:
        let journal = Journal()
        let interrupt = Interrupt { await session.lab(journal).down() }
        code = await here(session, journal)
        await interrupt.settle()
    case .uml:
        let guest = Guest(session.layout, kernel: place.kernel, patience: patience, options: further)
        let interrupt = Interrupt { await guest.kill() }
        do {
            try await guest.boot(task)
            let load = task == .bench ? Task { await guest.tellLoad() } : nil
            defer { load?.cancel() }
            code = try await guest.follow(print: say)
            if code != 0, code != 1 { say("the guest exited with status \(code); see \(session.layout.console)\n") }
        } catch {
            await interrupt.settle()
            await guest.kill()
            throw error
        }
        await interrupt.settle()
        await guest.kill()
    }
    if code != 0 { throw ExitCode(code) }
}

struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Starts the lab and leaves it running.")
    @OptionGroup var options: LabOptions
    @OptionGroup var platform: PlatformOptions

    func run() async throws {
        let session = try options.session()
        let code: Int32
        let place = try await platform.place()
        switch place.platform {
        case .direct:
            let journal = Journal()
            let interrupt = Interrupt { await session.lab(journal).down() }
            code = await session.up(journal)
            await interrupt.settle()
        case .uml:
            let guest = Guest(session.layout, kernel: place.kernel)
            let interrupt = Interrupt { await guest.kill() }
            do {
                try await guest.boot(.up, hasOutside: session.scenario.outside != nil)
                code = try await guest.follow(print: say) { guest.raisingCode }
            } catch {
                await interrupt.settle()
                throw error
            }
            await interrupt.settle()
        }
        if code != 0 { throw ExitCode(code) }
    }
}

/// The other end of a guest's init script; not for people.
struct InGuest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "guest", shouldDisplay: false)
    @Argument var task: Guest.Task
    @OptionGroup var options: LabOptions
    @OptionGroup var patience: PatienceOptions
    @OptionGroup var churn: ChurnOptions
    @OptionGroup var faults: FaultOptions

    func run() async throws {
        let session = try options.session(patience: patience.patience)
        let journal = Journal(path: session.layout.progress)
        let code: Int32
        switch task {
        case .run: code = await session.run(journal)
        case .bench: code = await session.bench(journal)
        case .churn: code = await session.churn(journal, seed: churn.seed, minutes: churn.minutes)
        case .faults: code = await session.inject(journal, faults.only, commit: faults.commit)
        case .up:
            code = await session.up(journal)
            // Also a lab that did not come up stays, to be looked at.
            try "\(code)".write(toFile: session.layout.ready, atomically: true, encoding: .utf8)
            await Spool(session.layout.spool).serve(session.answer, run: session.run(_:through:))
        }
        if code != 0 { throw ExitCode(code) }
    }
}

extension Guest.Task: ExpressibleByArgument {}
