import Testing

@Suite("fedctl explain", .timeLimit(.minutes(1)))
struct ExplainTests {
    @Test(
        "both ways on one screen; the first broken step with its evidence and remedy; questions without answer are refused with the next step"
    )
    func bothWays() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            _ = try await tool.run("apply", "-f", "-", input: Headquarters.file)
            try quarters.connect("paris/gw1")
            try quarters.connect("tokyo/gw1", steered: false)

            let broken = try await tool.run("explain", "tokyo/10.2.0.11", "paris/10.1.0.11")
            #expect(broken.status == 3)
            #expect(broken.output.contains("FAIL blue: packets of tokyo/10.2.0.11 to paris/10.1.0.11"), "\(broken.output)")
            #expect(broken.output.contains("BROKEN  tokyo/gw1 can forward 10.1.0.11/32, but OVS does not hand it"), "\(broken.output)")
            #expect(broken.output.contains("broken at  steered (10 of 12), not-steered"), "\(broken.output)")
            #expect(broken.output.contains("PROGRAMMED blue: answers of paris/10.1.0.11 to tokyo/10.2.0.11"), "\(broken.output)")
            #expect(broken.output.split(separator: "\n").count < 60)

            try quarters.connect("tokyo/gw1")
            let well = try await tool.run("explain", "tokyo", "paris", "-o", "json")
            #expect(well.status == 0 && well.output.contains("\"forth\"") && well.output.contains("\"passed\""), "\(well.output)")

            let nobody = try await tool.run("explain", "tokyo", "paris/10.1.0.99")
            #expect(nobody.status == 1 && nobody.errors.contains("paris has no prefix in VPN blue that holds 10.1.0.99"), "\(nobody)")
            #expect(nobody.errors.contains("fedctl routes --cloud paris --vpn blue"))
            let misspelt = try await tool.run("explain", "tokio", "paris")
            #expect(misspelt.status == 1 && misspelt.errors.contains("did you mean “tokyo”?"), "\(misspelt)")
            #expect(try await tool.run("explain", "tokyo", "tokyo").status == 64)
            #expect(try await tool.run("explain", "tokyo/10.2.0.300", "paris").status == 64)
        }
    }
}
