import Coordinator
import FederationAPI
import FederationModel
import NetworkTypes
import Testing

@Suite("Agent budget: what one agent may take of the coordinator")
struct AgentBudgetTests {
    private func limits(_ change: (inout AgentBudget.Limits) -> Void) -> AgentBudget.Limits {
        var limits = AgentBudget.Limits()
        change(&limits)
        return limits
    }

    @Test("a part replaces the one before it, and chunks count until the last one replaces the whole")
    func held() throws {
        var budget = AgentBudget(.init())
        let few = ReportPart.Content.received(routes(10), isFirst: true, isLast: true)
        try budget.hold(few)
        try budget.hold(few)
        #expect(budget.total == few.weight)
        let first = ReportPart.Content.received(routes(20), isFirst: true, isLast: false)
        try budget.hold(first)
        #expect(budget.total == few.weight + first.weight)
        try budget.hold(.received(routes(5), isFirst: false, isLast: true))
        #expect(budget.total == ReportPart.Content.received(routes(25), isFirst: true, isLast: true).weight)
        let vpn = VPNReport(name: VPNName("blue")!, expected: routes(9).map(\.prefix))
        try budget.hold(.vpn(vpn))
        try budget.hold(.vpnRemoved(vpn.name))
        try budget.hold(.received([], isFirst: true, isLast: true))
        #expect(budget.total == 0)
    }

    @Test("beyond the limit is a breach that names both")
    func breach() throws {
        var budget = AgentBudget(limits { $0.heldBytes = 1 << 20 })
        let error = #expect(throws: BudgetBreach.self) {
            try budget.hold(.received(routes(20_000), isFirst: true, isLast: false))
        }
        #expect(error?.description.contains("1 MiB are allowed per gateway") == true)
    }

    @Test("who says much at once is slowed to the rate, and a pause gives it back")
    func pace() {
        var budget = AgentBudget(
            limits {
                $0.messages = (burst: 10, rate: 5)
                $0.bytes = (burst: 1e9, rate: 1e9)
            })
        let waits = (0..<12).map { _ in budget.pace(.heartbeat(sentAt: 0), at: 1000) }
        #expect(waits == Array(repeating: 0, count: 10) + [200, 400])
        let afterPause = budget.pace(.heartbeat(sentAt: 0), at: 11_000)
        #expect(afterPause == 0)
    }

    @Test("a clock that goes back takes nothing and gives nothing")
    func clock() {
        var bucket = TokenBucket(capacity: 1, rate: 1)
        let taken = [5000, 1000, 5500, 6000].map { bucket.take(at: $0) }
        #expect(taken == [true, false, false, true])
    }
}
