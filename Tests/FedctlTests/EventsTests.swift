import Coordinator
import FederationAPI
import FederationModel
import Foundation
import Synchronization
import Testing
import Verification

@testable import fedctl

/// A clock that a test sets.
private final class TestClock: Sendable {
    private let time: Mutex<Int64>

    init(_ time: Int64 = ControlPlane.wallClock()) { self.time = Mutex(time / 1000 * 1000) }

    var now: Int64 { time.withLock { $0 } }
    func pass(seconds: Int64) { time.withLock { $0 += seconds * 1000 } }
}

/// Of a report of one VPN: base, VPN, received routes.
private let parts = 3

@Suite("Events, and the verdicts of former times", .timeLimit(.minutes(3)))
struct EventsTests {
    private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    /// Both agents are there, and all is well.
    private func begin(_ quarters: Headquarters) async throws -> [AgentSession] {
        _ = try await quarters.tool.run("apply", "-f", "-", input: Headquarters.file)
        let sessions = try ["paris/gw1", "tokyo/gw1"].map { try quarters.connect($0) }
        quarters.controlPlane.verdicts.refresh()
        return sessions
    }

    @Test("what happened is told in order, with the number of pairs that it is of; and by VPN and pair")
    func log() async throws {
        let clock = TestClock()
        try await Headquarters.open(clock: { clock.now }) { quarters in
            _ = try await begin(quarters)
            clock.pass(seconds: 60)
            quarters.controlPlane.verdicts.refresh()
            let all = try await quarters.tool.run("events")
            #expect(all.status == 0, "\(all)")
            let text = all.output
            #expect(text.contains("recording           coordinator  recording begins"))
            #expect(text.contains("revision            revision 1  applied by admin"))
            #expect(text.contains("agent-connected     paris/gw1  test-agent 1"))
            #expect(text.contains("blue tokyo → paris  PROGRAMMED → UNKNOWN (report-stale)"), "\(text)")
            let one = try await quarters.tool.run("events", "--from", "paris", "--to", "tokyo", "--vpn", "blue")
            #expect(!one.output.contains(" more") && one.output.contains("blue paris → tokyo  PROGRAMMED → UNKNOWN"), "\(one.output)")
            let since = try await quarters.tool.run("events", "--since", timestamp(clock.now).replacing(" ", with: "T"))
            #expect(lines(since.output).count == 3, "the day, and two pairs: \(since.output)")
            let json = try await quarters.tool.run("events", "-o", "json", "--limit", "1")
            let document = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            let event = try #require((document["events"] as? [[String: Any]])?.first)
            let verdicts = try #require(event["verdicts"] as? [String: Any])
            #expect(document["more"] as? Bool == true && verdicts["pairCount"] as? Int == 1 && (verdicts["pairs"] as? [Any])?.count == 1)
            #expect((verdicts["after"] as? [String: Any])?["state"] as? String == "unknown")
            let wrong = try await quarters.tool.run("events", "--vpn", "bleu", "--limit", "1")
            #expect(wrong.status == 0 || wrong.errors.contains("did you mean “blue”?"), "\(wrong)")
        }
    }

    @Test("fedctl at TIME verify says what was then, that it is history, and where nothing is known of it")
    func past() async throws {
        let clock = TestClock()
        let begun = clock.now
        try await Headquarters.open(clock: { clock.now }) { quarters in
            _ = try await begin(quarters)
            clock.pass(seconds: 60)
            quarters.controlPlane.verdicts.refresh()
            clock.pass(seconds: 60)
            func text(_ time: Int64) -> String { rfc3339(time) }
            let now = try await quarters.tool.run("verify")
            #expect(now.status == 4, "\(now)")
            for words in [["at", text(begun + 30_000), "verify"], ["verify", "--at", text(begun + 30_000)]] {
                let then = try await quarters.tool.run(words)
                #expect(then.status == 0, "\(then)")
                #expect(
                    then.output.contains("from the history, not of now") && then.output.contains("2 pairs: 2 PROGRAMMED"), "\(then.output)")
            }
            let silent = try await quarters.tool.run("at", text(begun + 90_000), "verify", "--vpn", "blue")
            #expect(silent.status == 4 && silent.output.contains("2 pairs: 2 UNKNOWN"), "\(silent)")
            #expect(silent.output.contains(timestamp(begun + 60_000)) && silent.output.contains("report-stale"), "\(silent.output)")
            let before = try await quarters.tool.run("at", text(begun - 3_600_000), "verify")
            #expect(before.status == 1 && before.errors.contains("verdicts are kept since \(rfc3339(begun))"), "\(before)")
            let future = try await quarters.tool.run("at", text(begun + 3_600_000), "verify")
            #expect(future.status == 1 && future.errors.contains("has not come yet"), "\(future)")
            let typo = try await quarters.tool.run("at", text(begun + 30_000), "verify", "--vpn", "bleu")
            #expect(typo.status == 1 && typo.errors.contains("did you mean “blue”?"), "\(typo)")
            let json = try await quarters.tool.run("at", text(begun + 90_000), "verify", "-o", "json", "--failed")
            let document = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            #expect(document["state"] as? String == "unknown" && (document["pairs"] as? [Any])?.count == 2, "\(json.output)")
        }
    }

    @Test("verify --since REVISION shows what changed since its commit, and ends by that")
    func since() async throws {
        let clock = TestClock()
        try await Headquarters.open(clock: { clock.now }) { quarters in
            _ = try await begin(quarters)
            clock.pass(seconds: 5)
            let tokyo = Headquarters.file.replacing("tokyo: {", with: "tokyo: {drain: false, ")
            #expect(try await quarters.tool.run("apply", "-f", "-", input: tokyo + "# two\n").status == 0)
            let revisions = try await quarters.tool.run("history", "-o", "json")
            let document = try #require(try JSONSerialization.jsonObject(with: Data(revisions.output.utf8)) as? [String: Any])
            let newest = try #require((document["revisions"] as? [[String: Any]])?.first?["number"] as? Int)
            let quiet = try await quarters.tool.run("verify", "--since", "\(newest)")
            #expect(quiet.status == 0 && quiet.output.contains("0 of 2 pairs changed"), "\(quiet)")
            clock.pass(seconds: 60)
            quarters.controlPlane.verdicts.refresh()
            let loud = try await quarters.tool.run("verify", "--since", "\(newest)")
            #expect(loud.status == 4 && loud.output.contains("2 of 2 pairs changed"), "\(loud)")
            #expect(loud.output.contains(/blue +paris → tokyo +PROGRAMMED +UNKNOWN/) && loud.output.contains("remedy"), "\(loud.output)")
            let one = try await quarters.tool.run("verify", "--since", "\(newest)", "--vpn", "blue", "-o", "json")
            let pairs = try #require(
                (try JSONSerialization.jsonObject(with: Data(one.output.utf8)) as? [String: Any])?["pairs"] as? [[String: Any]])
            #expect(pairs.count == 2 && (pairs[0]["before"] as? [String: Any])?["state"] as? String == "programmed", "\(one.output)")
            let none = try await quarters.tool.run("verify", "--since", "99")
            #expect(none.status == 1 && none.errors.contains("there is no revision 99"), "\(none)")
            let both = try await quarters.tool.run("verify", "--since", "1", "--watch")
            #expect(both.status == 64, "\(both)")
        }
    }

    @Test("top shows what is broken and what changes all the time, the worst first")
    func top() async throws {
        let clock = TestClock()
        try await Headquarters.open(clock: { clock.now }) { quarters in
            _ = try await begin(quarters)
            let well = try await quarters.tool.run("top", "--once")
            #expect(well.status == 0 && well.output.contains("2 of 2 agents connected") && well.output.contains("2 PROGRAMMED"), "\(well)")
            clock.pass(seconds: 60)
            quarters.controlPlane.verdicts.refresh()
            let silent = try await quarters.tool.run("top")
            #expect(silent.output.contains(/blue +0 +2 +0 +\d+ +\w+ ago +paris → tokyo +report-stale/), "\(silent.output)")
            let json = try await quarters.tool.run("top", "-o", "json")
            let document = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            #expect(document["state"] as? String == "unknown" && (document["vpns"] as? [[String: Any]])?.first?["unknown"] as? Int == 2)
            #expect(try await quarters.tool.run("top", "--interval", "0").status == 64)
        }
    }

    @Test("a restart of the coordinator is no event of the pairs; one that does not come back is, since the start")
    func restart() async throws {
        let clock = TestClock()
        let begun = clock.now
        try await withDirectory { directory in
            try Headquarters.prepare(directory)
            try await Headquarters.open(in: directory, clock: { clock.now }) { quarters in
                _ = try await begin(quarters)
                clock.pass(seconds: 5)
            }
            clock.pass(seconds: 100)
            try await Headquarters.open(in: directory, clock: { clock.now }) { quarters in
                quarters.controlPlane.verdicts.refresh()
                for name in ["paris/gw1", "tokyo/gw1"] { try quarters.connect(name) }
                quarters.controlPlane.verdicts.refresh()
                clock.pass(seconds: 5)
                let events = try await quarters.tool.run("events", "-o", "json", "--since", rfc3339(clock.now - 10_000))
                #expect(events.status == 0 && !events.output.contains("\"verdict\""), "\(events)")
                let gap = try await quarters.tool.run("at", rfc3339(begun + 50_000), "verify")
                #expect(gap.status == 4 && gap.output.contains("nothing was recorded from"), "\(gap)")
                let after = try await quarters.tool.run("at", rfc3339(clock.now - 1000), "verify")
                #expect(after.status == 0 && after.output.contains("2 PROGRAMMED"), "\(after)")
            }
            clock.pass(seconds: 10)
            let restarted = clock.now
            try await Headquarters.open(in: directory, clock: { clock.now }) { quarters in
                try quarters.connect("paris/gw1")
                quarters.controlPlane.verdicts.refresh()
                clock.pass(seconds: 10)
                let waiting = try await quarters.tool.run("events", "-o", "json", "--since", rfc3339(restarted))
                #expect(!waiting.output.contains("\"verdict\""), "\(waiting)")
                // It says not what was before the start.
                let unsettled = try await quarters.tool.run("at", rfc3339(restarted + 5000), "verify")
                #expect(unsettled.status == 4 && unsettled.output.contains("nothing was recorded from"), "\(unsettled)")
                clock.pass(seconds: 21)
                quarters.controlPlane.verdicts.refresh()
                let told = try await quarters.tool.run("events", "--since", rfc3339(restarted))
                #expect(told.output.contains("PROGRAMMED → UNKNOWN"), "\(told)")
                let then = try await quarters.tool.run("at", rfc3339(restarted + 5000), "verify")
                #expect(then.status == 4, "\(then)")
            }
        }
    }

    @Test("verify --watch begins with the sum, and tells a change within a second of the report")
    func watch() async throws {
        try await Headquarters.open { quarters in
            let sessions = try await begin(quarters)
            async let outcome = quarters.tool.shell(
                "timeout 60 fedctl verify --watch -o json | while read -r line; do echo \"$line\" && date +%s%3N || break; done | head -n 4"
            )
            // The program ends by itself where nobody ends it, and no loop here outlasts it.
            let patience = ContinuousClock.now + .seconds(90)
            while !quarters.controlPlane.events.hasWatchers {
                try #require(ContinuousClock.now < patience, "fedctl did not begin to watch")
                try await Task.sleep(for: .milliseconds(20))
            }
            let broken = ControlPlane.wallClock()
            var told = parts
            // Ends the program: it finds no reader.
            while quarters.controlPlane.events.hasWatchers {
                try #require(ContinuousClock.now < patience, "fedctl did not end without a reader")
                try quarters.connect("tokyo/gw1", steered: told % 2 == 0, since: sessions[1], told: told)
                told += parts
                try await Task.sleep(for: .milliseconds(300))
            }
            let found = lines(try await outcome.output)
            try #require(found.count == 4, "\(found)")
            #expect(found[0].contains("\"event\":\"verdicts\"") && found[0].contains("\"state\":\"programmed\""), "\(found)")
            #expect(found[2].contains("\"event\":\"verdict\"") && found[2].contains("\"code\":\"not-steered\""), "\(found)")
            #expect(Int64(found[3]).map { $0 - broken < 3000 } == true, "\(found) \(broken)")
        }
    }

    @Test("verify --watch at a terminal writes a line for each change under the sum, and ends by Ctrl-C")
    func terminal() async throws {
        try await Headquarters.open { quarters in
            let sessions = try await begin(quarters)
            async let outcome = quarters.tool.atTerminal(["verify", "--watch"])
            while !quarters.controlPlane.events.hasWatchers { try await Task.sleep(for: .milliseconds(20)) }
            try quarters.connect("tokyo/gw1", steered: false, since: sessions[1], told: parts)
            try await Task.sleep(for: .milliseconds(500))
            quarters.controlPlane.events.stop()
            let text = try await outcome.output
            #expect(text.contains("2 pairs: ") && text.contains("PROGRAMMED → ") && text.contains("Ctrl-C ends"), "\(text)")
        }
    }

    @Test("verify --settle waits for fifteen quiet seconds, then ends by the verdict")
    func settle() async throws {
        try await Headquarters.open { quarters in
            let sessions = try await begin(quarters)
            let start = ContinuousClock.now
            async let outcome = quarters.tool.run("verify", "--settle", "40s")
            for number in 1...6 {
                try await Task.sleep(for: .milliseconds(700))
                try quarters.connect("tokyo/gw1", steered: number % 2 == 0, since: sessions[1], told: parts * number)
                try quarters.controlPlane.receive(.heartbeat(sentAt: 0), in: sessions[0])
            }
            // Reports hold while their agents speak.
            for _ in 1...5 {
                try await Task.sleep(for: .seconds(3))
                for session in sessions { try quarters.controlPlane.receive(.heartbeat(sentAt: 0), in: session) }
            }
            let found = try await outcome
            let took = ContinuousClock.now - start
            #expect(found.status == 0 && found.output.contains("2 PROGRAMMED"), "\(found)")
            #expect(took > .seconds(18) && took < .seconds(40), "\(took)")
        }
    }

    @Test("verdicts must be quiet for as long as probes need to find a loss")
    func quiet() {
        #expect(Settling.quiet([]) == .seconds(15) && Settling.quiet([1000, 5000]) == .seconds(15))
        #expect(Settling.quiet([1000, 27_000]) == .seconds(37))
    }

    @Test("times as people write them")
    func times() throws {
        let now: Int64 = 1_795_910_400_000 + 5 * 3_600_000  // 2026-11-29T05:00:00Z
        for (text, ago) in [
            ("2h", 7200), ("90s", 90), ("1d", 86_400), ("03:00", 7200), ("05:00", 0), ("05:01", 86_340), ("2026-11-29T03:00:00Z", 7200),
            ("2026-11-29 03:00", 7200), ("2026-11-29T04:00+01:00", 7200), ("2026-11-29", 18_000), ("2026-11-28T22:30:00-0430", 7200),
        ] as [(String, Int64)] { #expect(try PastTime(parsing: text, now: now).milliseconds == now - ago * 1000, "\(text)") }
        #expect(try PastTime(parsing: "2026-11-29T04:59:59.5Z", now: now).milliseconds == now - 500)
        for text in ["", "2", "h", "25:00", "3 h", "2026-02-30", "2026-13-01", "yesterday", "2026-11-29T03:00:00Q"] {
            #expect(throws: (any Error).self, "\(text)") { try PastTime(parsing: text, now: now) }
        }
    }

    @Test("“at TIME verify” is a spelling of “verify --at TIME”, wherever the coordinator is named")
    func spelling() {
        func words(_ line: String) -> String? { AtTime.verification(line.split(separator: " ").map(String.init))?.joined(separator: " ") }
        #expect(words("at 03:00 verify") == "verify --at 03:00")
        #expect(words("--coordinator x --certs=y at 2h verify --vpn blue") == "--coordinator x --certs=y verify --at 2h --vpn blue")
        for line in ["verify", "at", "at 03:00", "at 03:00 status", "get at verify x", "--help"] { #expect(words(line) == nil, "\(line)") }
    }
}
