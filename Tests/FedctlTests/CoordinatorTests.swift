import FederationModel
import Foundation
import Synchronization
import Testing

@Suite("fedctl with a real coordinator", .timeLimit(.minutes(1)))
struct CoordinatorTests {
    @Test("from the first apply to a federation in which every pair is programmed, and nothing says more than that")
    func wholeWay() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            let early = try await tool.run("verify")
            #expect(early.status == 1 && early.errors.contains("no federation file is applied yet"))

            let dry = try await tool.run("apply", "-f", "-", "--dry-run", input: Headquarters.file)
            #expect(dry.status == 2 && dry.output.contains("+ VPN blue") && dry.output.contains("on revision 0 of demo"))
            let applied = try await tool.run("apply", "-f", "-", input: Headquarters.file)
            #expect(applied.status == 0 && applied.output.contains("revision 1 is in force"))
            let again = try await tool.run("apply", "-f", "-", "--dry-run", input: Headquarters.file)
            #expect(again.status == 0 && again.output.contains("nothing changes"))
            #expect(try await tool.run("get", "graph", "-o", "yaml").output == Headquarters.file)

            // Nobody is there: unknown, never well.
            let unknown = try await tool.run("verify")
            #expect(
                unknown.status == 4 && unknown.output.contains("UNKNOWN blue: paris → tokyo")
                    && unknown.output.contains("agent-never-reported"))
            #expect(try await tool.run("status").status == 4)

            try quarters.connect("paris/gw1")
            try quarters.connect("tokyo/gw1", steered: false)
            let failed = try await tool.run("verify")
            #expect(failed.status == 3)
            #expect(
                failed.output.contains("FAIL blue: paris → tokyo") && failed.output.contains("steered (10 of 12), not-steered"),
                "\(failed.output)")
            #expect(failed.output.contains("2 pairs: 1 PROGRAMMED, 1 FAIL"))
            #expect(try await tool.run("status").status == 3)

            try quarters.connect("tokyo/gw1")
            let well = try await tool.run("verify", "--wait", "5")
            #expect(well.status == 0, "\(well.output)")
            #expect(
                well.output == """
                    2 pairs: 2 PROGRAMMED

                    VPN   paris → tokyo   tokyo → paris
                    blue  PROGRAMMED 1/1  PROGRAMMED 1/1

                    probes: none. PROGRAMMED means that routes and flows are set, not that packets pass.

                    """)
            let status = try await tool.run("status")
            #expect(status.status == 0 && status.output.contains("2 of 2 connected") && status.output.contains("4 of 4 applied"))
            let drawn = try await tool.run("graph", "-o", "svg")
            #expect(drawn.output.contains("green: programmed") && drawn.output.contains("probes: none"), "\(drawn)")
            for screen in [well.output, status.output, drawn.output] {
                #expect(!screen.contains("works") && !screen.contains("OK"), "\(screen)")
            }
        }
    }

    @Test("clouds, VPNs, agents and routes are listed, described and given to programs")
    func showing() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            _ = try await tool.run("apply", "-f", "-", input: Headquarters.file)
            try quarters.connect("paris/gw1")
            try quarters.connect("tokyo/gw1")

            let routes = try await tool.run("routes", "--vpn", "blue", "--cloud", "tokyo")
            #expect(
                routes.output == """
                    VPN   GATEWAY    PREFIX        FROM       ADVERTISED  RECEIVED  IMPORTED  INSTALLED  STEERED
                    blue  tokyo/gw1  10.1.0.11/32  paris/gw1              yes       yes       yes        yes
                    blue  tokyo/gw1  10.2.0.11/32  local      yes

                    2 routes: 1 from gateways’ own ports, 1 learned

                    """)
            let missing = try await tool.run("routes", "--vpn", "bleu")
            #expect(missing.status == 1 && missing.errors.contains("choose one of: blue"))
            #expect(try await tool.run("verify", "--cloud", "lyon").status == 1)

            let agents = try await tool.run("get", "agents", "-o", "json")
            let list = try #require(try JSONSerialization.jsonObject(with: Data(agents.output.utf8)) as? [[String: Any]])
            #expect(list.map { $0["gateway"] as? String } == ["paris/gw1", "tokyo/gw1"])
            #expect((list[0]["writes"] as? [String: Any])?["reconciles"] as? Int == 7)
            #expect(try await tool.run("get", "agents", "tokyo/gw1").output.contains("tokyo/gw1  connected"))
            #expect(try await tool.run("get", "agents", "tokyo/gw9").status == 1)

            for (arguments, words) in [
                (["get", "clouds"], "paris"), (["get", "vpns", "-o", "yaml"], "name: blue"),
                (["get", "clouds", "tokyo", "-o", "wide"], "10.255.2.1"),
                (["describe", "cloud", "paris"], "ROUTER MAC"), (["describe", "vpn", "blue"], "paris/gw1: hosted here"),
                (["describe", "agent", "paris/gw1"], "Established"), (["get", "graph"], "federation demo, revision 1"),
                (["verify", "-o", "json"], "\"state\" : \"programmed\""), (["status", "-o", "yaml"], "state: ok"),
            ] {
                // A report counts for 15 s, and a loaded machine takes longer for all of these.
                try quarters.connect("paris/gw1")
                try quarters.connect("tokyo/gw1")
                let result = try await tool.run(arguments)
                #expect(result.status == 0 && result.output.contains(words), "\(arguments): \(result.output) \(result.errors)")
            }
        }
    }

    @Test("apply --wait ends with 0 when all agents applied it, and with 2, their names and the next step when not")
    func waiting() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            let late = try await tool.run("apply", "-f", "-", "--wait", "1", input: Headquarters.file)
            #expect(late.status == 2 && late.output.hasSuffix("revision 1 is in force: 7 changes, 2 gateways affected\n"))
            #expect(
                late.errors.hasSuffix(
                    """
                    warning: 2 gateways of 2 have not applied revision 1 after 1 s: paris/gw1 (never connected), tokyo/gw1 (never connected)
                        remedy: the revision stays in force, and they apply it when they can; start its agent: on gw1 of paris: systemctl status fed-agent; then: fedctl status

                    """), "\(late.errors)")
            try quarters.connect("paris/gw1")
            let half = try await tool.run("apply", "-f", "-", "--wait", "0", "-o", "json", input: Headquarters.file)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(half.output.utf8)) as? [String: Any])
            let wait = try #require(object["wait"] as? [String: Any])
            #expect(half.status == 2 && wait["state"] as? String == "pending" && (wait["gateways"] as? [Any])?.count == 1, "\(half)")
            try quarters.connect("tokyo/gw1")
            let done = try await tool.run("apply", "-f", "-", "--wait", "5", input: Headquarters.file)
            #expect(
                done.status == 0
                    && done.output
                        == "nothing to change; revision 1 stays in force\napplied by every agent (2); fedctl verify tells whether packets pass\n",
                "\(done)")

            // Every gateway is a line when it is done, and only then.
            let changed = Headquarters.file.replacing("blue: {", with: "blue: {localPreference: 300, ")
            async let waiting = tool.run("apply", "-f", "-", "--wait", "20", "--yes-remove", "2", input: changed)
            for _ in 0..<500 where quarters.controlPlane.current.number < 2 { try await Task.sleep(for: .milliseconds(20)) }
            try quarters.connect("paris/gw1")
            try quarters.refuse("tokyo/gw1", "vpn/blue", "bgpd is away")
            let refused = try await waiting
            #expect(refused.status == 1, "\(refused)")
            let lines = refused.errors.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("paris/gw1 applied 1 resource after ") }, "\(refused.errors)")
            #expect(lines.contains { $0.hasPrefix("tokyo/gw1 rejected 1 of 1 resource after ") && $0.hasSuffix("vpn/blue: bgpd is away") })
            #expect(
                lines.last == "    remedy: see the reason: fedctl describe agent tokyo/gw1; to undo the change: fedctl rollback 1")
        }
    }

    @Test("at a terminal the acknowledgements are a table that is redrawn in its place", arguments: [false, true])
    func live(coloured: Bool) async throws {
        try await Headquarters.open { quarters in
            var tool = quarters.tool
            tool.environment["TERM"] = "xterm"
            if !coloured { tool.environment["NO_COLOR"] = "1" }
            try Headquarters.file.write(toFile: tool.directory + "/f.yaml", atomically: true, encoding: .utf8)
            async let waiting = tool.atTerminal(["apply", "-f", "f.yaml", "--yes", "--wait", "30"], columns: 60, rows: 12)
            while quarters.controlPlane.current.number < 1 { try await Task.sleep(for: .milliseconds(20)) }
            // Long enough to be drawn as pending first.
            try await Task.sleep(for: .milliseconds(900))
            try quarters.connect("paris/gw1")
            try await Task.sleep(for: .milliseconds(900))
            try quarters.connect("tokyo/gw1")
            let outcome = try await waiting
            #expect(outcome.status == 0, "\(outcome)")
            let screen = try Screen(outcome.output, columns: 60, rows: 12)
            #expect(screen.isColoured == coloured)
            #expect(outcome.output.contains("never connected") && outcome.output.contains("waiting 0s of 30s"), "it was shown on the way")
            let end = screen.text.split(separator: "\n").suffix(6).map { $0.replacing(/\s+[0-9]+s$/, with: " Ns") }
            #expect(
                end == [
                    "revision 1 is in force: 7 changes, 2 gateways affected", "CLOUD/GATEWAY  RESOURCES  STATE    FOR",
                    "paris/gw1            2/2  applied Ns", "tokyo/gw1            2/2  applied Ns",
                    "applied by every agent (2); fedctl verify tells whether", "packets pass",
                ], "\(screen.text)")
        }
    }

    @Test("watch tells what happens, a line each, until the coordinator stops")
    func watching() async throws {
        try await withDirectory { directory in
            let watching = Mutex<Task<Tool.Outcome, any Error>?>(nil)
            try await Headquarters.open { quarters in
                // A directory of its own: the coordinator's is gone when it stops.
                let watcher = Tool(directory: directory, environment: quarters.tool.environment)
                watching.withLock { $0 = Task { try await watcher.run("watch") } }
                // The watcher hears what happens from when it is there.
                while !quarters.controlPlane.events.hasWatchers { try await Task.sleep(for: .milliseconds(20)) }
                _ = try await quarters.tool.run("apply", "-f", "-", input: Headquarters.file)
                try quarters.connect("paris/gw1")
                try await Task.sleep(for: .milliseconds(300))
            }
            let outcome = try #require(try await watching.withLock { $0 }?.value)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.contains { $0.contains("revision            revision 1  applied by admin") }, "\(lines)")
            #expect(lines.contains { $0.contains("agent-connected     paris/gw1  test-agent 1") })
            #expect(lines.contains { $0.contains("applied             paris/gw1  vpn/blue ") })
        }
    }

    @Test("watch ends when nobody reads it any more")
    func readerGone() async throws {
        try await Headquarters.open { quarters in
            async let outcome = quarters.tool.shell("fedctl watch -o json | head -n 1")
            while !quarters.controlPlane.events.hasWatchers { try await Task.sleep(for: .milliseconds(20)) }
            _ = try await quarters.tool.run("apply", "-f", "-", input: Headquarters.file)
            // The second event finds no reader.
            while quarters.controlPlane.events.hasWatchers {
                try quarters.connect("paris/gw1")
                try await Task.sleep(for: .milliseconds(50))
            }
            let line = try await outcome.output
            #expect(line.contains("\"event\":\"revision\"") && line.hasSuffix("}\n"))
        }
    }
}
