import ArgumentParser
import FederationAPI
import Foundation
import Terminal

struct PKIRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Adds a certificate to the revocation list, crl.pem.",
        discussion: """
            A coordinator that runs with --revocation-list and sees the new list ends the connections of that certificate \
            within seconds. Copies of all certificates ever issued are in the folder issued/.

            EXAMPLES
              fedctl pki revoke certs/paris.gw1.pem

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @Argument(help: ArgumentHelp("The certificate.", valueName: "file"), completion: .file(extensions: ["pem"]))
    var file: String

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let folder = connection.folder()
        let certificate = try complaining { () throws(PKIError) in try CertificateAuthority(in: folder).revoke(file) }
        var page = Page()
        page.line("revoked: \(certificate.identity.description)")
        page.field("serial", StyledText(certificate.serial))
        page.field("revocation list", "\(folder)/crl.pem (give it to the coordinator, if it is not read from here)")
        Console.current().show(page)
    }
}

struct PKIListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the certificates that were issued.",
        discussion: """
            EXAMPLES
              fedctl pki list -o wide

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let folder = connection.folder()
        let issued = try complaining { () throws(PKIError) in try CertificateAuthority(in: folder).list() }
        let certificates = issued.map { CertificateView($0, now: Date()) }
        try output.show(certificates, certificates.page, on: Console.current())
    }
}
