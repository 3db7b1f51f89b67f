import Agent
import ArgumentParser
import Foundation
import Invocation
import Logging
import Terminal

/// What a node lacks for an agent.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Looks whether this node has what an agent needs, and says for each failure what to type.",
        discussion: """
            Kernel, sysctls, firewall, the way to every VTEP of the stored intent, FRR, Open vSwitch, OVN, permissions, clock. It needs no running
            agent and changes nothing; give it the options that the agent is given. As root it tries sockets and files as the service's user.

            EXIT STATUS: 0 nothing is wrong, 1 something could not be found out, 2 something is wrong, 64 wrong usage.
            """)

    @OptionGroup var node: NodeOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Seconds to wait for the databases.")
    var patience = 5

    @Option(help: "The user that the service runs as (User= of the unit).")
    var user = "ovn-federation"

    @Option(help: "Groups that the unit adds, with commas between them (SupplementaryGroups=).")
    var groups = "frrvty"

    @Flag(help: .hidden)
    var asIs = false

    func run() async throws {
        var log = Logger(label: "fed-agent") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = .critical
        let preflight = Preflight(surroundings: try node.surroundings(), stateDirectory: node.stateDirectory, log: log)
        let report = asIs || geteuid() != 0 ? await preflight.run(within: .seconds(patience)) : await asService(preflight)
        try output.show(report, report.page)
        if report.exitStatus != 0 { throw ExitCode(report.exitStatus) }
    }

    private func asService(_ preflight: Preflight) async -> CheckReport {
        let account: ServiceAccount
        do throws(ServiceAccount.Failure) {
            account = try ServiceAccount(user, further: groups.split(separator: ",").map(String.init))
        } catch {
            // Where the unit is, it cannot start.
            let hasUnit = ["/etc", "/usr/lib", "/lib"].contains { access("\($0)/systemd/system/fed-agent.service", F_OK) == 0 }
            return await preflight.run(within: .seconds(patience)).asRoot(
                "\(error)", hasUnit ? .bad : .note, remedy: "\(error.remedy); or say with --user and --groups which ones the service has")
        }
        guard !account.isRoot else { return await preflight.run(within: .seconds(patience)) }
        do {
            let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return try await CheckReport.made(
                by: account, program, ["check", "--as-is", "--output", "json", "--patience", "\(patience)"] + node.arguments,
                within: .seconds(patience), ownView: preflight.passwords())
        } catch {
            return await preflight.run(within: .seconds(patience)).asRoot(
                "as \(user) the check does not run (\(error))", .unknown,
                remedy: "run it as that user: `setpriv --reuid \(user) --regid \(user) --init-groups fed-agent check`")
        }
    }
}

extension CheckReport {
    /// A line for each look, what to do below it.
    var page: Page {
        var page = Page()
        for finding in findings {
            let (word, style): (String, Style?) =
                switch finding.state {
                case .good: ("ok  ", .good)
                case .note: ("note", .doubtful)
                case .bad: ("BAD ", .bad)
                case .unknown: ("?   ", .doubtful)
                }
            page.line(StyledText(word, style) + StyledText("  \(finding.subject): \(finding.text)"))
            if !finding.remedy.isEmpty { page.line(StyledText(finding.remedy), indentation: 6) }
        }
        return page
    }
}
