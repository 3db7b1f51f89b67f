import FederationAPI
import FederationModel
import FederationViews
import Foundation
import Terminal
import Testing
import Verification

@testable import fedctl

@Suite("fedctl verify")
struct VerifyTests {
    @Test("where all is well, the matrix and the sum are all there is")
    func well() throws {
        let verification = try VerificationResult(pairs: [
            pair("blue", "paris", "tokyo", .programmed), pair("blue", "tokyo", "paris", .programmed),
            pair("red", "paris", "tokyo", .programmed),
            pair("red", "tokyo", "paris", .empty, working: 0),
        ])
        #expect(
            verification.page(width: 80, wide: false).rendered() == """
                4 pairs: 3 PROGRAMMED, 1 EMPTY

                VPN   paris → tokyo   tokyo → paris
                blue  PROGRAMMED 4/4  PROGRAMMED 4/4
                red   PROGRAMMED 4/4  EMPTY

                probes: none. PROGRAMMED means that routes and flows are set, not that packets pass.

                """)
        #expect(verification.exitStatus == .ok)
    }

    @Test("where packets came back, pairs are OK, and the foot says of how many that is known")
    func probed() throws {
        let proven = try VerificationResult(pairs: [pair("blue", "paris", "tokyo", .ok), pair("blue", "tokyo", "paris", .ok)])
        #expect(
            proven.page(width: 80, wide: false).rendered() == """
                2 pairs: 2 OK

                VPN   paris → tokyo  tokyo → paris
                blue  OK 4/4         OK 4/4

                probes: every pair. OK means that packets between the gateways pass both ways.

                """)
        let half = try VerificationResult(pairs: [pair("blue", "paris", "tokyo", .ok), pair("blue", "tokyo", "paris", .programmed)])
        #expect(half.state == .programmed && half.exitStatus == .ok)
        #expect(half.page(width: 80, wide: false).rendered().contains("2 pairs: 1 OK, 1 PROGRAMMED\n"))
        #expect(half.page(width: 80, wide: false).rendered().contains("probes: 1 of 2 pairs. PROGRAMMED means that routes"))
    }

    @Test("a degraded pair is shown with its cause, and counts as forwarding")
    func degraded() throws {
        let lossy = Cause(
            step: .returned, code: "probe-lossy", sentence: "some packets are lost", evidence: ["15 % of the latest 30"], remedy: "look")
        let verification = try VerificationResult(pairs: [
            pair("blue", "paris", "tokyo", .degraded, cause: lossy), pair("blue", "tokyo", "paris", .ok),
        ])
        let text = verification.page(width: 80, wide: false).rendered()
        #expect(text.contains("2 pairs: 1 OK, 1 DEGRADED") && text.contains("DEGRADED blue: paris → tokyo"), "\(text)")
        #expect(text.contains("seen at   returned (12 of 12), probe-lossy"), "\(text)")
        #expect(verification.exitStatus == .ok && verification.state == .degraded && verification.failed.pairs.count == 1)
    }

    @Test("a pair whose packets are lost says how many prefixes still arrive")
    func lost() throws {
        let lost = Cause(step: .probed, code: "probe-lost-out", sentence: "packets do not arrive", evidence: [], remedy: "look")
        let verdict = try pair("blue", "paris", "tokyo", .failed, cause: lost)
        #expect(verdict.share == "0/4")
        #expect(VerificationResult(pairs: [verdict]).probes.word == "all", "it was tried")
    }

    @Test("a failing pair names the first broken step, the evidence and the remedy")
    func failing() throws {
        let verification = try VerificationResult(pairs: [
            pair("blue", "paris", "tokyo", .failed, working: 1, cause: sessionDown), pair("blue", "tokyo", "paris", .programmed),
        ])
        #expect(
            verification.page(width: 80, wide: false).rendered() == """
                2 pairs: 1 PROGRAMMED, 1 FAIL

                VPN   paris → tokyo  tokyo → paris
                blue  FAIL 1/4       PROGRAMMED 4/4

                FAIL blue: paris → tokyo
                  why        tokyo/gw1 has no EVPN session that could carry routes of paris/gw1
                  broken at  received (6 of 12), session-down
                  prefixes   3 of 4: 10.1.0.12/32, fd10:1::11/128, fd10:1::12/128
                  evidence   tokyo/gw1: session with spine (10.255.0.254) is Active
                             paris/gw1 advertises 10.1.0.11/32 with RD 10.255.1.1:1
                  remedy     on gw1 of tokyo: vtysh -c 'show bgp l2vpn evpn summary'

                2 pairs: 1 PROGRAMMED, 1 FAIL
                probes: none. PROGRAMMED means that routes and flows are set, not that packets pass.

                """)
        #expect(verification.exitStatus == .verifyFailed)
    }

    @Test("pairs of which the same is to be said are told once, each by name")
    func grouping() throws {
        let verification = try VerificationResult(pairs: [
            pair("blue", "paris", "tokyo", .unknown, cause: neverReported), pair("red", "paris", "tokyo", .unknown, cause: neverReported),
        ])
        #expect(
            verification.page(width: 80, wide: false).rendered() == """
                2 pairs: 2 UNKNOWN

                VPN   paris → tokyo
                blue  UNKNOWN
                red   UNKNOWN

                UNKNOWN blue: paris → tokyo
                UNKNOWN red: paris → tokyo
                  why        the agent of tokyo/gw1 has not reported since the coordinator started
                  broken at  acknowledged (2 of 12), agent-never-reported
                  evidence   no report of tokyo/gw1
                  remedy     on gw1 of tokyo: systemctl status fed-agent

                2 pairs: 2 UNKNOWN
                probes: none. PROGRAMMED means that routes and flows are set, not that packets pass.

                """)
    }

    @Test("what a gateway refused is told once for all its pairs, with the reason once, whatever else their evidence says")
    func refusal() throws {
        func refused(_ evidence: String) -> Cause {
            Cause(
                step: .acknowledged, code: "agent-rejected", sentence: "paris/gw1 refused the BGP base",
                evidence: ["paris/gw1 refused version b2: BGP is already running; AS is 65001", evidence], remedy: "see the journal")
        }
        let text = try VerificationResult(pairs: [
            pair("blue", "paris", "tokyo", .failed, working: 4, cause: refused("blue")),
            pair("blue", "tokyo", "paris", .failed, working: 0, cause: refused("blue")),
            pair("red", "paris", "tokyo", .failed, working: 2, cause: refused("red")),
        ]).page(width: 80, wide: false).rendered()
        #expect(text.components(separatedBy: "BGP is already running").count == 2, "\(text)")
        #expect(text.components(separatedBy: "refused the BGP base").count == 2 && text.contains("FAIL red: paris → tokyo"), "\(text)")
    }

    @Test("pairs that fail for the same reason are told once, with the prefixes of all, and what was seen for each")
    func root() throws {
        func down(_ evidence: String) -> Cause {
            Cause(
                step: .received, code: "session-down", sentence: "the session of tokyo/gw1 is down",
                evidence: ["tokyo/gw1: Active", evidence, "4 of 4 prefixes do not arrive"], remedy: "look")
        }
        let text = try VerificationResult(pairs: [
            pair("blue", "paris", "tokyo", .failed, working: 0, cause: down("of paris")),
            pair("blue", "tokyo", "paris", .failed, working: 0, cause: down("of tokyo")),
        ]).page(width: 80, wide: false).rendered()
        #expect(
            text.contains(
                """
                FAIL blue: paris → tokyo
                FAIL blue: tokyo → paris
                  why        the session of tokyo/gw1 is down
                  broken at  received (6 of 12), session-down
                  prefixes   8 of 8: 10.1.0.11/32, 10.1.0.12/32, fd10:1::11/128, fd10:1::12/128,
                """), "\(text)")
        #expect(text.contains("of paris") && text.contains("of tokyo") && !text.contains("do not arrive"), "\(text)")
    }

    @Test("with -o wide, and where the matrix does not fit, pairs stand below each other")
    func list() throws {
        let verification = try VerificationResult(pairs: [pair("blue", "paris", "tokyo", .failed, working: 0, cause: sessionDown)])
        #expect(
            verification.page(width: 10, wide: false).rendered().contains(
                """
                VPN   ORIGIN → VIEWER  STATE  PREFIXES  BROKEN AT
                blue  paris → tokyo    FAIL        0/4  received

                """))
        #expect(
            verification.page(width: 200, wide: true).rendered(wide: true).contains(
                """
                VPN   ORIGIN → VIEWER  STATE  PREFIXES  EXPECTED  FILTERED  ADVERTISED  RECEIVED  IMPORTED  INSTALLED  STEERED  PROBED  RETURNED  BROKEN AT  CAUSE
                blue  paris → tokyo    FAIL        0/4         4         0           4         0         0          0        0       0         0  received   session-down

                """))
    }

    @Test("dozens of clouds are a line per pair, and quickly there", .timeLimit(.minutes(1)))
    func many() throws {
        let clouds = (10..<40).map { "c\($0)" }
        let pairs = try clouds.flatMap { origin in
            try clouds.filter { $0 != origin }.map { try pair("blue", origin, $0, .unknown, cause: neverReported) }
        }
        let text = VerificationResult(pairs: pairs).page(width: 200, wide: false).rendered()
        #expect(text.contains("blue  c10 → c11        UNKNOWN"))
        // The one thing to say of all of them is said once.
        #expect(text.split(separator: "\n").count { $0.contains("  remedy ") } == 1)
        #expect(text.hasPrefix("870 pairs: 870 UNKNOWN\n") && text.hasSuffix("not that packets pass.\n"))
    }

    @Test("of too many pairs the sum tells degraded ones and their reason too, and how many were probed")
    func summary() throws {
        let lossy = Cause(step: .returned, code: "probe-lossy", sentence: "some packets are lost", evidence: [], remedy: "look")
        let lost = Cause(step: .probed, code: "probe-lost-out", sentence: "packets do not arrive", evidence: [], remedy: "look")
        let pairs = try [
            pair("blue", "paris", "tokyo", .degraded, cause: lossy), pair("blue", "tokyo", "paris", .failed, working: 0, cause: lost),
            pair("red", "paris", "tokyo", .programmed), pair("red", "tokyo", "paris", .ok),
        ]
        let verification = VerificationResult(VerdictAnswer(to: VerdictRequest(onlyBroken: true, mostPairs: 1), from: pairs))
        #expect(verification.isSummary && verification.state == .failed && verification.probes == Probes(pairs))
        #expect(verification.groups.map(\.first.state) == [.failed, .degraded])
        let text = verification.page(width: 100, wide: false).rendered()
        #expect(text.hasPrefix("4 pairs: 1 OK, 1 PROGRAMMED, 1 DEGRADED, 1 FAIL\n"), "\(text)")
        #expect(text.contains("some packets are lost") && text.contains("probes: 3 of 4 pairs. PROGRAMMED means"), "\(text)")
        let answer = VerdictAnswer(to: VerdictRequest(onlyBroken: true), from: pairs)
        #expect(answer.pairs?.map(\.state) == [.degraded, .failed])
    }

    @Test("JSON holds the state, the sum, and every pair with cause and prefixes")
    func json() throws {
        let verification = try VerificationResult(pairs: [pair("blue", "paris", "tokyo", .failed, working: 3, cause: sessionDown)])
        let text = try OutputFormat.json.text(of: verification, page: Page(), coloured: false)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["state"] as? String == "failed" && object["probes"] as? String == "none")
        #expect((object["tally"] as? [String: Int])?["failed"] == 1)
        let first = try #require((object["pairs"] as? [[String: Any]])?.first)
        #expect(first["vpn"] as? String == "blue" && first["origin"] as? String == "paris" && (first["prefixes"] as? [Any])?.count == 4)
        #expect((first["cause"] as? [String: Any])?["code"] as? String == "session-down")
    }

    @Test("failed wins over unknown, unknown over ok; what passes or is only programmed, and empty, is no failure")
    func exitStatus() {
        #expect(ExitStatus([]) == .ok)
        #expect(ExitStatus([.ok, .empty]) == .ok)
        #expect(ExitStatus([.empty]) == .ok)
        #expect(ExitStatus([.programmed, .degraded, .ok]) == .ok)
        #expect(ExitStatus([.ok, .unknown]) == .unknown)
        #expect(ExitStatus([.unknown, .failed, .ok]) == .verifyFailed)
    }

    @Test("exit codes are what the manual promises")
    func codes() {
        #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 6, 7, 64])
        for status in ExitStatus.allCases { #expect(Fedctl.configuration.discussion.contains(status.meaning)) }
    }
}
