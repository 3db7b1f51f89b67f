import ArgumentParser
import FederationAPI
import Foundation
import Terminal

/// How long revocation lists are valid.
struct RevocationListOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Validity of the revocation list in days, 1–400 (default: as before, initially 7).", valueName: "number"))
    var crlDays: Int?

    func validate() throws {
        guard let crlDays else { return }
        guard (1...400).contains(crlDays) else { throw ValidationError("invalid --crl-days \(crlDays): must be 1–400") }
    }

    /// Seconds.
    var lifetime: TimeInterval? { crlDays.map { TimeInterval($0) * 86400 } }
}

struct PKIListRevokedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crl", abstract: "Shows the revocation list, crl.pem, or renews it for another week.",
        discussion: """
            A list expires (after 7 days, or --crl-days), so that withholding a newer one gains only days. \
            When a list has expired, nobody is admitted: agents keep forwarding and fedctl is refused until there is a new one. Renew it \
            daily, from cron, and copy crl.pem to the coordinator and to the gateways.

            EXAMPLES
              fedctl pki crl
              fedctl pki crl --refresh
              fedctl pki crl --refresh --crl-days 14

            EXIT STATUS
            \(ExitStatus.manual(.ok, .error, .usage))
            """)

    @Flag(help: "Renew the list, with the same entries and a higher number.")
    var refresh = false

    @Option(
        help: ArgumentHelp(
            "With --refresh, the minimum number of the new list: higher than any that the coordinator has seen.", valueName: "number"
        ))
    var number: Int64 = 1

    @OptionGroup var lists: RevocationListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if !refresh, lists.crlDays != nil || number != 1 { throw ValidationError("--crl-days and --number need --refresh") }
        guard number > 0 else { throw ValidationError("invalid --number \(number): must be 1 or more") }
    }

    func run() throws {
        let folder = connection.folder()
        let summary = try complaining { () throws(PKIError) in
            let authority = try CertificateAuthority(in: folder)
            return refresh ? try authority.refreshRevocationList(lifetime: lists.lifetime, atLeast: number) : try authority.revocationList()
        }
        let view = RevocationListView(
            file: "\(folder)/crl.pem", number: summary.number.description, from: Date(timeIntervalSince1970: TimeInterval(summary.from)),
            until: Date(timeIntervalSince1970: TimeInterval(summary.until)), revoked: summary.revoked)
        try output.show(view, view.page(now: Date()), on: Console.current())
    }
}

/// A revocation list, as it is shown.
struct RevocationListView: Hashable, Sendable, Encodable {
    var file: String
    var number: String
    var from: Date
    var until: Date
    var revoked: Int

    private enum CodingKeys: CodingKey {
        case file, number, from, until, revoked
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(number, forKey: .number)
        try container.encode(from.formatted(.iso8601), forKey: .from)
        try container.encode(until.formatted(.iso8601), forKey: .until)
        try container.encode(revoked, forKey: .revoked)
    }

    func page(now: Date) -> Page {
        var page = Page()
        page.field("revocation list", StyledText(file))
        page.field("number", StyledText(number))
        page.field("revoked", StyledText("\(revoked)"))
        page.field(
            "valid until",
            until < now
                ? StyledText("\(until.formatted(.iso8601)), expired: fedctl pki crl --refresh", .bad)
                : StyledText(until.formatted(.iso8601), .good))
        return page
    }
}

extension RevocationListSummary {
    /// `2026-11-23T17:00:43Z`
    var lastMoment: String { Date(timeIntervalSince1970: TimeInterval(until)).formatted(.iso8601) }
}
