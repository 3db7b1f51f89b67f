import ArgumentParser
import FederationAPI
import FederationModel
import Foundation
import Terminal

struct PKICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki",
        abstract: "Issues the certificates of a federation, with a development CA in the --certs folder.",
        discussion: """
            It works only on files, without a coordinator. Keys are readable only by their owner; none is overwritten \
            without --replace.

            EXAMPLES
              fedctl pki init --federation demo
              fedctl pki issue coordinator --address 192.168.100.1 --address localhost
              fedctl pki issue gateway paris/gw1
              fedctl pki issue admin
              fedctl pki revoke certs/paris.gw1.pem
              fedctl pki crl --refresh
              fedctl pki list

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """,
        subcommands: [PKIInitCommand.self, PKIIssueCommand.self, PKIRevokeCommand.self, PKIListCommand.self, PKIListRevokedCommand.self])
}

struct PKIInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Creates a new certificate authority with an empty revocation list.",
        discussion: """
            It writes ca.pem, ca.key and crl.pem. The authority can issue certificates only for its own federation.

            EXAMPLES
              fedctl pki init --federation demo --certs /etc/ovn-federation/certs

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage, words: [.error: "the folder already has an authority, or is not writable"]))
            """)

    @Option(help: ArgumentHelp("The name of the federation.", valueName: "name"), transform: reading)
    var federation: FederationID

    @OptionGroup var lists: RevocationListOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let folder = connection.folder()
        let made = try complaining { () throws(PKIError) in
            try CertificateAuthority.create(
                in: folder, federation: federation, revocationListLifetime: lists.lifetime ?? CertificateAuthority.Lifetime.revocationList
            ).revocationList()
        }
        var page = Page()
        page.line("authority of federation \(federation.text)")
        page.field("certificate", "\(folder)/ca.pem")
        page.field("key", "\(folder)/ca.key (keep it secret: it is the federation)")
        page.field(
            "revocation list", StyledText("\(folder)/crl.pem (valid until \(made.lastMoment); before that: fedctl pki crl --refresh)"))
        Console.current().show(page)
    }
}

/// Runs `body`, whose errors become complaints.
func complaining<Result>(_ body: () throws(PKIError) -> Result) throws(CommandError) -> Result {
    do {
        return try body()
    } catch {
        throw CommandError(error)
    }
}
