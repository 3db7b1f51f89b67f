import Agent
import ArgumentParser
import Foundation

/// Makes a recording's decisions again.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Makes the decisions of a recording again, and compares them with those that were recorded.",
        discussion: """
            Reads what `fed-agent --record FILE` wrote, and nothing else: it needs no root, no network and no gateway, and changes nothing.
            With --explain it prints what `fed-agent explain` would have printed at the end of the recording.
            For each event that something was decided on it prints the time (UTC), the event, and each action as JSON.

            EXIT STATUS: 0 the same decisions, byte for byte, 1 others (the first difference is printed) or FILE cannot be read, 64 wrong usage.
            """)

    @Argument(help: "The recording.", completion: .file())
    var file: String

    @Flag(help: "Print no decisions, only whether they are the same.")
    var quiet = false

    @Flag(help: "Print facts, design and plan as they are at the end, in place of the decisions.")
    var explain = false

    func run() throws {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let replay = try Replay(text)
        let release = replay.release
        var count = 0
        let difference = try replay.run { decision in
            count += 1
            guard !quiet, !explain, !decision.actions.isEmpty else { return }
            print("\(Self.time(decision.at)) \(decision.event)")
            for action in decision.actions { print("  \(action)") }
        } explain: { explanation in
            if explain { print(explanation.text) }
        }
        if let difference {
            print(
                """
                different at line \(difference.line) of \(file), recorded by \(release):
                  recorded: \(difference.recorded)
                  decided:  \(difference.decided)
                """)
            throw ExitCode.failure
        }
        print("same: \(count) events, recorded by \(release)")
    }

    private static func time(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601.time(includingFractionalSeconds: true))
    }
}
