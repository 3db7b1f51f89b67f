import Foundation
import Subprocess
import Testing

@testable import Agent

/// Recorded by `fed-agent --record` on gateways of the lab two-clouds.
@Suite("What gateways of a lab decided is decided again")
struct RecordedLabTests {
    /// A recording and words that stand in its decisions: what was to be seen in it.
    struct Recording: CustomTestStringConvertible, Sendable {
        var file: String
        var decided: [String]

        var testDescription: String { file }
    }

    static let recordings = [
        // The first start of a gateway that has nothing, until its agent is killed.
        Recording(file: "start", decided: ["createLink", "configureBase", "bindVNI", "changeFlows", "createSet", "exempt"]),
        // The agent after a kill; flows, a route and a device that somebody took away; another VNI and the way back.
        Recording(
            file: "drift-and-vni", decided: ["configureVRF", "addRoute", "changeFlows", "createLink", "unbindVNI", "bindVNI", "removeVRF"]),
    ]

    private func read(_ name: String) async throws -> String {
        let path = try #require(Bundle.module.url(forResource: name, withExtension: "jsonl.gz", subdirectory: "Fixtures")?.path)
        let result = try await run(.name("gzip"), arguments: ["-dc", path], output: .string(limit: 64 << 20), error: .discarded)
        return result.standardOutput
    }

    @Test("byte for byte", .timeLimit(.minutes(2)), arguments: recordings)
    func same(recording: Recording) async throws {
        let text = try await read(recording.file)
        var decided = ""
        var events = 0
        var explanation: Explanation?
        let difference = try Replay(text).run { decision in
            events += 1
            decided += decision.actions.joined()
        } explain: {
            explanation = $0
        }
        #expect(difference == nil)
        #expect(events > 50)
        #expect(explanation?.gateway == "paris/gw1 of federation demo" && explanation?.isComplete == true)
        for word in recording.decided { #expect(decided.contains("\"\(word)\""), "\(word)") }
    }
}
