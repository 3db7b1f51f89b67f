import Foundation
import Testing

@testable import Lab

@Suite("Names on fedlab's command line")
struct NamesTests {
    @Test(
        "a name that is nearly right is suggested",
        arguments: [
            ("two-cluods", "two-clouds"), ("Two-Clouds", "two-clouds"), ("extrnet", "extranet"), ("brown", "brownfield"), ("xyz", nil),
            ("", nil),
        ])
    func topologies(word: String, meant: String?) {
        let names = ["brownfield", "extranet", "three-clouds", "two-clouds", "two-clouds-ha"]
        #expect(Suggestion.nearest(to: word, among: names) == meant)
    }

    @Test("each host has its daemons, and agents are where there is a federation")
    func daemons() throws {
        let scenario = try ScenarioParserTests.shipped("two-clouds-ha")
        #expect(scenario.daemons(of: .management) == [.coordinator])
        #expect(scenario.daemons(of: .central("paris")) == [.northbound, .southbound, .northd])
        #expect(scenario.daemons(of: .node("paris", "gw1")).contains(.agent))
        #expect(scenario.daemons(of: .node("paris", "cmp1")) == [.database, .vswitchd, .controller])
        #expect(scenario.daemons(of: .internet("paris")).isEmpty && scenario.daemons(of: .node("paris", "blue-1")).isEmpty)
        let brownfield = try ScenarioParserTests.shipped("brownfield")
        let foreign = try #require(brownfield.clouds.first { !$0.isFederated })
        #expect(!brownfield.daemons(of: .node(foreign.name, foreign.gateways[0].name)).contains(.agent))
    }

    @Test("a topology that is not there is refused with those that are")
    func missingTopology() {
        let folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../topologies").standardizedFileURL.path
        let text = Session.refusal(of: "two-cloud", in: folder)
        #expect(text.hasPrefix("unknown topology “two-cloud”; did you mean “two-clouds”?"))
        #expect(text.contains("three-clouds") && !text.contains("scale-100"))
        #expect(Session.refusal(of: "x", in: "/nonexistent").hasSuffix("run fedlab in the repository's root"))
    }
}
