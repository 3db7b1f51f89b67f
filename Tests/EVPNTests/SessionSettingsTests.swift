import EVPN
import FRR
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("What a cloud asks of its sessions")
struct SessionSettingsTests {
    private let asn = ASN("4200000001")!
    private let spine = IPAddress("10.255.0.254")!

    private func plan(
        _ passwords: KnownPasswords?, detects: Bool = true, _ change: (inout BaseIntent) -> Void = { _ in }
    ) -> (NodePlan, EVPNBaseStanza?) {
        var intent = Samples.intent()
        change(&intent.base)
        var host = SimulatedHost()
        host.routing.passwords = passwords
        host.routing.detection = detects ? .bfd : nil
        var indexes = LocalIndexes()
        let design = Designer.design(
            .init(intent: intent, routers: [], destinations: [:], switching: nil, passwords: passwords), indexes: &indexes
        ).base
        return (Planner.plan(base: design, asn: asn, on: host.observed), design)
    }

    @Test("sessions have a password where the file has one for the peer, and only there")
    func passwords() {
        for (known, expected) in [
            (KnownPasswords.peers([spine], everybody: false), SessionAuthentication.md5), (.peers([], everybody: true), .md5),
            (.peers([IPAddress("192.0.2.1")!], everybody: false), nil), (nil, nil),
        ] {
            let (plan, design) = plan(known)
            #expect(design?.peers.map(\.authentication) == [expected])
            #expect(plan.problems == [] && plan.steps.count == 1)
        }
    }

    @Test("while the passwords cannot be read, no session is changed, and that is said")
    func unreadable() {
        let (plan, _) = plan(.unreadable("/etc/p can be read by others than root"))
        #expect(plan.steps == [] && plan.isSettled)
        #expect(plan.problems.map(\.code) == [.bgpPasswordsUnreadable])
        #expect(plan.problems.first?.message.contains("/etc/p can be read by others than root") == true)
    }

    @Test("BFD and the farthest peer go to the sessions; where bfdd does not run, that is said, and the sessions are made all the same")
    func detection() {
        let (running, design) = plan(nil) { ($0.failureDetection, $0.maximumHops) = (.bfd, 3) }
        #expect(design?.failureDetection == .bfd && design?.maximumHops == 3)
        #expect(running.problems == [])
        let (absent, _) = plan(nil, detects: false) { $0.failureDetection = .bfd }
        #expect(absent.problems.map(\.code) == [.bfdNotRunning] && absent.steps.count == 1)
        #expect(plan(nil, detects: false).0.problems == [], "nobody asked")
    }
}
