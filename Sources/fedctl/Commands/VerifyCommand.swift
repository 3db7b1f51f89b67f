import ArgumentParser
import FederationAPI
import FederationViews
import Synchronization
import Terminal
import Verification

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Shows for every VPN and pair of clouds whether packets pass, and if not, where it breaks and why.",
        discussion: """
            In “paris → tokyo”, paris is the origin whose addresses should be reachable, and tokyo is the viewer that should reach \
            them. The numbers show how many of the origin’s prefixes are complete, out of how many. A pair is OK if \
            bgpd, the kernel, OVS and OVN at both ends match the federation, and probes of the gateways come back through the VPN’s tunnel in \
            both sizes. It is PROGRAMMED if the same is set and nothing was probed yet: whether packets pass is not known then. \
            It is DEGRADED if packets pass and some are lost, EMPTY if the origin has no port in the VPN, \
            WAITING if a tenant has associated nothing with its BGPVPN yet, and UNKNOWN if an agent is silent: unknown never counts as OK.

            EXAMPLES
              fedctl verify
              fedctl verify --vpn blue --cloud tokyo -o wide
              fedctl verify --failed | less
              fedctl verify --level routes
              fedctl verify --bundle friday.json
              fedctl at 03:00 verify --vpn blue
              fedctl verify --since 12
              fedctl verify --watch
              fedctl verify --settle && echo it stays so
              fedctl verify --wait 30 && echo nothing is broken

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .verifyFailed, .unknown, .isolationViolated, .usage, words: [
                .ok: "every pair is OK, PROGRAMMED, DEGRADED, WAITING or EMPTY", .verifyFailed: "a pair failed (even if others are unknown)",
                .isolationViolated: "isolation violated, whatever else failed: fedctl isolation shows it",
            ]))
            """)

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var output: ReportOptions

    @Option(
        help: ArgumentHelp(
            "How far to look: intent (what is in force and attached), routes (as far as the VRF), installed (kernel and flows) or probe (packets).",
            valueName: "level"))
    var level = VerificationLevel.probe

    @Flag(help: "Show only failed, unknown and degraded pairs; the totals cover all.")
    var failed = false

    @Option(help: ArgumentHelp("Repeat until all pairs are programmed, for at most this time.", valueName: "seconds"))
    var wait: Int?

    @Option(
        name: .long, defaultAsFlag: Seconds(60), parsing: .next,
        help: ArgumentHelp(
            "Wait until no verdict changed for 15 s, or longer where probes go more rarely, for at most this time: 90s, 5m.",
            valueName: "time"),
        transform: Seconds.init(parsing:))
    var settle: Seconds?

    @Flag(help: "Show what all verdicts come to, then each change of one as it happens, until interrupted.")
    var watch = false

    @Option(
        help: ArgumentHelp(
            "The verdicts of then, as the coordinator wrote them down: 2h (ago), 03:00 or 2026-11-29T03:00:00Z. “fedctl at TIME verify” is the "
                + "same.", valueName: "time"), transform: { try PastTime(parsing: $0) })
    var at: PastTime?

    @Option(
        help: ArgumentHelp(
            "Only pairs whose verdict is another than when this revision was committed; the exit status is theirs.", valueName: "revision"))
    var since: UInt64?

    @OptionGroup var bundle: BundleOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        let ways = [
            ("--bundle", bundle.bundle != nil), ("--at", at != nil), ("--watch", watch), ("--settle", settle != nil),
            ("--wait", wait != nil), ("--since", since != nil),
        ].filter(\.1).map(\.0)
        if ways.count > 1 { throw ValidationError("\(ways.joined(separator: " and ")) exclude each other") }
        let special = watch ? "--watch" : at != nil ? "--at" : since != nil ? "--since" : nil
        if let special, output.output == nil { throw ValidationError("-o \(output.format.rawValue) is not for \(special)") }
        if let special, level != .probe { throw ValidationError("--level is not for \(special)") }
        if watch, output.output == .yaml { throw ValidationError("-o yaml is not line-based; use -o json with --watch") }
        if failed, watch || since != nil {
            throw ValidationError("\(watch ? "--watch" : "--since") shows every change: --failed has no use with it")
        }
        if since == 0 { throw ValidationError("invalid --since: revisions begin with 1 (fedctl history)") }
        if let wait, wait < 0 { throw ValidationError("invalid --wait: must be 0 or more seconds") }
    }

    func run() async throws {
        let console = Console.current()
        if let bundle = try bundle.read() {
            return try show(try bundle.verification(of: selection).judged(to: level), on: console, under: bundle.heading)
        }
        if let at { return try await show(past: at, on: console) }
        if watch { return try await follow(on: console) }
        if let since { return try await show(changesSince: since, on: console) }
        let verification = try await connection.connected { coordinator in
            if let settle { try await Settling(of: selection.selection, within: settle).wait(for: coordinator, on: console) }
            return try await waiting(wait, on: console) { () async throws -> VerificationResult in
                guard level == .probe else {
                    return try await coordinator.verify(selection, onlyBroken: false, mostPairs: nil).judged(to: level)
                }
                return try await coordinator.verify(
                    selection, onlyBroken: failed, mostPairs: output.output == .table ? VerificationResult.mostPairs : nil)
            } isDone: {
                $0.exitStatus == .ok
            } progress: {
                $0.progress
            }
        }
        try show(verification, on: console)
    }

    private func show(past time: PastTime, on console: Console) async throws {
        let past = try await connection.connected { coordinator in
            let past = try await coordinator.verdicts(at: time.milliseconds, selection.selection)
            if past.pairs.isEmpty { try selection.check(against: try await coordinator.graph().required()) }
            return PastVerification(past, onlyFailed: failed)
        }
        try output.show(past, past.page(onlyFailed: failed), on: console)
        try past.result.exitStatus.end()
    }

    private func show(changesSince number: UInt64, on console: Console) async throws {
        let changed = try await connection.connected { coordinator in
            let revision = try await coordinator.revision(number)
            async let past = coordinator.verdicts(at: revision.appliedAt, selection.selection)
            let now = try await coordinator.verdicts(VerdictRequest(selection.selection)).pairs ?? []
            let changed = ChangedVerdicts(since: revision, try await past, now: now)
            if changed.pairs.count + changed.same == 0 { try selection.check(against: try await coordinator.graph().required()) }
            return changed
        }
        try output.show(changed, changed.page(), on: console)
        try changed.result.exitStatus.end()
    }

    private func follow(on console: Console) async throws {
        let stream = Mutex(VerdictStream(of: selection.selection))
        defer { console.endProgress() }
        do {
            try await connection.connected { coordinator in
                try await coordinator.watch(withVerdicts: selection.selection) { event in
                    let (lines, sum) = try stream.withLock { stream -> ([String], StyledText) in
                        guard let event = stream.take(event) else { return ([], stream.sum) }
                        if output.output == .json { return (try stream.json(of: event), stream.sum) }
                        return (stream.lines(of: event).map { $0.rendered(coloured: console.isColoured) }, stream.sum)
                    }
                    guard !lines.isEmpty else { return }
                    console.endProgress()
                    for line in lines { try console.writeLine(line) }
                    console.progress(sum + StyledText("; Ctrl-C ends", .faint))
                }
            }
        } catch is ReaderGone {}
    }

    private func show(_ verification: VerificationResult, on console: Console, under heading: Page = Page()) throws {
        var page = heading
        page.append(verification.page(width: console.width, wide: output.output == .wide, onlyFailed: failed))
        try output.show(failed ? verification.failed : verification, page: page, on: console)
        try verification.exitStatus.end()
    }
}

extension VerificationBundle {
    /// The pairs of what is selected, and the leaks: what the coordinator would have said then.
    fileprivate func verification(of selection: SelectionOptions) throws -> VerificationResult {
        let clouds = Dictionary(grouping: inputs.intents.keys, by: \.cloud)
        if let vpn = selection.vpn { _ = try find(vpn, in: inputs.vpns, "VPN") }
        if let cloud = selection.cloud { _ = try find(cloud, in: clouds, "cloud") }
        let chosen = selection.selection
        var verification = VerificationResult(pairs: inputs.verdicts().filter(chosen.includes))
        verification.leaks = inputs.isolation(of: selection.vpn.map { [$0] }).leaks(at: selection.cloud)
        return verification
    }
}

extension AdminClient {
    /// What the history says of one revision.
    fileprivate func revision(_ number: UInt64) async throws -> RevisionSummary {
        let newest = try await history(PageRequest(before: number + 1, limit: 1)).revisions.first
        guard let newest, newest.number == number else {
            throw CommandError("there is no revision \(number)", remedy: "see which there are: fedctl history")
        }
        return newest
    }

    /// The pairs of what is selected.
    func verify(_ selection: SelectionOptions, onlyBroken: Bool, mostPairs: Int?) async throws -> VerificationResult {
        let request = VerdictRequest(selection.selection, onlyBroken: onlyBroken, mostPairs: mostPairs)
        var verification = VerificationResult(try await verdicts(request))
        // A VRF that is in no pair may have a tenant’s routes all the same.
        verification.leaks = try await isolation(IsolationOrder(vpns: selection.vpn.map { [$0] })).proof.leaks(at: selection.cloud)
        // Nothing to judge is health only if what was asked for exists.
        if verification.size == 0 { try selection.check(against: try await graph().required()) }
        return verification
    }
}

extension VerificationResult {
    var progress: String {
        let first = groups.first.map(\.first).map { pair in ": \(pair.vpn) \(pair.direction) \(pair.cause?.code ?? pair.state.word)" } ?? ""
        return "\(count(tally.failed + tally.unknown, "pair")) not programmed yet\(first)"
    }
}

extension VerificationLevel: ExpressibleByArgument {}
