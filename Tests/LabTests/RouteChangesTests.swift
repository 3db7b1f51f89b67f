import NetworkTypes
import Testing

@testable import Lab

@Suite("What route monitors saw", .timeLimit(.minutes(1)))
struct RouteChangesTests {
    private static let tokyo = Host.node("tokyo", "gw1")

    private func changes(of prefix: String, _ events: [(isAdded: Bool, Duration)]) throws -> RouteChanges {
        let start = ContinuousClock.now
        let prefix = try #require(IPPrefix(prefix))
        var changes = RouteChanges()
        for (isAdded, time) in events {
            let event = RouteEvent(isAdded: isAdded, prefix: prefix, table: 10001, origin: RouteEvent.bgp, gateways: [])
            changes.note(event, at: Self.tokyo, start + time)
        }
        return changes
    }

    @Test("an IPv6 route that zebra deletes and adds in one message was replaced, and did not vanish")
    func replaced() throws {
        let changes = try changes(of: "fd10:1::11/128", [(false, .seconds(1)), (true, .seconds(1))])
        #expect(changes.vanished.isEmpty)
        #expect(changes.last != nil)
    }

    @Test("a route that is away for a tenth of a second vanished, and one that stays away", arguments: ["fd10:1::11/128", "10.1.0.11/32"])
    func vanished(_ prefix: String) throws {
        let back = try changes(of: prefix, [(false, .seconds(1)), (true, .milliseconds(1100))])
        let start = try #require(back.vanished.first?.start)
        #expect(back.vanished.first?.text(since: start - .seconds(14)) == "\(prefix) at tokyo/gw1, 14000 ms after the fault, for 100 ms")
        let gone = try changes(of: prefix, [(false, .seconds(1)), (true, .seconds(1)), (false, .seconds(2))])
        #expect(gone.vanished.last?.text(since: start) == "\(prefix) at tokyo/gw1, 1000 ms after the fault, for good")
    }

    @Test("an IPv4 route is replaced in place: a deletion is one")
    func inPlace() throws {
        #expect(try changes(of: "10.1.0.11/32", [(false, .seconds(1)), (true, .seconds(1))]).vanished.count == 1)
    }

    @Test("what one host and table adds does not bring back another's")
    func apart() throws {
        let start = ContinuousClock.now
        let prefix = try #require(IPPrefix("fd10:1::11/128"))
        var changes = RouteChanges()
        func event(_ isAdded: Bool, _ table: UInt32) -> RouteEvent {
            RouteEvent(isAdded: isAdded, prefix: prefix, table: table, origin: RouteEvent.bgp, gateways: [])
        }
        changes.note(event(false, 10001), at: Self.tokyo, start)
        changes.note(event(true, 10002), at: Self.tokyo, start)
        changes.note(event(true, 10001), at: .node("lima", "gw1"), start)
        #expect(changes.vanished.count == 1)
    }
}
