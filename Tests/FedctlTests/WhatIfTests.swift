import Testing

@Suite("fedctl whatif", .timeLimit(.minutes(1)))
struct WhatIfCommandTests {
    @Test("an outage and another file: the difference, an exit code, and nothing touched")
    func outageAndFile() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            _ = try await tool.run("apply", "-f", "-", input: Headquarters.file)
            try quarters.connect("paris/gw1")
            try quarters.connect("tokyo/gw1")

            let down = try await tool.run("whatif", "gateway", "paris/gw1", "down")
            #expect(down.status == 2)
            #expect(
                down.output == """
                    gateway paris/gw1 down: 2 pairs: 2 LOST, 0 MOVE, 0 unchanged

                    VPN   ORIGIN → VIEWER  EFFECT  WHY
                    blue  paris → tokyo    LOST    paris has no other gateway
                    blue  tokyo → paris    LOST    paris has no other gateway

                    """)
            #expect(try await tool.run("whatif", "cloud down paris").status == 2)
            let misspelt = try await tool.run("whatif", "cloud", "pari", "down")
            #expect(misspelt.status == 1 && misspelt.errors.contains("did you mean “paris”?"))
            #expect(try await tool.run("whatif", "spine", "down").status == 64)
            #expect(try await tool.run("whatif").status == 64)

            let same = try await tool.run("whatif", "-f", "-", input: Headquarters.file)
            #expect(same.status == 0, "\(same)")
            let without = Headquarters.file.replacing(", {cloud: tokyo, router: blue-router}", with: "")
            let lost = try await tool.run("whatif", "-f", "-", input: without)
            #expect(lost.status == 2 && lost.output.contains("- blue: paris ↔ tokyo"), "\(lost)")
            #expect(try await tool.run("history").output.split(separator: "\n").count == 2)
        }
    }
}
