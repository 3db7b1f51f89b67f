import NetworkTypes
import Testing

@testable import Lab

@Suite("Evidence: what checks read")
struct EvidenceTests {
    /// Requests every 20 ms, each answered after 1 ms but for what `change` says.
    private func pings(_ count: Int, _ change: (Int) -> Duration?) -> Ping.Outcome {
        let start = ContinuousClock.now
        return Ping.Outcome((0..<count).map { .init(sentAt: start + .milliseconds(20 * $0), answeredAfter: change($0)) })
    }

    @Test("lost pings and the longest gap are counted")
    func outcome() throws {
        let outcome = pings(10) { [0, 1, 5, 6, 9].contains($0) ? .milliseconds(1) : nil }
        #expect(outcome.lost == 5)
        let paris = Host.node("paris", "vm"), tokyo = Host.node("tokyo", "vm")
        let pair = PingRecord.Pair(plan: PingPlan(from: paris, to: tokyo, target: IPAddress("10.2.0.11")!), outcome: outcome)
        let record = PingRecord(pairs: [pair], stalls: [:])
        #expect(record.losses(of: pair) == (5, 0, 3))
        #expect(try record.assess(allowed: 5) == "5 of 10 pings lost")
        #expect(throws: LabError.self) { try record.assess(allowed: 4) }
    }

    @Test("pings that were lost while the switch at one end answered nobody are told apart, and no others")
    func stalls() throws {
        let paris = Host.node("paris", "vm"), tokyo = Host.node("tokyo", "vm")
        let start = ContinuousClock.now
        func row(_ change: (Int) -> Duration?) -> Ping.Outcome {
            Ping.Outcome((0..<200).map { .init(sentAt: start + .milliseconds(20 * $0), answeredAfter: change($0)) })
        }
        // Tokyo's switch stands still from 1 s to 1.4 s, and loses some. Pings between the clouds are lost then, and from 3 s on for 0.4 s.
        let own = row { (50..<70).contains($0) ? ($0 % 3 == 0 ? nil : .milliseconds(20 * (70 - $0))) : .milliseconds(1) }
        let between = row { (50..<70).contains($0) || (150..<170).contains($0) ? nil : .milliseconds(2) }
        let pair = PingRecord.Pair(plan: PingPlan(from: paris, to: tokyo, target: IPAddress("10.2.0.11")!), outcome: between)
        let record = PingRecord(pairs: [pair], stalls: [paris: Stalls(in: row { _ in .milliseconds(1) }), tokyo: Stalls(in: own)])
        #expect(record.losses(of: pair) == (20, 20, 20))
        #expect(throws: LabError.self) { try record.assess(allowed: 19) }
        // Where a switch stands still most of the time, no limit is proven.
        func most(_ index: Int) -> Duration? { index < 120 ? nil : .milliseconds(1) }
        let still = PingRecord(pairs: [.init(plan: pair.plan, outcome: row(most))], stalls: [tokyo: Stalls(in: row(most))])
        #expect(throws: LabError.self) { try still.assess(allowed: 40) }
        #expect(try still.assess(allowed: nil).hasPrefix("0 of 200 pings lost"))
        // Somebody else's stall excuses nothing.
        #expect(PingRecord(pairs: [pair], stalls: [Host.node("oslo", "vm"): Stalls(in: own)]).losses(of: pair).counted == 40)
    }

    @Test("the Internet checksum of RFC 1071's example")
    func checksum() {
        #expect(Ping.checksum([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]) == ~0xddf2)
    }

    @Test("an IPv4 echo request in a frame is seen with its source; replies and other packets are not")
    func ipv4Frame() {
        let ethernet: [UInt8] = Array(repeating: 0, count: 12) + [0x08, 0x00]
        let header: [UInt8] = [0x45, 0, 0, 28, 0, 0, 0, 0, 64, 1, 0, 0, 10, 1, 0, 11, 10, 2, 0, 12]
        let request: [UInt8] = [8, 0, 0, 0, 0x03, 0xe8, 0, 1]
        let seen = EchoCapture.sighting(in: (ethernet + header + request)[...])
        #expect(seen == .init(source: IPAddress("10.1.0.11")!, destination: IPAddress("10.2.0.12")!, identifier: 1000, count: 0))
        #expect(EchoCapture.sighting(in: (ethernet + header + [0] + request.dropFirst())[...]) == nil)
        #expect(EchoCapture.sighting(in: ethernet[...]) == nil)
    }

    @Test("an IPv6 echo request is seen too")
    func ipv6Frame() {
        var frame: [UInt8] = Array(repeating: 0, count: 12) + [0x86, 0xdd, 0x60, 0, 0, 0, 0, 8, 58, 64]
        frame += [0xfd, 0x10, 0, 1] + Array(repeating: 0, count: 11) + [0x11]
        frame += [0xfd, 0x10, 0, 2] + Array(repeating: 0, count: 11) + [0x12]
        frame += [128, 0, 0, 0, 0, 7, 0, 1]
        let seen = EchoCapture.sighting(in: frame[...])
        #expect(seen?.source == IPAddress("fd10:1::11"))
        #expect(seen?.destination == IPAddress("fd10:2::12"))
    }

    @Test("a route event is read: table beyond 255, origin, and an IPv4 next hop inside an IPv6 one")
    func routeEvent() {
        let destination: [UInt8] = [20, 0, 1, 0, 0xfd, 0x10, 0, 2] + Array(repeating: 0, count: 11) + [0x11]
        let table: [UInt8] = [8, 0, 15, 0, 0x11, 0x27, 0, 0]  // 10001
        let gateway: [UInt8] = [20, 0, 5, 0] + Array(repeating: 0, count: 10) + [0xff, 0xff, 10, 255, 0, 2]
        let route: [UInt8] = [10, 128, 0, 0, 252, 186, 0, 1, 0, 0, 0, 0]
        let message: [UInt8] = [76, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + route + destination + table + gateway
        let events = RouteMonitor.events(in: message)
        #expect(
            events == [
                .init(isAdded: true, prefix: IPPrefix("fd10:2::11/128")!, table: 10001, origin: 186, gateways: [IPAddress("10.255.0.2")!])
            ])
        #expect(events[0].isFederated)
        #expect(RouteMonitor.events(in: Array(message.dropLast(8))) == [])
    }

    @Test("a route with several next hops names them all")
    func multipath() {
        func hop(_ last: UInt8) -> [UInt8] { [16, 0, 0, 0, 5, 0, 0, 0, 8, 0, 5, 0, 10, 255, 1, last] }
        let route: [UInt8] = [2, 32, 0, 0, 252, 186, 0, 1, 0, 0, 0, 0]
        let attributes: [UInt8] = [8, 0, 1, 0, 10, 1, 0, 11, 8, 0, 15, 0, 0x11, 0x27, 0, 0, 36, 0, 9, 0] + hop(1) + hop(2)
        let message: [UInt8] = [UInt8(28 + attributes.count), 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + route + attributes
        let events = RouteMonitor.events(in: message)
        #expect(events.map(\.gateways) == [[IPAddress("10.255.1.1")!, IPAddress("10.255.1.2")!]])
        #expect(events.map(\.table) == [10001])
    }

    @Test("objects are cut out of a stream whatever their strings hold")
    func scanner() throws {
        var scanner = ObjectScanner()
        let objects = #"{"a":"}{\"","b":{}} {"c":1}"#.utf8.compactMap { scanner.take($0) }
        #expect(try objects.map { try JSON(parsing: $0) } == [["a": "}{\"", "b": [:]], ["c": 1]])
    }

    @Test("counters are found wherever they stand, also where numbers are written as strings")
    func counters() throws {
        let document = try JSON(
            parsing: #"{"agents":[{"id":"paris/gw1","report":{"writes":{"reconciles":"12","netlink":3,"vty":"4"}}}]}"#.utf8)
        #expect(Reports.counters(in: document) == ["/agents/0/report/writes": .init(reconciles: 12, writes: 7)])
    }

    @Test("idle means that reconciles go on and writes do not")
    func idle() throws {
        let before = ["/a": Reports.Counters(reconciles: 5, writes: 9)]
        #expect(try Judge.idle(before: before, after: ["/a": .init(reconciles: 8, writes: 9)]) == "3 reconciles, 0 writes")
        #expect(throws: LabError.self) { try Judge.idle(before: before, after: ["/a": .init(reconciles: 8, writes: 10)]) }
        #expect(throws: LabError.self) { try Judge.idle(before: before, after: before) }
        #expect(throws: LabError.self) { try Judge.idle(before: [:], after: [:]) }
    }

    @Test("a repair counts if it is of the object and not older than the damage")
    func repair() throws {
        let document = try JSON(
            parsing:
                #"{"vpns":{"blue":{"drift":[{"object":"Route 10.1.0.0/24","repairedAt":"2026-11-28T21:00:01.000Z"}]}}}"#
                .utf8)
        let time: Double = 1_795_899_601_000
        #expect(Reports.repair(of: "route", since: time, in: document))
        #expect(!Reports.repair(of: "route", since: time + 1, in: document))
        #expect(!Reports.repair(of: "flow", since: time, in: document))
    }

    @Test("pairs cross clouds, keep families apart and go both ways")
    func pairs() throws {
        let scenario = try ScenarioParserTests.shipped("two-clouds")
        let pairs = scenario.remotePairs(from: "blue", to: "blue")
        #expect(pairs.count == 16)
        #expect(pairs.filter { $0.from == .node("paris", "blue-1") }.count == 4)
        #expect(scenario.remotePairs(from: "green", to: "red").count == 8)
    }
}
