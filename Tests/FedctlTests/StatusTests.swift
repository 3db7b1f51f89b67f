import FederationAPI
import FederationModel
import FederationViews
import Terminal
import Testing
import Verification

@testable import fedctl

@Suite("fedctl status")
struct OverviewTests {
    private func overview(_ agents: [AgentStatus], _ pairs: [PairVerdict]) -> Overview {
        Overview(status: status(agents), verification: VerificationResult(pairs: pairs))
    }

    @Test("in sync")
    func inSync() throws {
        let overview = try overview([agent("paris/gw1"), agent("tokyo/gw1")], [pair("blue", "paris", "tokyo", .programmed)])
        #expect(overview.exitStatus == .ok)
        #expect(
            overview.page(now: 1_000_000).rendered() == """
                  federation  demo
                  revision    3
                  agents      2 of 2 connected
                  resources   4 of 4 applied
                  pairs       1 pair: 1 PROGRAMMED
                  probes      none: no packets were sent
                  state       in sync: every agent applied the revision, and every pair is programmed

                """)
    }

    @Test("silent agents, refusals and broken pairs are named")
    func broken() throws {
        let overview = try overview(
            [
                agent("paris/gw1", resources: [applied("base"), refused("vpn/blue")]),
                agent("tokyo/gw1", connected: false, lastSeen: 760_000), agent("tokyo/gw2", connected: false, lastSeen: nil),
            ], [pair("blue", "paris", "tokyo", .failed, working: 0, cause: sessionDown)])
        #expect(overview.exitStatus == .verifyFailed)
        #expect(
            overview.page(now: 1_000_000).rendered() == """
                  federation  demo
                  revision    3
                  agents      1 of 3 connected
                              tokyo/gw1 silent, last heard 4m ago
                              tokyo/gw2 never connected
                  resources   5 of 6 applied
                              paris/gw1 refused vpn/blue: port 4789 is in use by vxlan7
                  pairs       1 pair: 1 FAIL
                              FAIL blue paris → tokyo: tokyo/gw1 has no EVPN session that could carry routes of paris/gw1
                  probes      none: no packets were sent
                  state       something is broken: fedctl verify shows where and what to do

                """)
    }

    @Test("one reason of one gateway is said once, and one cause of many pairs too")
    func once() throws {
        let pairs = try ["blue", "red"].flatMap { name in
            try [("paris", "tokyo"), ("tokyo", "paris")].map { try pair(name, $0.0, $0.1, .failed, working: 0, cause: sessionDown) }
        }
        let text = try overview([agent("paris/gw1", resources: [refused("base"), refused("vpn/blue"), applied("vpn/red")])], pairs)
            .page(now: 1_000_000).rendered()
        #expect(text.components(separatedBy: "port 4789 is in use by vxlan7").count == 2, "\(text)")
        #expect(text.contains("paris/gw1 refused base, vpn/blue: port 4789"), "\(text)")
        #expect(text.contains("FAIL blue paris → tokyo and 3 more pairs: tokyo/gw1 has no EVPN session"), "\(text)")
    }

    @Test("before the first apply it says what comes first")
    func fresh() {
        let overview = Overview(status: status([], revision: 0), verification: VerificationResult(pairs: []))
        #expect(overview.exitStatus == .ok)
        #expect(overview.page(now: 0).rendered().contains("fedctl apply -f FILE"))
    }

    @Test("exit codes: failed over unknown over pending; a change on its way is no failure")
    func exitStatus() throws {
        let ok = try pair("blue", "paris", "tokyo", .ok)
        let late = try pair("blue", "paris", "tokyo", .failed, working: 0, cause: notAcknowledged)
        let broken = try pair("blue", "paris", "tokyo", .failed, working: 0, cause: sessionDown)
        let unknown = try pair("blue", "paris", "tokyo", .unknown, cause: neverReported)
        let fine = try agent("paris/gw1")
        let waiting = try agent("tokyo/gw1", resources: [applied("base"), pending("vpn/blue")])
        let silent = try agent("tokyo/gw1", connected: false)
        #expect(overview([fine], [ok]).exitStatus == .ok)
        #expect(overview([fine, waiting], [late]).exitStatus == .changesPending)
        #expect(overview([fine, waiting], [ok]).exitStatus == .changesPending)
        #expect(overview([fine, waiting], [late, broken]).exitStatus == .verifyFailed)
        #expect(overview([fine, waiting], [late, unknown]).exitStatus == .unknown)
        #expect(overview([fine, silent], [ok]).exitStatus == .unknown)
        #expect(overview([fine, silent], [broken, unknown]).exitStatus == .verifyFailed)
        #expect(try overview([agent("paris/gw1", resources: [refused("base")])], [late]).exitStatus == .verifyFailed)
    }
}
