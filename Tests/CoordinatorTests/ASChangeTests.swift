import Coordinator
import FederationAPI
import FederationModel
import NetworkTypes
import Testing

@Suite("A cloud gets another AS, and its agents say what bgpd runs", .timeLimit(.minutes(1)))
struct ASChangeTests {
    /// An agent that is connected and has reported.
    private func report(_ asn: ASN?, _ test: TestControlPlane) throws -> AgentSession {
        let id = gateway("paris/gw1")
        let session = test.controlPlane.begin(id, hello: Hello(software: "test", epoch: nil, revision: 0, held: [:]))
        let base = BaseReport(asn: asn, software: "test")
        try test.controlPlane.receive(.report(ReportPart(sequence: 1, observedAt: 0, content: .base(base))), in: session)
        try test.controlPlane.receive(
            .report(ReportPart(sequence: 2, observedAt: 0, content: .received([], isFirst: true, isLast: true))), in: session)
        return session
    }

    private func file(_ asn: String) -> String {
        federationFile(vpns: []).replacing("  paris:\n", with: "  paris:\n    as: \(asn)\n").replacing("vpns:\n", with: "")
    }

    @Test("it is refused while a live agent’s bgpd runs the old one, allowed once it runs the new one or the agent is stopped")
    func live() async throws {
        try await TestControlPlane.with { test in
            try await test.apply(file("65001"))
            var session = try report(ASN("65001"), test)
            let refused = try await test.apply(file("65009"))
            #expect(!refused.accepted && test.controlPlane.current.number == 1)
            #expect(refused.plan?.findings.map(\.code) == [.bgpdRunsOtherAS])
            // The operator follows the remedy: the agent is stopped while bgpd is reconfigured.
            test.controlPlane.end(session, reason: "stopped")
            let applied = try await test.apply(file("65009"))
            #expect(applied.accepted && applied.plan?.findings.map(\.code) == [.asChange])
            session = try report(ASN("65009"), test)
            // What goes back by hand is an AS change too.
            let back = try await test.controlPlane.rollback(RollbackOrder(to: 1), by: "ada")
            #expect(!back.accepted && back.plan?.findings.map(\.code) == [.bgpdRunsOtherAS])
            test.controlPlane.end(session, reason: "stopped")
        }
    }

    @Test("an agent that was not heard for long says nothing of what bgpd runs now")
    func stale() async throws {
        try await TestControlPlane.with { test in
            try await test.apply(file("65001"))
            let session = try report(ASN("65001"), test)
            test.clock.advance(60_000)
            let planned = try await test.controlPlane.plan(text: file("65009"), fileName: "f", yesRemove: 0)
            let plan = try #require(planned.plan)
            #expect(plan.findings.map(\.code) == [.asChange] && plan.findings[0].reason.contains("not known"))
            test.controlPlane.end(session, reason: "stopped")
        }
    }

    @Test("what was not confirmed goes back, whatever AS bgpd runs by then")
    func automaticRollback() async throws {
        try await TestControlPlane.with { test in
            try await test.apply(file("65001"))
            try await test.apply(file("65009"), ChangeConditions(confirmSeconds: 60))
            let session = try report(ASN("65009"), test)
            test.clock.advance(60_000)
            await test.controlPlane.rollBackIfUnconfirmed()
            #expect(test.controlPlane.current.summary.origin == .automaticRollback)
            #expect(test.controlPlane.current.intents[gateway("paris/gw1")]?.base.asn == ASN("65001"))
            test.controlPlane.end(session, reason: "stopped")
        }
    }
}
