import Coordinator
import FederationAPI
import FederationModel
import Foundation
import Synchronization
import Testing

/// A clock that stands until it is moved.
final class FakeClock: Sendable {
    private let milliseconds: Mutex<Int64>

    init(_ start: Int64) { milliseconds = Mutex(start) }

    var now: @Sendable () -> Int64 { { self.milliseconds.withLock { $0 } } }
    func advance(_ time: Int64) { milliseconds.withLock { $0 += time } }
}

/// A control plane over a database of its own, with a clock that the test moves.
struct TestControlPlane: Sendable {
    let controlPlane: ControlPlane
    let store: SQLiteStore
    let clock: FakeClock
    let path: String

    static func with<Result>(_ body: (TestControlPlane) async throws -> Result) async throws -> Result {
        try await withDirectory { directory in try await body(open(directory + "/c.sqlite", FakeClock(1_000_000))) }
    }

    static func open(_ path: String, _ clock: FakeClock) async throws -> TestControlPlane {
        let store = try SQLiteStore(path: path, federation: FederationID("demo")!)
        return TestControlPlane(
            controlPlane: try await ControlPlane(store: store, log: quiet, clock: clock.now), store: store, clock: clock, path: path)
    }

    /// The coordinator was away, for so many milliseconds.
    func restarted(after time: Int64 = 0) async throws -> TestControlPlane {
        try store.close()
        clock.advance(time)
        return try await Self.open(path, clock)
    }

    @discardableResult
    func apply(_ text: String, _ terms: ChangeConditions = .init(), by author: Principal = "ada") async throws -> ChangeResult {
        try await controlPlane.apply(ApplyOrder(text: text, terms: terms), by: author)
    }

    func audit() async throws -> [String] {
        try await store.audit(before: nil, limit: 100).map { "\($0.author) \($0.action.rawValue) \($0.outcome.rawValue)" }
    }
}

@Suite("Changes as transactions", .timeLimit(.minutes(1)))
struct TransactionTests {
    @Test("who applies on a base that moved changes nothing, and is told who moved it and how")
    func conflict() async throws {
        try await TestControlPlane.with { test in
            try await test.apply(federationFile(vpns: ["blue"]))
            try await test.apply(federationFile(vpns: ["blue", "red"]), ChangeConditions(base: 1, message: "red for marketing"), by: "bob")
            do {
                try await test.apply(federationFile(vpns: ["blue", "green"]), ChangeConditions(base: 1))
                Issue.record("it was applied")
            } catch let refusal as Refusal {
                guard case .conflict(let base, let current, let since) = refusal else { throw refusal }
                #expect(base == 1 && current == 2 && since.map(\.number) == [2] && since[0].author == "bob")
                #expect(refusal.description.contains("red for marketing"))
            }
            #expect(test.controlPlane.current.number == 2)
            #expect(try await test.audit() == ["ada apply conflict", "bob apply done", "ada apply done"])
        }
    }

    @Test("an apply commits exactly what was planned")
    func planned() async throws {
        try await TestControlPlane.with { test in
            try await test.apply(federationFile(vpns: ["blue"]))
            let text = federationFile(clouds: ["paris", "tokyo", "lima"], vpns: ["blue", "red"])
            let plan = try await test.controlPlane.plan(text: text, fileName: "f", yesRemove: 0)
            let result = try await test.apply(text, ChangeConditions(message: "more"))
            #expect(plan.accepted && result.plan == plan.plan && result.revision == 2)
            #expect(test.controlPlane.current.summary.size == ChangeSize(plan.plan!) && test.controlPlane.current.summary.message == "more")
            #expect(try await test.store.latest().intents == test.controlPlane.current.intents)
        }
    }

    @Test("a leak is refused, and it is written down who tried")
    func refused() async throws {
        try await TestControlPlane.with { test in
            try await test.apply(federationFile())
            let target = test.controlPlane.current.ledger.routeTarget(of: vpn("red"))!
            let text = federationFile().replacing("  blue:\n", with: "  blue:\n    importTargets: [\"\(target)\"]\n")
            let result = try await test.apply(text, by: "eve")
            #expect(!result.accepted && result.revision == 1 && result.plan?.findings.contains { $0.code == .leak } == true)
            #expect(try await test.audit().first == "eve apply refused")
        }
    }

    @Test("going back restores every intent bit for bit, in a new revision that says so")
    func rollback() async throws {
        try await TestControlPlane.with { test in
            try await test.apply(federationFile(vpns: ["blue", "red"]))
            let before = test.controlPlane.current
            try await test.apply(federationFile(vpns: ["green"]), ChangeConditions(yesRemove: 100))
            test.clock.advance(60_000)
            try await test.apply(federationFile(vpns: ["amber", "green"]))
            let dry = try await test.controlPlane.plan(rollbackTo: 1, yesRemove: 100)
            #expect(dry.accepted && test.controlPlane.current.number == 3)
            let wet = try await test.controlPlane.rollback(
                RollbackOrder(to: 1, terms: ChangeConditions(yesRemove: 100, message: "oh")), by: "ada")
            #expect(wet.revision == 4 && wet.plan == dry.plan)
            let after = test.controlPlane.current
            #expect(after.summary.origin == .rollback && after.summary.restores == 1 && after.text == before.text)
            for (gateway, intent) in before.intents {
                #expect(after.intents[gateway]?.base == intent.base && after.intents[gateway]?.vpns == intent.vpns)
            }
            await #expect(throws: Refusal.noRevision(9, newest: 4)) {
                try await test.controlPlane.rollback(RollbackOrder(to: 9), by: "ada")
            }
        }
    }

    @Test("reserved values are never allocated, are taken by nobody, and can be given back")
    func reservations() async throws {
        try await TestControlPlane.with { test in
            await #expect(throws: Refusal.self) {
                try await test.controlPlane.reserve(Reservation(values: .vnis(1...2), reason: "x"), by: "ada")
            }
            try await test.apply(federationFile(vpns: ["blue"]))
            let next = test.controlPlane.current.ledger.vni(of: vpn("blue"))!.value + 1
            let reservation = Reservation(values: .vnis(next...next + 4), reason: "old fabric")
            #expect(try await test.controlPlane.reserve(reservation, by: "ada").revision == 2)
            try await test.apply(federationFile(vpns: ["blue", "red"]))
            #expect(test.controlPlane.current.ledger.vni(of: vpn("red"))!.value == next + 5)
            await #expect(throws: Refusal.self) {
                try await test.controlPlane.reserve(Reservation(values: .vnis(next + 5...next + 5), reason: "taken"), by: "ada")
            }
            #expect(try await test.controlPlane.release(reservation.values, by: "bob").revision == 4)
            let again = try await test.restarted()
            try await again.apply(federationFile(vpns: ["blue", "green", "red"]))
            #expect(again.controlPlane.current.ledger.vni(of: vpn("green"))!.value == next)
            #expect(try await again.store.history(before: nil, limit: 10).map(\.origin) == [.apply, .release, .apply, .reserve, .apply])
        }
    }

    @Test("messages without end and times without sense are refused")
    func terms() async throws {
        try await TestControlPlane.with { test in
            await #expect(throws: Refusal.confirmSeconds(1)) { try await test.apply(federationFile(), ChangeConditions(confirmSeconds: 1)) }
            await #expect(throws: Refusal.messageTooLong(1001)) {
                try await test.apply(federationFile(), ChangeConditions(message: String(repeating: "x", count: 1001)))
            }
            #expect(test.controlPlane.current.number == 0)
        }
    }

    @Test("between any two revisions it is said what changed, from nothing on")
    func difference() async throws {
        try await TestControlPlane.with { test in
            try await test.apply(federationFile(vpns: ["blue"]))
            let one = test.controlPlane.current
            let plan = try await test.apply(federationFile(vpns: ["blue", "red"])).plan
            let two = test.controlPlane.current
            let forth = one.difference(to: two)
            #expect(forth.objects == plan?.objects && forth.gateways == plan?.gateways && forth.gained == plan?.gained)
            let back = two.difference(to: one)
            #expect(back.lost == forth.gained && back.gained.isEmpty)
            let nothing = try await test.controlPlane.revision(0)
            #expect(nothing.difference(to: one).gained.count == 2 && one.difference(to: nothing).lost.count == 2)
            #expect(nothing.difference(to: nothing).isEmpty && one.difference(to: one).isEmpty)
        }
    }
}
