import ArgumentParser
import FederationAPI
import FederationViews
import Terminal
import Verification

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Tells for every VPN and pair of clouds whether it is programmed, and if not, where it breaks and why.",
        discussion: """
            In “paris → tokyo”, paris is the origin whose addresses are to be reached, and tokyo the viewer that is to reach \
            them. The numbers say how many of the origin’s prefixes came the whole way, of how many. A pair is PROGRAMMED where \
            bgpd, the kernel, OVS and OVN at both ends have what the federation asks for: no packet is sent, so whether packets pass is \
            not known (MTU of the underlay, a filter of UDP 4789, an ACL). A pair is EMPTY where the origin has no port in the VPN, and \
            UNKNOWN where an agent is silent: unknown never counts as well.

            EXAMPLES
              fedctl verify
              fedctl verify --vpn blue --cloud tokyo -o wide
              fedctl verify --failed | less
              fedctl verify --wait 30 && echo all pairs are programmed

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .verifyFailed, .unknown, .usage, words: [
                .ok: "every pair is PROGRAMMED or EMPTY (“ok” in JSON)", .verifyFailed: "a pair failed (even if others are unknown)",
            ]))
            """)

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Show only what failed or is unknown; the sum is of all.")
    var failed = false

    @Option(help: ArgumentHelp("Ask again until all is programmed, so long at most.", valueName: "seconds"))
    var wait: Int?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if let wait, wait < 0 { throw ValidationError("--wait is a number of seconds, from 0") }
    }

    func run() async throws {
        let console = Console.current()
        let verification = try await connection.connected { coordinator in
            try await waiting(wait, on: console) {
                try await coordinator.verify(selection)
            } isDone: {
                $0.state == .ok || $0.state == .empty
            } progress: {
                $0.progress
            }
        }
        try output.show(
            failed ? verification.failed : verification,
            verification.page(width: console.width, wide: output.output == .wide, onlyFailed: failed), on: console)
        try verification.exitStatus.end()
    }
}

extension AdminClient {
    /// The pairs of what is selected.
    func verify(_ selection: SelectionOptions) async throws -> VerificationResult {
        let verification = try await verify(vpn: selection.vpn, cloud: selection.cloud)
        // Nothing to judge is health only if what was asked for exists.
        if verification.pairs.isEmpty { try selection.check(against: try await graph().required()) }
        return verification
    }
}

extension VerificationResult {
    var progress: String {
        let waiting = pairs.filter { $0.state == .failed || $0.state == .unknown }
        let first = waiting.first.map { pair in ": \(pair.vpn) \(pair.direction) \(pair.cause?.code ?? pair.state.word)" } ?? ""
        return "\(count(waiting.count, "pair")) not programmed yet\(first)"
    }
}
