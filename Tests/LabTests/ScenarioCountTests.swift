import Foundation
import Testing

@testable import Lab

@Suite("What docs/lab.md says of the scenarios", .timeLimit(.minutes(1)))
struct ScenarioCountTests {
    @Test("each topology has as many stages as the table says, and at least forty have a fault")
    func counts() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/lab.md"), encoding: .utf8)
        var said: [String: Int] = [:]
        var faults = 0
        for line in text.split(separator: "\n") where line.hasPrefix("| [`") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
            let name = try #require(cells[1].split(separator: "`").dropFirst().first.map(String.init))
            said[name] = Int(cells[2])
            faults += Int(cells[3]) ?? 0
        }
        let topologies = root.appendingPathComponent("topologies")
        let names = try FileManager.default.contentsOfDirectory(atPath: topologies.path).filter {
            FileManager.default.fileExists(atPath: topologies.appendingPathComponent("\($0)/lab.yaml").path)
        }
        var stages: [String: Int] = [:]
        for name in names { stages[name] = try ScenarioParserTests.shipped(name).stages.count }
        #expect(said == stages)
        #expect(faults >= 40)
        #expect(text.contains("\(stages.values.reduce(0, +)) stages in \(stages.count) topologies. In \(faults) of them"))
    }
}
