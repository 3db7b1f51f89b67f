import Federation
import FederationAPI
import FederationModel
import Foundation
import Terminal
import Testing

@testable import fedctl

@Suite("What apply --wait shows")
struct RolloutWatchTests {
    private func plan(_ gateways: [String], kind: GraphChange.Kind = .changed) throws -> Plan {
        Plan(
            federation: FederationID("demo")!, base: 2,
            gateways: try gateways.map { GatewayChange(gateway: try gateway($0), kind: kind, resource: .vpn(vpn("blue")), details: []) })
    }

    private func rollout(_ plan: Plan, _ agents: [AgentStatus], after elapsed: Int64 = 4000) -> RolloutWatch {
        var rollout = RolloutWatch(revision: 3, plan: plan)
        rollout.take(status(agents), after: elapsed, now: 1_000_000)
        return rollout
    }

    @Test("one row per gateway that changes: what it did of what it was asked for, and why not")
    func rows() throws {
        let rollout = rollout(
            try plan(["lima/gw1", "paris/gw1", "tokyo/gw1", "oslo/gw1"]),
            [
                try agent("lima/gw1", resources: [applied("base"), pending("vpn/blue")]),
                try agent("oslo/gw1", connected: false, lastSeen: nil, resources: [pending("base"), pending("vpn/blue")]),
                try agent("paris/gw1"), try agent("rome/gw1"),
                try agent("tokyo/gw1", resources: [applied("base"), refused("vpn/blue")]),
            ])
        #expect(
            rollout.table().rendered() == """
                CLOUD/GATEWAY  RESOURCES  STATE            FOR
                tokyo/gw1            0/1  rejected          4s
                    vpn/blue: port 4789 is in use by vxlan7
                oslo/gw1             0/2  never connected
                lima/gw1             0/1  pending           4s
                paris/gw1            1/1  applied           4s

                """)
        #expect(!rollout.isDone && rollout.exitStatus == .error)
        let (good, bad) = rollout.verdict(after: 5, base: 2)
        #expect(
            good == nil
                && bad.rendered() == """
                    error: 1 gateway of 4 rejected revision 3: tokyo/gw1
                        remedy: see the reason: fedctl describe agent tokyo/gw1; to undo the change: fedctl rollback 2
                    warning: 2 gateways of 4 have not applied revision 3 after 5 s: lima/gw1 (0 of 1; vpn/blue not yet), oslo/gw1 (never connected)
                        remedy: the revision stays in force, and they apply it when they can; start its agent: on gw1 of oslo: systemctl status fed-agent; then: fedctl status

                    """
        )
    }

    @Test("done is done: the time stands still; what is asked for later is waited for too; the absent are no hindrance without a part")
    func time() throws {
        let plan = try plan(["paris/gw1"])
        var rollout = rollout(plan, [try agent("paris/gw1"), try agent("rome/gw1", connected: false)], after: 2000)
        #expect(rollout.isDone && rollout.exitStatus == .ok && rollout.rows.map(\.duration) == [2000])
        rollout.take(status([try agent("paris/gw1"), try agent("rome/gw1", resources: [pending("base")])]), after: 9000, now: 0)
        #expect(!rollout.isDone && rollout.rows.map(\.duration) == [2000, 9000] && rollout.exitStatus == .changesPending)
    }

    @Test("a VPN that goes is waited for until the agent was told; a gateway that goes is not")
    func removals() throws {
        let plan = try plan(["paris/gw1"], kind: .removed)
        let gone = ResourceStatus(resource: resource("vpn/blue"), intended: nil, acknowledged: "a1")
        #expect(rollout(plan, [try agent("paris/gw1", resources: [applied("base"), gone])]).rows.map(\.state) == [.pending])
        #expect(rollout(plan, [try agent("paris/gw1", resources: [applied("base")])]).isDone)
        #expect(rollout(plan, []).isDone)
        let base = ResourceStatus(resource: .base, intended: nil, acknowledged: "a1")
        #expect(rollout(plan, [try agent("paris/gw1", resources: [base])]).isDone)
    }

    @Test("what does not fit a terminal is counted, and those that are not done are seen", arguments: [3, 5, 8, 24, 200])
    func many(height: Int) throws {
        let names = (100..<200).map { "c\($0)/gw1" }
        let agents = try names.enumerated().map { number, name in
            try agent(
                name,
                resources: [
                    applied("base"), number == 7 ? refused("vpn/blue") : number < 20 ? pending("vpn/blue") : applied("vpn/blue"),
                ])
        }
        let rollout = rollout(try plan(names), agents)
        let lines = rollout.live(1000, of: 30, nil, height: height).rendered().split(separator: "\n")
        #expect(lines.count < max(height, 5))
        if height >= 8 { #expect(lines[1].contains("c107/gw1") && lines[2].contains("port 4789")) }
        if height == 24 {
            #expect(
                lines[lines.count - 2] == "… and 81 more, 80 of them applied"
                    && lines.last?.hasPrefix("waiting 1s of 30s: 80 of 100") == true)
        }
        if height == 200 { #expect(lines.count == 103) }
        let summary = rollout.summary(wide: false).rendered()
        #expect(summary.contains("c119/gw1") && summary.hasSuffix("… and 80 more, all applied\n"))
        #expect(rollout.summary(wide: true).rendered().split(separator: "\n").count == 102)
    }

    @Test("programs get the state, and every gateway with what is missing")
    func json() throws {
        let rollout = rollout(try plan(["lima/gw1"]), [try agent("lima/gw1", connected: false, resources: [pending("vpn/blue")])])
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(rollout)) as? [String: Any]
        let row = (object?["gateways"] as? [[String: Any]])?.first
        #expect(object?["state"] as? String == "pending" && row?["gateway"] as? String == "lima/gw1")
        #expect(
            row?["state"] as? String == "silent" && row?["missing"] as? [String] == ["vpn/blue"] && row?["duration"] as? Int == 12_000)
    }
}
