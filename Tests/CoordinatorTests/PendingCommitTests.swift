import Coordinator
import Dispatch
import Federation
import FederationAPI
import FederationFile
import FederationModel
import Foundation
import Testing

@Suite("PendingCommit: what is not confirmed goes back", .timeLimit(.minutes(1)))
struct PendingCommitTests {
    private func awaitingConfirmation(_ body: (TestControlPlane, Revision) async throws -> Void) async throws {
        try await TestControlPlane.with { test in
            try await test.apply(federationFile(vpns: ["blue"]))
            let before = test.controlPlane.current
            let result = try await test.apply(federationFile(vpns: ["red"]), ChangeConditions(yesRemove: 10, confirmSeconds: 300))
            let pendingCommit = PendingCommit(revision: 2, fallback: 1, deadline: 1_300_000, author: "ada")
            #expect(result.pendingCommit == pendingCommit && test.controlPlane.pendingCommit == pendingCommit)
            try await body(test, before)
        }
    }

    private func expectBack(_ test: TestControlPlane, _ before: Revision) async throws {
        let after = test.controlPlane.current
        #expect(after.number == 3 && after.summary.origin == .automaticRollback && after.summary.restores == 1)
        #expect(after.author == .coordinator && after.text == before.text && after.graph == before.graph)
        for (gateway, intent) in before.intents {
            #expect(after.intents[gateway]?.base == intent.base && after.intents[gateway]?.vpns == intent.vpns)
        }
        #expect(test.controlPlane.pendingCommit == nil)
        #expect(try await test.store.inForce().pendingCommit == nil)
    }

    @Test("it is over at its deadline and not before")
    func isOver() {
        let pendingCommit = PendingCommit(revision: 2, fallback: 1, deadline: 1000, author: "ada")
        #expect(!pendingCommit.isOver(at: 999) && pendingCommit.isOver(at: 1000))
        #expect(pendingCommit.remaining(at: 400) == 600 && pendingCommit.remaining(at: 2000) == 0)
    }

    @Test("nothing happens before the deadline; then the old graph is in force again, bit for bit, once")
    func late() async throws {
        try await awaitingConfirmation { test, before in
            test.clock.advance(299_999)
            await test.controlPlane.rollBackIfUnconfirmed()
            #expect(test.controlPlane.current.number == 2)
            test.clock.advance(1)
            await test.controlPlane.rollBackIfUnconfirmed()
            try await expectBack(test, before)
            await test.controlPlane.rollBackIfUnconfirmed()
            #expect(test.controlPlane.current.number == 3)
            #expect(try await test.audit().first == "(coordinator) automatic-rollback done")
        }
    }

    @Test("who went back at the same moment is followed at once, however many changes wait: that is a conflict, and no obstacle")
    func conflict() async throws {
        try await awaitingConfirmation { test, before in
            // Stored by another hand, and not in force here yet.
            let other = try await ControlPlane(store: test.store, log: quiet, clock: test.clock.now)
            _ = try await other.rollback(RollbackOrder(to: 1, terms: .init(yesRemove: 10)), by: "bob")
            let (queue, gate) = (test.controlPlane.changeQueue, DispatchSemaphore(value: 0))
            let waiting = Task {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<64 { group.addTask { try await queue.work { if number == 0 { gate.wait() } } } }
                    try await group.waitForAll()
                }
            }
            #expect(try await eventually { queue.count == 64 })
            test.clock.advance(300_001)
            await test.controlPlane.rollBackIfUnconfirmed()
            gate.signal()
            try await waiting.value
            #expect(test.controlPlane.current.number == 3 && test.controlPlane.current.graph == before.graph)
            #expect(try await test.audit().first == "bob rollback done")
        }
    }

    @Test("a coordinator that was away goes back at its start; one that is back in time waits on")
    func restart() async throws {
        try await awaitingConfirmation { test, before in
            let early = try await test.restarted(after: 100_000)
            await early.controlPlane.rollBackIfUnconfirmed()
            #expect(early.controlPlane.current.number == 2 && early.controlPlane.pendingCommit?.deadline == 1_300_000)
            let late = try await early.restarted(after: 500_000)
            await late.controlPlane.rollBackIfUnconfirmed()
            try await expectBack(late, before)
        }
    }

    @Test("the first revision of all goes back to the empty federation")
    func first() async throws {
        try await TestControlPlane.with { test in
            try await test.apply(federationFile(), ChangeConditions(confirmSeconds: 60))
            test.clock.advance(60_000)
            await test.controlPlane.rollBackIfUnconfirmed()
            #expect(
                test.controlPlane.current.number == 2 && test.controlPlane.current.intents.isEmpty
                    && test.controlPlane.current.graph?.clouds.isEmpty == true)
            let again = try await test.restarted()
            #expect(again.controlPlane.current.number == 2 && again.controlPlane.current.intents.isEmpty)
            // What was in force for a minute gets its numbers back.
            try await again.apply(federationFile())
            let once = try await again.store.revision(1)?.ledger.vni(of: vpn("blue"))
            #expect(once != nil && once == again.controlPlane.current.ledger.vni(of: vpn("blue")))
        }
    }

    @Test("confirmed in time it stays; confirmed late, or twice, or another one, is refused")
    func confirm() async throws {
        try await awaitingConfirmation { test, _ in
            await #expect(throws: Refusal.self) { try await test.controlPlane.confirm(7, by: "bob") }
            #expect(try await test.controlPlane.confirm(2, by: "bob") == 2)
            test.clock.advance(1_000_000)
            await test.controlPlane.rollBackIfUnconfirmed()
            #expect(test.controlPlane.current.number == 2)
            await #expect(throws: Refusal.nothingPending(current: 2)) { try await test.controlPlane.confirm(nil, by: "bob") }
            let again = try await test.restarted()
            #expect(again.controlPlane.pendingCommit == nil)
        }
        try await awaitingConfirmation { test, before in
            test.clock.advance(300_000)
            await #expect(throws: Refusal.self) { try await test.controlPlane.confirm(nil, by: "bob") }
            await test.controlPlane.rollBackIfUnconfirmed()
            try await expectBack(test, before)
        }
    }

    @Test("meanwhile other changes are refused, with who and how long; going back by hand ends it")
    func others() async throws {
        try await awaitingConfirmation { test, _ in
            do {
                try await test.apply(federationFile(vpns: ["green"]), by: "bob")
                Issue.record("it was applied")
            } catch let refusal as Refusal {
                for words in ["revision 2 of ada", "300 s", "fedctl confirm", "fedctl rollback 1"] {
                    #expect(refusal.description.contains(words))
                }
            }
            await #expect(throws: Refusal.self) {
                try await test.controlPlane.reserve(Reservation(values: .vnis(20...21), reason: "x"), by: "bob")
            }
            let back = try await test.controlPlane.rollback(RollbackOrder(to: 1, terms: ChangeConditions(yesRemove: 10)), by: "bob")
            #expect(back.revision == 3)
            #expect(test.controlPlane.pendingCommit == nil)
            test.clock.advance(1_000_000)
            await test.controlPlane.rollBackIfUnconfirmed()
            #expect(test.controlPlane.current.number == 3)
        }
    }

    @Test("a rollback that awaits confirmation itself falls back to what was confirmed, and not to what was left")
    func rollbackPending() async throws {
        try await TestControlPlane.with { test in
            try await test.apply(federationFile(vpns: ["blue"]))
            try await test.apply(federationFile(vpns: ["blue", "green"]))
            try await test.apply(federationFile(vpns: ["blue", "red"]), ChangeConditions(yesRemove: 10, confirmSeconds: 300))
            let back = try await test.controlPlane.rollback(
                RollbackOrder(to: 1, terms: ChangeConditions(yesRemove: 10, confirmSeconds: 300)), by: "bob")
            #expect(back.revision == 4 && back.pendingCommit?.fallback == 2 && test.controlPlane.pendingCommit?.fallback == 2)
            #expect(try await test.store.inForce().pendingCommit?.fallback == 2)
            test.clock.advance(300_000)
            await test.controlPlane.rollBackIfUnconfirmed()
            #expect(test.controlPlane.current.number == 5 && test.controlPlane.current.summary.restores == 2)
        }
    }

    /// In force by an older release, which let through what is refused today.
    private func enact(_ text: String, at test: TestControlPlane) async throws -> TestControlPlane {
        let base = test.controlPlane.current
        let graph = try #require(FederationYAML.read(text: text, fileName: "f").graph)
        guard case .planned(let change) = Planning.plan(graph, on: base.snapshot, at: 1000) else { throw SampleError.refused("no plan") }
        let summary = RevisionSummary(number: base.number + 1, author: "ada", appliedAt: 1000, size: ChangeSize(change.plan))
        _ = try await test.store.commit(Revision(after: base, summary, text: text, change.compilation).record, until: nil)
        return try await test.restarted()
    }

    @Test("a fallback with a fault that would be refused today comes back all the same: it was in force")
    func faults() async throws {
        try await TestControlPlane.with { test in
            let shared = federationFile().replacing("red-router", with: "blue-router")
            let test = try await enact(shared, at: test)
            let trial = try await test.apply(federationFile(), ChangeConditions(yesRemove: 10, confirmSeconds: 60))
            let planned = try await test.controlPlane.plan(text: shared, fileName: "f", yesRemove: 10)
            #expect(trial.accepted && planned.plan?.refusals().isEmpty == false)
            test.clock.advance(60_000)
            await test.controlPlane.rollBackIfUnconfirmed()
            #expect(
                test.controlPlane.current.number == 3 && test.controlPlane.current.text == shared && test.controlPlane.pendingCommit == nil)
        }
    }

    @Test("a leak does not come back: the revision stays, which is said once, and is kept or left by an admin", arguments: [true, false])
    func leak(confirms: Bool) async throws {
        try await TestControlPlane.with { test in
            try await test.apply(federationFile())
            let target = test.controlPlane.current.ledger.routeTarget(of: vpn("red"))!
            let leak = federationFile().replacing("  blue:\n", with: "  blue:\n    importTargets: [\"\(target)\"]\n")
            let test = try await enact(leak, at: test)
            try await test.apply(federationFile(vpns: ["blue", "green", "red"]), ChangeConditions(yesRemove: 10, confirmSeconds: 60))
            test.clock.advance(60_000)
            for _ in 0..<3 { await test.controlPlane.rollBackIfUnconfirmed() }
            #expect(test.controlPlane.current.number == 3)
            #expect(test.controlPlane.pendingCommit?.obstacle?.contains("the two tenants would reach each other") == true)
            #expect(try await test.audit().filter { $0 == "(coordinator) automatic-rollback failed" }.count == 1)
            await #expect(throws: Refusal.self) { try await test.apply(federationFile()) }
            if confirms {
                #expect(try await test.controlPlane.confirm(nil, by: "bob") == 3)
            } else {
                #expect(
                    try await test.controlPlane.rollback(RollbackOrder(to: 1, terms: ChangeConditions(yesRemove: 10)), by: "bob").revision
                        == 4)
            }
            #expect(test.controlPlane.pendingCommit == nil)
            await test.controlPlane.rollBackIfUnconfirmed()
            #expect(test.controlPlane.current.number == (confirms ? 3 : 4))
        }
    }

    @Test("the running coordinator goes back by itself, and before it gives anything to an agent after a restart")
    func service() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let clock = FakeClock(1_000_000)
            try await Loopback.with(directory, pki: pki, clock: clock.now) { loopback in
                try await loopback.apply(federationFile(vpns: ["blue"]))
                try await loopback.withAdmin { admin in
                    let order = ApplyOrder(text: federationFile(vpns: ["blue", "red"]), terms: .init(confirmSeconds: 60))
                    let trial = try await admin.apply(order)
                    #expect(trial.pendingCommit?.fallback == 1)
                }
                clock.advance(60_000)
                #expect(try await eventually { loopback.controlPlane.current.number == 3 })
                try await loopback.withAdmin { admin in
                    let order = ApplyOrder(text: federationFile(vpns: ["blue", "green"]), terms: .init(confirmSeconds: 60))
                    let trial = try await admin.apply(order)
                    #expect(trial.revision == 4)
                }
            }
            clock.advance(3_600_000)
            try await Loopback.with(directory, pki: pki, clock: clock.now) { loopback in
                try await loopback.withAgent("paris/gw1") { agent in
                    let heard = try await agent.until(revision: 5)
                    #expect(!heard.contains { if case .vpn(let vpn) = $0 { vpn.name.text == "green" } else { false } })
                }
            }
        }
    }
}
