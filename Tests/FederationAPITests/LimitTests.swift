import FederationAPI
import FederationModel
import NetworkTypes
import Testing

@Suite("Limits of what an agent writes")
struct LimitTests {
    private let long = String(repeating: "ü", count: 5000)

    @Test("an agent’s own texts are cut to what is allowed, so that it is never refused for them")
    func cut() throws {
        let problems = (0..<300).map { _ in Problem(told: long, message: long, remedy: long) }
        let report = GatewayReport(
            base: BaseReport(
                sessions: [PeerSession(address: IPAddress("10.0.0.1")!, asn: ASN(value: 64512)!, state: long, prefixesReceived: 0)],
                problems: problems, software: long),
            vpns: [
                VPNName("blue")!: VPNReport(
                    name: VPNName("blue")!,
                    attachments: [
                        AttachmentReport(
                            selector: AttachmentSelector(kind: .router, key: .name, value: "r"), routers: [long], chassis: long)
                    ], problems: problems, drift: (0..<300).map { Drift(object: long, change: long, repairedAt: Int64($0)) })
            ])
        let read = try GatewayReport(WireGatewayReport(report))
        let blue = try #require(read.vpns[VPNName("blue")!])
        #expect(blue.problems.count == 100 && blue.drift.count == 100)
        #expect(blue.drift.last?.repairedAt == 299)
        #expect(blue.problems[0].message.utf8.count <= 1024 && blue.problems[0].message.hasSuffix("ü…"))
        _ = try AgentMessage(WireAgentMessage(.hello(Hello(software: long))))
    }

    @Test("of more problems than a report holds those that fail a pair are told, and the last one says how many more there are")
    func manyProblems() throws {
        func some(_ count: Int, _ code: ProblemCode) -> [Problem] {
            (0..<count).map { Problem(code: code, message: "\($0)", remedy: "look") }
        }
        let problems = some(80, .attachmentNamesake) + [Problem(told: "quite-new", message: "m", remedy: "r")] + some(60, .patchPortMissing)
        let name = VPNName("blue")!
        let report = GatewayReport(base: BaseReport(problems: problems), vpns: [name: VPNReport(name: name, problems: problems)])
        let read = try GatewayReport(WireGatewayReport(report))
        for told in [read.base.problems, try #require(read.vpns[name]).problems] {
            #expect(told.count == 100)
            #expect(told.prefix(60).allSatisfy { $0.code == .patchPortMissing } && told[60].word == "quite-new")
            #expect(told.last?.code == .problemsCut && told.last?.message == "42 more problems than a report holds")
        }
        let hundred = some(100, .attachmentNamesake)
        let whole = try GatewayReport(WireGatewayReport(GatewayReport(base: BaseReport(problems: hundred))))
        #expect(whole.base.problems == hundred)
    }

    @Test("longer texts, and more of them, are refused with the field")
    func refused() {
        func refuse(_ field: String, _ change: (inout WireVPNReport) -> Void) {
            var wire = WireVPNReport(VPNReport(name: VPNName("blue")!))
            change(&wire)
            let error = #expect(throws: ConversionError.self) { try VPNReport(wire) }
            #expect(error?.field == field)
            #expect((error?.reason.utf8.count ?? 0) <= 1024)
        }
        var problem = WireProblem()
        problem.message = long
        refuse("problems[0].message") { $0.problems = [problem] }
        refuse("problems") { $0.problems = Array(repeating: WireProblem(), count: 101) }
        refuse("drift") { $0.drift = Array(repeating: WireDrift(), count: 101) }
        var outcome = WireResourceOutcome()
        outcome.applied.version = long
        #expect(#expect(throws: ConversionError.self) { try Acknowledgement(outcome) }?.field == "version")
        // What cannot be read is quoted, but not all of it.
        refuse("expected[0]") { $0.expected = [long] }
    }

    @Test("chunks of a VPN’s report come to the same report", arguments: [1, 100, 1000, 1 << 20])
    func chunks(limit: Int) throws {
        var random = RandomValues(seed: 8)
        var report = VPNReport(name: VPNName("blue")!, expected: (0..<40).map { _ in random.prefix() })
        report.imported = (0..<40).map { _ in ImportedRoute(prefix: random.prefix(), nextHop: random.address(), isBest: true) }
        report.steered = (0..<7).map { _ in random.prefix() }
        report.problems = [Problem(told: "c", message: "m", remedy: "r")]
        let chunks = VPNReportChunks.of(report, atMost: limit)
        #expect((chunks.count > 1) == (limit < 1 << 20))
        var assembly = VPNReportAssembly()
        for (index, chunk) in chunks.enumerated() {
            let whole = try assembly.add(chunk, isFirst: index == 0, isLast: index == chunks.count - 1)
            #expect(whole == (index == chunks.count - 1 ? report : nil))
        }
        #expect(throws: ConversionError.self) { try assembly.add(report, isFirst: false, isLast: true) }
    }

    @Test("a value of the log is one word, or quoted; it has no control characters, and an end")
    func log() {
        #expect(OneLineLogHandler.field("paris/gw1") == "paris/gw1")
        #expect(OneLineLogHandler.field("a b") == "\"a b\"")
        #expect(OneLineLogHandler.field("a=\"b\"") == "\"a=\\\"b\\\"\"")
        #expect(OneLineLogHandler.field("a\nb\u{1b}[31m\u{202e}") == "\"a\\\\nb\\\\u{1b}[31m\\\\u{202e}\"")
        #expect(OneLineLogHandler.field(String(repeating: "x", count: 5000)).utf8.count <= 514)
    }
}
