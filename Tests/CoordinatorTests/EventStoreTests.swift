import FederationAPI
import FederationModel
import Foundation
import GRDB
import Testing
import Verification

@testable import Coordinator

@Suite("Store: what happened", .timeLimit(.minutes(3)))
struct EventStoreTests {
    private static let ok = Judgement(state: .ok)
    private static let silent = Judgement(state: .unknown, step: .acknowledged, code: "agent-silent", sentence: "paris/gw1 is silent")
    private static let failed = Judgement(state: .failed, step: .received, code: "session-down", sentence: "no session “x”")

    private static func pair(_ vpn: String, _ origin: String = "paris", _ viewer: String = "tokyo") -> PairName {
        PairName(vpn: VPNName(unchecked: vpn), origin: CloudName(unchecked: origin), viewer: CloudName(unchecked: viewer))
    }

    private static func change(_ pairs: [PairName], _ before: Judgement?, _ after: Judgement?, at time: Int64) -> FederationEvent {
        FederationEvent(at: time, .verdictsChanged(VerdictTransition(before: before, after: after, pairs: pairs)))
    }

    @Test("numbers of pairs come back, in about a byte each; damaged bytes do no harm")
    func numbers() {
        let dense = Array(Int64(1)...100_000)
        #expect(PairNumbers.encode(dense).count == 100_000)
        var generator = SystemRandomNumberGenerator()
        for numbers in [[], [1], dense, [1, 127, 128, 129, 16_384, 99_999_999]] {
            #expect(PairNumbers.decode(PairNumbers.encode(numbers)) == numbers)
        }
        for _ in 0..<200 {
            let bytes = (0..<40).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let found = PairNumbers.decode(bytes)
            #expect(found.allSatisfy { (1...PairNumbers.most).contains($0) })
        }
    }

    @Test("events come back as they were, over reopening, those that are asked for", arguments: StoreKind.all)
    func log(_ kind: StoreKind) async throws {
        try await withDirectory { directory in
            let events = [
                FederationEvent(at: 10, .recordingBegan(until: nil)),
                FederationEvent(at: 20, .agentConnected(gateway("paris/gw1"), software: "test")),
                Self.change([Self.pair("blue"), Self.pair("red")], nil, Self.silent, at: 30),
                Self.change([Self.pair("blue")], Self.silent, Self.failed, at: 40),
                FederationEvent(
                    at: 50, .driftRepaired(gateway("paris/gw1"), vpn("red"), Drift(object: "flow", change: "removed", repairedAt: 3))),
            ]
            let store = try await kind.open(directory, StoreKind.demo)
            #expect(try await store.recording() == nil)
            try await store.append(Array(events.prefix(3)), until: 35)
            try await store.append(Array(events.suffix(2)), until: 60)
            try await store.close()
            let again = try await kind.open(directory, StoreKind.demo)
            #expect(try await again.recording() == Recording(since: 10, until: 60))
            let all = try await again.events(EventRequest(mostPairs: 10))
            #expect(all == EventLog(events: events, more: false, keptSince: 10))
            let newest = try await again.events(EventRequest(limit: 2))
            #expect(newest.events == Array(events.suffix(2)) && newest.more)
            let red = try await again.events(EventRequest(vpn: vpn("red")))
            #expect(red.events.map(\.at) == [10, 30, 50])
            guard case .verdictsChanged(let transition) = red.events[1].kind else { throw SampleError.refused("no verdict") }
            #expect(transition.pairCount == 1 && transition.pairs == [Self.pair("red")])
            #expect(try await again.events(EventRequest(origin: CloudName(unchecked: "tokyo"))).events.map(\.at) == [10])
            #expect(try await again.events(EventRequest(since: 40)).events.map(\.at) == [40, 50])
            #expect(try await again.lastVerdicts() == [Self.pair("blue"): Self.failed, Self.pair("red"): Self.silent])
            try await again.close()
        }
    }

    @Test("the verdicts of each time are those of then, before and after old events are removed: random histories")
    func times() async throws {
        for seed in UInt64(1)...8 {
            try await StoreKind.sqlite.with { store, _ in
                var generator = Seeded(state: seed)
                let names = (0..<12).map { Self.pair("v\($0 / 4)", "c\($0 % 4)", "d") }
                var now: [PairName: PastVerdicts.Pair] = [:]
                var then: [Int64: [PairName: PastVerdicts.Pair]] = [0: [:]]
                for step in 1...60 {
                    let time = Int64(step * 10)
                    var changes: [PairChange] = []
                    for name in names where Int.random(in: 0..<5, using: &generator) == 0 {
                        let after = [Self.ok, Self.silent, Self.failed, nil].randomElement(using: &generator) ?? nil
                        let before = now[name]?.judgement
                        guard before != after else { continue }
                        changes.append(PairChange(name, before: before, after: after, at: time))
                        now[name] = after.map { .init(name: name, judgement: $0, since: time) }
                    }
                    try await store.append(
                        VerdictTransition.grouping(changes).map { FederationEvent(at: $0.at, .verdictsChanged($0.transition)) },
                        until: time + 9
                    )
                    then[time] = now
                }
                func check(since: Int64) async throws {
                    for (time, verdicts) in then where time >= since {
                        let found = try await store.verdicts(at: time + 5)
                        #expect(found.pairs == verdicts.values.sorted { $0.name < $1.name }, "seed \(seed) at \(time)")
                        #expect(found.gap == nil)
                    }
                    #expect(try await store.lastVerdicts() == now.mapValues(\.judgement))
                }
                try await check(since: 0)
                var limits = HistoryLimits()
                limits.age = 300
                try await store.prune(limits, at: 600)
                #expect(try await store.recording()?.since == 300)
                try await check(since: 300)
                #expect(try await store.events(EventRequest()).events.allSatisfy { $0.at >= 300 })
                limits.pairChanges = 40
                try await store.prune(limits, at: 600)
                let since = try #require(try await store.recording()?.since)
                #expect(since > 300 && since < 600)
                try await check(since: since)
            }
        }
    }

    @Test("a time in which nothing was written is named, and the times around it are not")
    func gap() async throws {
        try await StoreKind.sqlite.with { store, _ in
            try await store.append(
                [FederationEvent(at: 100, .recordingBegan(until: nil)), Self.change([Self.pair("blue")], nil, Self.ok, at: 100)], until: 500
            )
            try await store.append([FederationEvent(at: 900, .recordingBegan(until: 500))], until: 1000)
            for (time, gap) in [
                (100, nil), (500, nil), (501, 500..<900), (899, 500..<900), (900, nil), (1000, nil), (1005, 1000..<1006),
            ] as [(Int64, Range<Int64>?)] {
                let found = try await store.verdicts(at: time)
                #expect(found.gap == gap && found.pairs.map(\.judgement) == [Self.ok], "\(time)")
            }
        }
    }

    @Test("a clock that is set back between two runs falsifies nothing: what was written last is what is so, before and after pruning")
    func setBack() async throws {
        try await StoreKind.sqlite.with { store, _ in
            let (blue, red) = (Self.pair("blue"), Self.pair("red"))
            try await store.append([FederationEvent(at: 1000, .recordingBegan(until: nil))], until: 1000)
            try await store.append([Self.change([blue, red], nil, Self.ok, at: 1000)], until: 1000)
            try await store.append([Self.change([blue], Self.ok, Self.failed, at: 2000)], until: 2500)
            try await store.append([FederationEvent(at: 500, .recordingBegan(until: 2500))], until: nil)
            #expect(try await store.recording() == Recording(since: 500, until: 500))
            try await store.append([Self.change([blue], Self.failed, Self.ok, at: 600)], until: 900)
            #expect(try await store.recording() == Recording(since: 500, until: 900))
            func check(_ cases: [(Int64, Judgement, Range<Int64>?)]) async throws {
                #expect(try await store.lastVerdicts() == [blue: Self.ok, red: Self.ok])
                for (time, judgement, gap) in cases {
                    let found = try await store.verdicts(at: time)
                    #expect(found.pairs.map(\.judgement) == [judgement, Self.ok] && found.gap == gap, "\(time) \(found)")
                }
            }
            try await check([(550, Self.failed, nil), (700, Self.ok, nil), (950, Self.ok, 900..<951), (2600, Self.ok, 900..<2601)])
            #expect(try await store.events(EventRequest()).events.map(\.at) == [1000, 1000, 2000, 500, 600])
            var limits = HistoryLimits()
            limits.age = 250
            try await store.prune(limits, at: 900)
            #expect(try await store.recording()?.since == 650)
            try await check([(700, Self.ok, nil), (950, Self.ok, 900..<951)])
        }
    }

    @Test("what is not known to be all claims no time, until it is")
    func unsettled() async throws {
        try await StoreKind.sqlite.with { store, _ in
            let blue = Self.pair("blue")
            try await store.append(
                [FederationEvent(at: 100, .recordingBegan(until: nil)), Self.change([blue], nil, Self.ok, at: 100)], until: 200)
            try await store.append([FederationEvent(at: 300, .recordingBegan(until: 200))], until: nil)
            #expect(try await store.verdicts(at: 310).gap == 200..<311)
            // It ended before it was known: that is a gap for good.
            try await store.append([FederationEvent(at: 400, .recordingBegan(until: 200))], until: nil)
            try await store.append([Self.change([blue], Self.ok, Self.failed, at: 400)], until: 450)
            for (time, gap) in [(190, nil), (250, 200..<300), (310, 200..<400), (410, nil)] as [(Int64, Range<Int64>?)] {
                #expect(try await store.verdicts(at: time).gap == gap, "\(time)")
            }
        }
    }

    @Test("pruning removes thousands of rows, and the names of pairs that no row names; a pair that comes again has its name again")
    func names() async throws {
        try await StoreKind.sqlite.with { store, _ in
            let database = try #require(store as? SQLiteStore)
            func count(_ table: String) throws -> Int {
                try database.pool.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0 }
            }
            let (blue, gone) = (Self.pair("blue"), Self.pair("gone"))
            try await store.append([Self.change([blue, gone], nil, Self.ok, at: 1)], until: 1)
            for part in 0..<5 {
                try await store.append(
                    (0..<1000).map {
                        Self.change(
                            [blue], $0 % 2 == 0 ? Self.ok : Self.failed, $0 % 2 == 0 ? Self.failed : Self.ok,
                            at: Int64(part * 1000 + $0 + 2))
                    },
                    until: Int64(part * 1000 + 1002))
            }
            try await store.append([Self.change([gone], Self.ok, nil, at: 6000)], until: 6000)
            var limits = HistoryLimits()
            limits.age = 10
            try await store.prune(limits, at: 100_000)
            #expect(try await store.lastVerdicts() == [blue: Self.ok])
            #expect(try count("events") == 1 && count("pairs") == 1)
            try await store.append([Self.change([gone], nil, Self.failed, at: 100_001)], until: 100_001)
            #expect(try await store.lastVerdicts() == [blue: Self.ok, gone: Self.failed])
        }
    }

    @Test("where much happens, it is pruned as it happens")
    func flood() async throws {
        try await StoreKind.sqlite.with { store, _ in
            let database = try #require(store as? SQLiteStore)
            let controlPlane = try await ControlPlane(store: store, log: quiet)
            var limits = HistoryLimits()
            limits.events = 200
            let writer = Task { [limits] in await controlPlane.eventWriter.run(every: .milliseconds(5), keeping: limits) }
            let begun = ControlPlane.wallClock()
            for number in Int64(0)..<2000 {
                controlPlane.events.tell(at: begun + number, .agentDisconnected(gateway("paris/gw1"), reason: "\(number)"))
                if number % 50 == 0 { try await Task.sleep(for: .milliseconds(5)) }
            }
            func rows() throws -> Int { try database.pool.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM events") ?? 0 } }
            let patience = ContinuousClock.now + .seconds(20)
            var last = ""
            repeat {
                try await Task.sleep(for: .milliseconds(50))
                if case .agentDisconnected(_, let reason)? = try await store.events(EventRequest(limit: 1)).events.first?.kind {
                    last = reason
                }
            } while (try last != "1999" || rows() > 230) && ContinuousClock.now < patience
            #expect(try rows() <= 230 && last == "1999")
            writer.cancel()
            await writer.value
        }
    }

    @Test("texts of agents are written down as their first 256 bytes")
    func texts() async throws {
        try await StoreKind.sqlite.with { store, _ in
            let long = String(repeating: "ü", count: 500)
            var loud = Self.failed
            loud.sentence = long
            try await store.append(
                [
                    FederationEvent(at: 1, .agentDisconnected(gateway("paris/gw1"), reason: long)),
                    Self.change([Self.pair("blue")], nil, loud, at: 1),
                ],
                until: 1)
            let events = try await store.events(EventRequest()).events
            guard case .agentDisconnected(_, let reason) = events[0].kind else { throw SampleError.refused("another event") }
            #expect(reason.utf8.count <= 256 && reason.hasSuffix("ü…"))
            #expect((try await store.lastVerdicts().values.first?.sentence.utf8.count ?? 999) <= 256)
        }
    }

    @Test("words of another release are unknown, and what cannot be read is passed over")
    func otherWords() async throws {
        try await StoreKind.sqlite.with { store, _ in
            let database = try #require(store as? SQLiteStore)
            try await store.append([Self.change([Self.pair("blue")], nil, Self.ok, at: 1)], until: 1)
            try await database.pool.write { db in
                try db.execute(
                    sql: """
                        UPDATE events SET event = replace(replace(event, '"ok"', '"splendid"'), '"after"', '"more":3,"after"');
                        INSERT INTO events (at, kind, event, pair_count) VALUES (2, 'revision', '{"solarFlare":{}}', 0);
                        """)
            }
            #expect(try await store.lastVerdicts() == [Self.pair("blue"): Judgement(state: .unknown)])
            #expect(try await store.events(EventRequest()).events.map(\.at) == [1])
        }
    }

    @Test("a gateway of 100,000 pairs that dies costs the database less than a megabyte")
    func storm() async throws {
        try await StoreKind.sqlite.with { store, _ in
            let database = try #require(store as? SQLiteStore)
            let pairs = (0..<100_000).map { Self.pair("v\($0 / 100)", "c\($0 % 100)", "d") }
            func storm(_ before: Judgement?, _ after: Judgement, at time: Int64) -> [FederationEvent] {
                VerdictTransition.grouping(pairs.map { PairChange($0, before: before, after: after, at: time) })
                    .map { FederationEvent(at: $0.at, .verdictsChanged($0.transition)) }
            }
            try await store.append(storm(nil, Self.ok, at: 1), until: 1)
            let size = try database.size()
            let start = ContinuousClock.now
            for time in Int64(1)...10 {
                try await store.append(
                    storm(time % 2 == 1 ? Self.ok : Self.silent, time % 2 == 1 ? Self.silent : Self.ok, at: time + 1), until: time + 1)
            }
            let took = (ContinuousClock.now - start) / 10
            let grown = (try database.size() - size) / 10
            print("a storm of 100,000 pairs: \(took), \(grown) bytes")
            #expect(grown < 1_000_000)
            let asked = ContinuousClock.now
            #expect(try await store.verdicts(at: 6).pairs.count == 100_000)
            print("the verdicts of a time: \(ContinuousClock.now - asked)")
        }
    }
}

private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
