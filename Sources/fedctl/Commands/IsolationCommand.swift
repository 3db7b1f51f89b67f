import ArgumentParser
import FederationAPI
import FederationModel
import FederationViews
import Terminal
import Verification

struct IsolationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "isolation",
        abstract: "Proves for every pair of VPNs that no import path exists, or shows what breaks it.",
        discussion: """
            Three things are compared: the route targets of the intents, what bgpd of each gateway really imports and exports (wildcards and \
            FRR’s automatic targets, and VRFs on the gateway that are not the federation’s), and the routes in the VRFs. What a share allows is \
            allowed. A pair counts as proven from intent only where a gateway does not tell all, or has a route of nobody who may export to the \
            VPN: that is UNKNOWN, never isolated.

            --report writes a dated statement, signed with the coordinator’s key; openssl checks it as below (docs/security.md). \
            The last line must print URI:spiffe://FEDERATION/coordinator: admins and gateways have certificates of the same authority.

            EXAMPLES
              fedctl isolation
              fedctl isolation blue red -o wide
              fedctl isolation --report isolation.txt
              openssl cms -verify -binary -purpose any -CAfile ca.pem -content isolation.txt -inform PEM -in isolation.txt.p7s \
            -signer signer.pem -out /dev/null
              openssl x509 -in signer.pem -noout -ext subjectAltName

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .unknown, .isolationViolated, .usage, words: [
                .ok: "isolation is proven", .unknown: "unknown: no import path is known, but not everything was seen",
            ]))
            """)

    @Argument(help: ArgumentHelp("Only pairs with one of these; all if none is given.", valueName: "vpn"), transform: reading)
    var vpns: [VPNName] = []

    @Option(
        help: ArgumentHelp("Write a signed statement to this file, and its signature to the same name with .p7s.", valueName: "file"),
        completion: .file())
    var report: String?

    @Flag(help: "With --report: replace files that exist.")
    var replace = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if replace, report == nil { throw ValidationError("--replace is for --report") }
    }

    func run() async throws {
        let console = Console.current()
        let wanted = vpns.isEmpty ? nil : Set(vpns)
        let answer = try await connection.connected { coordinator in
            let answer = try await coordinator.isolation(IsolationOrder(vpns: wanted, wantsStatement: report != nil))
            // A name that nothing has would look like isolation.
            if let wanted, answer.proof.vpns.count < wanted.count {
                let graph = try await coordinator.graph().required()
                for name in vpns { _ = try find(name, in: graph.vpns, "VPN") }
            }
            return answer
        }
        var page = answer.page(wide: output.isWide)
        if let report {
            guard let statement = answer.statement else {
                throw CommandError("the coordinator sent no statement", remedy: "update the coordinator to this release")
            }
            try StatementFiles(report, replacing: replace).write(statement)
            page.gap()
            page.line(StyledText("\(report), signed in \(report).p7s"))
        }
        try output.show(IsolationView(answer), page, on: console)
        try answer.proof.state.exitStatus.end()
    }
}
