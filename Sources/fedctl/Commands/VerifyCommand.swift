import ArgumentParser
import FederationAPI
import FederationViews
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
            It is DEGRADED if packets pass and some are lost, EMPTY if the origin has no port in the VPN, and \
            UNKNOWN if an agent is silent: unknown never counts as OK.

            EXAMPLES
              fedctl verify
              fedctl verify --vpn blue --cloud tokyo -o wide
              fedctl verify --failed | less
              fedctl verify --bundle friday.json
              fedctl verify --wait 30 && echo nothing is broken

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .verifyFailed, .unknown, .isolationViolated, .usage, words: [
                .ok: "every pair is OK, PROGRAMMED, DEGRADED or EMPTY", .verifyFailed: "a pair failed (even if others are unknown)",
                .isolationViolated: "isolation violated, whatever else failed: fedctl isolation shows it",
            ]))
            """)

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Show only failed, unknown and degraded pairs; the totals cover all.")
    var failed = false

    @Option(help: ArgumentHelp("Repeat until all pairs are programmed, for at most this time.", valueName: "seconds"))
    var wait: Int?

    @OptionGroup var bundle: BundleOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if wait != nil, bundle.bundle != nil { throw ValidationError("a bundle does not change: --wait has nothing to wait for") }
        if let wait, wait < 0 { throw ValidationError("invalid --wait: must be 0 or more seconds") }
    }

    func run() async throws {
        let console = Console.current()
        if let bundle = try bundle.read() {
            return try show(try bundle.verification(of: selection), on: console, under: bundle.heading)
        }
        let verification = try await connection.connected { coordinator in
            try await waiting(wait, on: console) {
                try await coordinator.verify(
                    selection, onlyBroken: failed, mostPairs: output.output == .table ? VerificationResult.mostPairs : nil)
            } isDone: {
                $0.exitStatus == .ok
            } progress: {
                $0.progress
            }
        }
        try show(verification, on: console)
    }

    private func show(_ verification: VerificationResult, on console: Console, under heading: Page = Page()) throws {
        var page = heading
        page.append(verification.page(width: console.width, wide: output.output == .wide, onlyFailed: failed))
        try output.show(failed ? verification.failed : verification, page, on: console)
        try verification.exitStatus.end()
    }
}

extension VerificationBundle {
    /// The pairs of what is selected, and the leaks: what the coordinator would have said then.
    fileprivate func verification(of selection: SelectionOptions) throws -> VerificationResult {
        let clouds = Dictionary(grouping: inputs.intents.keys, by: \.cloud)
        if let vpn = selection.vpn { _ = try find(vpn, in: inputs.vpns, "VPN") }
        if let cloud = selection.cloud { _ = try find(cloud, in: clouds, "cloud") }
        let chosen = FederationSelection(vpn: selection.vpn, cloud: selection.cloud)
        var verification = VerificationResult(pairs: inputs.verdicts().filter(chosen.includes))
        verification.leaks = inputs.isolation(of: selection.vpn.map { [$0] }).leaks(at: selection.cloud)
        return verification
    }
}

extension AdminClient {
    /// The pairs of what is selected.
    func verify(_ selection: SelectionOptions, onlyBroken: Bool, mostPairs: Int?) async throws -> VerificationResult {
        let request = VerdictRequest(
            .init(vpn: selection.vpn, cloud: selection.cloud), onlyBroken: onlyBroken, mostPairs: mostPairs)
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
