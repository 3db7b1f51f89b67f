import Foundation
import NetworkTypes
import Testing

@testable import Lab

@Suite("Faults", .timeLimit(.minutes(1)))
struct FaultTests {
    private static func faults(_ name: String) throws -> [InjectedFault] {
        let scenario = try ScenarioParserTests.shipped(name)
        let text = try String(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "../../topologies/\(name)/faults.yaml"), encoding: .utf8)
        return try FaultParser.parse(text, for: scenario, file: "faults.yaml")
    }

    @Test("the shipped files are read; three topologies, and at least twenty faults that the catalogue does not know")
    func shipped() throws {
        let all = try ["two-clouds", "two-clouds-ha", "hub-and-spoke"].flatMap(Self.faults)
        #expect(all.count > 100)
        #expect(all.count(where: \.isUnknownToCatalogue) >= 20)
        #expect(Set(all.map(\.layer)).isSuperset(of: [.frr, .kernel, .ovs, .ovn, .firewall, .tc, .process, .clock, .spine]))
    }

    @Test("causes of the files are codes of the catalogue, and steps are steps of it")
    func codes() throws {
        let page = try String(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../docs/causes.md"),
            encoding: .utf8)
        for fault in try ["two-clouds", "two-clouds-ha", "hub-and-spoke"].flatMap(Self.faults) {
            for code in fault.causes { #expect(page.contains("### `\(code)`"), "\(fault.name): \(code)") }
            for step in fault.steps { #expect(page.contains("## \(step) ("), "\(fault.name): \(step)") }
        }
    }

    @Test("a fault without a harm, and one that expects nothing, are refused")
    func refused() throws {
        let scenario = try ScenarioParserTests.shipped("two-clouds")
        let text = """
            faults:
              - {fault: idle, layer: kernel, what: nothing, causes: [session-down]}
              - {fault: mute, layer: soul, what: something, harm: [{on: paris/gw1, command: "true"}]}
            """
        do {
            _ = try FaultParser.parse(text, for: scenario, file: "faults.yaml")
            Issue.record("accepted")
        } catch {
            let problems = error.problems.map(\.text)
            #expect(problems.contains { $0.contains("fault idle does nothing") })
            #expect(problems.contains { $0.contains("fault mute needs causes or steps") })
            #expect(problems.contains { $0.contains("unknown layer “soul”") })
        }
    }

    // MARK: Printed fixes

    @Test("commands of a remedy are found with the hosts they are for, and looks are told from mends")
    func remedy() throws {
        let scenario = try ScenarioParserTests.shipped("two-clouds")
        let fix = PrintedFix(
            "on gw1 of tokyo: `ip rule` shows it, `ip rule del pref 500` removes it; in paris: `ovn-nbctl lr-policy-del r 10`; "
                + "`fedctl status`; `fedctl apply -f FILE`; on gw1 of paris: `systemctl restart frr`",
            in: scenario, otherwise: "paris")
        #expect(
            fix.lines == [
                .init(host: .node("tokyo", "gw1"), command: "ip rule", isLook: true),
                .init(host: .node("tokyo", "gw1"), command: "ip rule del pref 500", isLook: false),
                .init(host: .central("paris"), command: "ovn-nbctl lr-policy-del r 10", isLook: false),
                .init(host: .management, command: "fedctl status", isLook: true),
                .init(host: .node("paris", "gw1"), command: "systemctl restart frr", isLook: false),
            ])
        #expect(fix.mends.count == 3)
        #expect(SystemdUnit.daemons(startedBy: "systemctl restart frr") == [.zebra])
        #expect(SystemdUnit.daemons(startedBy: "systemctl status frr") == nil)
    }

    // MARK: Judgement

    private static func answer(_ pairs: [(origin: String, viewer: String, state: String, cause: String?, step: String)]) throws
        -> VerifyAnswer
    {
        let items = pairs.map { pair -> JSON in
            var item: [String: JSON] = [
                "vpn": "blue", "origin": .string(pair.origin), "viewer": .string(pair.viewer), "state": .string(pair.state),
            ]
            if let cause = pair.cause { item["cause"] = .object(["code": .string(cause), "step": .string(pair.step), "remedy": "look"]) }
            return .object(item)
        }
        return try #require(VerifyAnswer(.object(["leaks": 0, "pairs": .array(items)])))
    }

    private static func row(from viewer: String, to origin: String, arrived: Int, answered: Int, large: Bool = false) -> PacketTruth.Row {
        .init(
            vpn: "blue", viewer: viewer, origin: origin, family: .ipv4, isLarge: large, sent: 4, arrived: arrived, answered: answered)
    }

    private static func fault(
        causes: [String] = [], steps: [String] = [], effect: InjectedFault.Effect = .lost
    ) -> InjectedFault {
        .init(name: "f", layer: .kernel, what: "f", harms: [], causes: causes, steps: steps, effect: effect, within: 10)
    }

    private static func judged(_ answer: VerifyAnswer, _ rows: [PacketTruth.Row], _ fault: InjectedFault) -> FaultRow {
        var row = FaultRow(fault, lab: "lab", commit: "c")
        row.judge(answer, by: PacketTruth(rows: rows), of: fault)
        return row
    }

    @Test("packets lost and both ways called well is a false OK; where one of the two is named it is none")
    func falseOK() throws {
        let lost = [
            Self.row(from: "tokyo", to: "paris", arrived: 4, answered: 0), Self.row(from: "paris", to: "tokyo", arrived: 0, answered: 0),
        ]
        let blind = try Self.answer([("paris", "tokyo", "ok", nil, ""), ("tokyo", "paris", "programmed", nil, "")])
        #expect(Self.judged(blind, lost, Self.fault(steps: ["probed"])).falseOKs == ["blue: tokyo to paris", "blue: paris to tokyo"])
        let seen = try Self.answer([("paris", "tokyo", "ok", nil, ""), ("tokyo", "paris", "failed", "not-steered", "steered")])
        let row = Self.judged(seen, lost, Self.fault(steps: ["steered"]))
        #expect(row.falseOKs.isEmpty && row.falseFails.isEmpty && row.isRight)
        // The half that is lost must be the half that is named.
        let other = try Self.answer([("paris", "tokyo", "failed", "not-steered", "steered"), ("tokyo", "paris", "ok", nil, "")])
        #expect(Self.judged(other, lost, Self.fault(steps: ["steered"])).falseOKs == ["blue: paris to tokyo"])
    }

    @Test("large packets lost alone count, and so does every fourth packet")
    func partly() throws {
        let well = try Self.answer([("paris", "tokyo", "ok", nil, ""), ("tokyo", "paris", "ok", nil, "")])
        let large = [
            Self.row(from: "tokyo", to: "paris", arrived: 4, answered: 4),
            Self.row(from: "tokyo", to: "paris", arrived: 0, answered: 0, large: true),
        ]
        #expect(!Self.judged(well, large, Self.fault(steps: ["probed"])).falseOKs.isEmpty)
        let lossy = (0..<4).map { _ in Self.row(from: "tokyo", to: "paris", arrived: 3, answered: 3) }
        #expect(!Self.judged(well, lossy, Self.fault(steps: ["probed"])).falseOKs.isEmpty)
    }

    @Test("nothing lost and a pair called failed is a false FAIL, unless it is a leak")
    func falseFail() throws {
        let whole = [Self.row(from: "tokyo", to: "paris", arrived: 4, answered: 4)]
        let failed = try Self.answer([("paris", "tokyo", "failed", "session-down", "received")])
        #expect(Self.judged(failed, whole, Self.fault(causes: ["session-down"])).falseFails.count == 1)
        #expect(Self.judged(failed, whole, Self.fault(causes: ["session-down"], effect: .leak)).isRight)
        let unknown = try Self.answer([("paris", "tokyo", "unknown", "agent-silent", "acknowledged")])
        #expect(Self.judged(unknown, whole, Self.fault(causes: ["agent-silent"], effect: .passing)).isRight)
    }

    @Test("a right verdict at another step than the expected is not right")
    func wrongStep() throws {
        let lost = [Self.row(from: "tokyo", to: "paris", arrived: 0, answered: 0)]
        let answer = try Self.answer([("paris", "tokyo", "failed", "session-down", "received")])
        #expect(!Self.judged(answer, lost, Self.fault(causes: ["not-steered"], steps: ["steered"])).isRight)
        #expect(Self.judged(answer, lost, Self.fault(causes: ["session-down"])).isRight)
    }

    @Test("the page keeps what stands around the tables, and sums what is in them")
    func table() throws {
        let lost = [Self.row(from: "tokyo", to: "paris", arrived: 0, answered: 0)]
        let answer = try Self.answer([("paris", "tokyo", "failed", "session-down", "received")])
        var row = Self.judged(answer, lost, Self.fault(causes: ["session-down"]))
        (row.lost, row.sent, row.told, row.fix) = (4, 4, 9.25, .healed)
        let text = FaultTable.markdown([row])
        #expect(text.contains("| `lab` | 1 | 1 | 0 | 0 | 1 of 1 | – | 0 | 1 of 1 |"))
        #expect(
            text.contains(
                "| `f`: f | kernel | 4 of 4; blue, paris–tokyo, IPv4 | 1 FAIL | `session-down`, received | 9.2 s | yes | healed |"
            ))
    }
}
