import ArgumentParser
import Foundation
import Lab

struct FaultOptions: ParsableArguments {
    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these faults.", valueName: "fault"))
    var only: [String] = []

    @Option(help: .hidden)
    var commit = ""
}

struct Faults: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Breaks a federation in every way of its faults.yaml, and compares what fedctl verify says with what packets come to.",
        discussion: """
            fedlab faults two-clouds --list
            fedlab faults two-clouds --only vxlan-dropped-in frozen-vswitchd
            fedlab faults two-clouds --report docs/verify.md

            After each fault, when verify's answer has settled, machines of each pair of clouds ping each other: IPv4 and IPv6, small packets and \
            the largest that they send. The remedy that verify prints is typed as printed, where it changes something. Rows are in \
            out/lab/NAME/faults.json; --report writes those of all topologies into a page. Exit status 1 if a verdict was not right.
            """)
    @OptionGroup var options: LabOptions
    @OptionGroup var faults: FaultOptions
    @Flag(help: "List the faults, and do nothing.")
    var list = false
    @Option(help: ArgumentHelp("The page to write the tables into, between its marks.", valueName: "file"))
    var report: String?
    @OptionGroup var patience: PatienceOptions
    @OptionGroup var platform: PlatformOptions

    func run() async throws {
        let session = try options.session()
        let chosen = try session.faults(faults.only)
        guard !list else {
            for fault in chosen {
                say("\(fault.name.padding(toLength: 28, withPad: " ", startingAt: 0)) \(fault.layer.rawValue): \(fault.what)\n")
            }
            return
        }
        let commit = try await Command(["git", "rev-parse", "--short", "HEAD"]).run()
        let mark = commit.succeeded ? commit.text : "unknown"
        let only = faults.only
        var failure: (any Error)?
        do {
            try await work(
                options, platform, .faults, patience: patience.patience,
                further: (only.isEmpty ? [] : ["--only"] + only) + ["--commit", mark]
            ) { await $0.inject($1, only, commit: mark) }
        } catch { failure = error }
        if let report {
            try FaultTable.report(try Session.all().map { Layout(name: $0.name, repository: session.layout.repository) }, into: report)
        }
        if let failure { throw failure }
    }
}
