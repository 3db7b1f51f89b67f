import ArgumentParser
import FederationAPI
import FederationModel
import Terminal

struct PKIIssueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "Issues a certificate with a new key.",
        discussion: """
            EXAMPLES
              fedctl pki issue coordinator --address 192.168.100.1 --address localhost
              fedctl pki issue gateway paris/gw1
              fedctl pki issue admin alice
              fedctl pki issue reader paris

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """,
        subcommands: [IssueCoordinator.self, IssueGateway.self, IssueAdmin.self, IssueReader.self])

    struct IssueCoordinator: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "coordinator", abstract: "For fed-coordinator: coordinator.pem and coordinator.key.",
            discussion: """
                EXAMPLES
                  fedctl pki issue coordinator --address 192.168.100.1 --address localhost

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .usage))
                """)

        @Option(help: ArgumentHelp("An IP address or host name of the coordinator; may be repeated.", valueName: "address"))
        var address: [String] = []

        @OptionGroup var issuing: IssuingOptions
        @OptionGroup var connection: ConnectionOptions

        func run() throws { try issuing.issue(.coordinator(addresses: address), in: connection.folder()) }
    }

    struct IssueGateway: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "gateway", abstract: "For the fed-agent of a gateway: CLOUD.NODE.pem and CLOUD.NODE.key.",
            discussion: """
                EXAMPLES
                  fedctl pki issue gateway paris/gw1

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .usage))
                """)

        @Argument(help: ArgumentHelp("The gateway, as in the federation file.", valueName: "cloud/node"), transform: reading)
        var gateway: GatewayID

        @OptionGroup var issuing: IssuingOptions
        @OptionGroup var connection: ConnectionOptions

        func run() throws { try issuing.issue(.gateway(gateway), in: connection.folder()) }
    }

    struct IssueAdmin: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "admin", abstract: "For a user of fedctl: admin.pem and admin.key, or admin-NAME.pem and .key.",
            discussion: """
                Give each admin ca.pem and the two files, in a folder of their own: fedctl uses the only admin certificate there. \
                If there are several, it uses admin.pem; --admin NAME or FEDCTL_ADMIN selects another one.

                EXAMPLES
                  fedctl pki issue admin
                  fedctl pki issue admin alice

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .usage))
                """)

        @Argument(
            help: ArgumentHelp("The admin's name; recorded by the coordinator with every apply.", valueName: "name"), transform: reading)
        var name: AdminName = CertificateSubject.defaultAdmin

        @OptionGroup var issuing: IssuingOptions
        @OptionGroup var connection: ConnectionOptions

        func run() throws { try issuing.issue(.admin(name), in: connection.folder()) }
    }

    struct IssueReader: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reader", abstract: "For the Neutron of a cloud: reader-CLOUD.pem and reader-CLOUD.key.",
            discussion: """
                It may ask for the reports and verdicts of its own cloud, and nothing else: the BGPVPN driver shows tenants with it \
                where their network reaches. Give the cloud's admin ca.pem and the two files.

                EXAMPLES
                  fedctl pki issue reader paris

                EXIT STATUS
                \(ExitStatus.manual(.ok, .error, .usage))
                """)

        @Argument(help: ArgumentHelp("The cloud, as in the federation file.", valueName: "cloud"), transform: reading)
        var cloud: CloudName

        @OptionGroup var issuing: IssuingOptions
        @OptionGroup var connection: ConnectionOptions

        func run() throws { try issuing.issue(.reader(cloud), in: connection.folder()) }
    }
}

struct IssuingOptions: ParsableArguments {
    @Flag(help: "Overwrite the certificate and key of the same peer. The old certificate stays valid until it is revoked.")
    var replace = false

    func issue(_ subject: CertificateSubject, in folder: String) throws {
        let certificate = try complaining { () throws(PKIError) in
            try CertificateAuthority(in: folder).issue(subject, replacing: replace)
        }
        var page = Page()
        page.line(StyledText(certificate.identity.description))
        page.field("certificate", StyledText("\(certificate.path) (valid until \(CertificateView.day(certificate.notAfter)))"))
        page.field("key", StyledText(certificate.path.dropLast(4) + ".key"))
        if case .admin(let name) = subject, name != CertificateSubject.defaultAdmin {
            page.field(
                "use", "alone in a folder with ca.pem (--certs), or together with others with --admin \(name) or FEDCTL_ADMIN=\(name)")
        }
        Console.current().show(page)
    }
}
