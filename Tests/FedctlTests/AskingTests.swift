import Foundation
import Testing

@Suite("At a terminal, what takes something away is asked for", .timeLimit(.minutes(1)))
struct AskingTests {
    private func atTerminal(_ body: @Sendable (Headquarters, Tool) async throws -> Void) async throws {
        try await Headquarters.open { quarters in
            var tool = quarters.tool
            tool.environment["TERM"] = "xterm"
            tool.environment["NO_COLOR"] = "1"
            _ = try await tool.run("apply", "-f", "-", input: Headquarters.file)
            try await body(quarters, tool)
        }
    }

    @Test("delete always asks, for programs too; anything but yes deletes nothing; --yes and a script are not asked")
    func deleting() async throws {
        try await atTerminal { quarters, tool in
            for line in [["delete", "vpn", "blue", "--yes-remove", "2"], ["delete", "vpn", "blue", "--yes-remove", "2", "-o", "json"]] {
                let refused = try await tool.atTerminal(line, typed: "n\n")
                #expect(refused.status == 1 && refused.output.contains("Apply to demo? [y/N]"), "\(refused)")
                #expect(quarters.controlPlane.current.number == 1)
            }
            let done = try await tool.atTerminal(["delete", "vpn", "blue", "--yes-remove", "2", "--yes"])
            #expect(done.status == 0 && !done.output.contains("[y/N]") && quarters.controlPlane.current.number == 2, "\(done)")
            _ = try await tool.run("rollback", "1")
            #expect(try await tool.run("delete", "vpn", "blue", "--yes-remove", "2").status == 0)
        }
    }

    @Test("set asks where somebody loses something or a session resets, and only there")
    func setting() async throws {
        try await atTerminal { quarters, tool in
            let harmless = try await tool.atTerminal(["set", "vpn", "blue", "labels.tier=gold"])
            #expect(harmless.status == 0 && !harmless.output.contains("[y/N]"), "\(harmless)")
            let reset = try await tool.atTerminal(["set", "cloud", "paris", "as=65001"], typed: "n\n")
            #expect(reset.status == 1 && reset.output.contains("[y/N]"), "\(reset)")
            #expect(reset.output.contains("sessions of 2 gateways reset") && reset.output.contains("its EVPN sessions reset"), "\(reset)")
            let loss = try await tool.atTerminal(
                ["set", "vpn", "blue", "attachments=[{cloud: paris, router: blue-router}]", "--yes-remove", "2"], typed: "\n")
            #expect(loss.status == 1 && loss.output.contains("[y/N]") && quarters.controlPlane.current.number == 2, "\(loss)")
        }
    }

    @Test("the sum and the warnings stand right above the question, however long the plan is")
    func order() async throws {
        try await atTerminal { quarters, tool in
            let asked = try await tool.atTerminal(["delete", "cloud", "tokyo", "--yes-remove", "2"], typed: "n\n", columns: 200)
            let lines = asked.output.split(whereSeparator: \.isNewline).map(String.init)
            let question = try #require(lines.firstIndex { $0.contains("[y/N]") })
            #expect(lines[question - 1].hasPrefix("sum: ") && lines[question - 1].contains("2 lost"), "\(lines)")
            let plan = try #require(lines.firstIndex { $0.hasPrefix("plan on revision 1") })
            let warning = try #require(lines.firstIndex { $0.contains("warning: ") })
            #expect(plan < warning && warning < question - 1, "\(lines)")
        }
    }

    @Test("the plan prints the number that --yes-remove wants, and no smaller one does")
    func counting() async throws {
        try await atTerminal { quarters, tool in
            try quarters.connect("paris/gw1")
            try quarters.connect("tokyo/gw1")
            // Two reachabilities and two prefixes go.
            let dry = try await tool.run("delete", "vpn", "blue", "--dry-run")
            #expect(dry.status == 1)
            let number = try #require(dry.output.firstMatch(of: /--yes-remove (\d+)/)?.output.1)
            #expect(number == "4", "\(dry.output)")
            #expect(dry.errors.contains("--yes-remove \(number)"), "\(dry.errors)")
            #expect(try await tool.run("delete", "vpn", "blue", "--yes-remove", "3").status == 1)
            #expect(try await tool.run("delete", "vpn", "blue", "--yes-remove", String(number)).status == 0)
        }
    }
}
