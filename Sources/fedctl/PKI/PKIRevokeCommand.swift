import ArgumentParser
import FederationAPI
import Foundation
import Terminal

struct PKIRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Adds a certificate to the revocation list, crl.pem.",
        discussion: """
            A coordinator with --revocation-list closes the connections of that certificate \
            within seconds after it gets the new list. Copies of all issued certificates are in the folder issued/.

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
        page.field("revocation list", "\(folder)/crl.pem (copy it to the coordinator, unless it reads this file)")
        Console.current().show(page)
    }
}

struct PKIListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the issued certificates.",
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
