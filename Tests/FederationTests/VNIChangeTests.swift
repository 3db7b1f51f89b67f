import Federation
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("A VNI that changes, in the ledger")
struct VNIChangeTests {
    private let blue = VPNName("blue")!
    private let hour: Int64 = 3_600_000

    private func graph(_ vni: UInt32?) -> FederationGraph {
        FederationGraph(federation: FederationID("demo")!, vpns: [blue: VPN(vni: vni.flatMap(VNI.init(value:)))])
    }

    /// What is sent in and what is beside it: `10 (RD 1), 20 (RD 2)`.
    private func state(_ ledger: Ledger, _ name: VPNName? = nil) -> String {
        [ledger.sending(of: name ?? blue), ledger.secondary(of: name ?? blue)].compactMap { $0 }.map { "\($0.vni) (RD \($0.index))" }
            .joined(separator: ", ")
    }

    private func advance(_ ledger: inout Ledger, at now: Int64) -> String {
        ledger.advanceVNIChanges(of: [blue], at: now).map(\.description).joined(separator: "; ")
    }

    @Test("first both are received, then the new one is sent in, then the old one goes, and rests from then on")
    func life() throws {
        var ledger = Ledger()
        try ledger.allocate(for: graph(10), at: 0)
        #expect(state(ledger) == "10 (RD 1)")
        try ledger.allocate(for: graph(20), at: hour)
        #expect(state(ledger) == "10 (RD 1), 20 (RD 2)")
        #expect(ledger.vni(of: blue)?.value == 20)
        // Whatever else is applied meanwhile, nothing moves by it.
        try ledger.allocate(for: graph(20), at: 2 * hour)
        #expect(state(ledger) == "10 (RD 1), 20 (RD 2)")
        #expect(advance(&ledger, at: 3 * hour) == "VPN blue sends with VNI 20")
        #expect(state(ledger) == "20 (RD 2), 10 (RD 1)")
        #expect(advance(&ledger, at: 30 * hour) == "VPN blue stops using VNI 10")
        #expect(state(ledger) == "20 (RD 2)")
        #expect(advance(&ledger, at: 31 * hour) == "")
        let resting = ledger.entries(of: graph(20)).filter { $0.state == .quarantined }
        #expect(resting.map(\.value) == ["10", "64900:10", "1"])
        #expect(resting.allSatisfy { $0.until == 54 * hour })
    }

    @Test("it can be turned back before and after the new one is sent in")
    func back() throws {
        for advances in 0...1 {
            var ledger = Ledger()
            try ledger.allocate(for: graph(10), at: 0)
            try ledger.allocate(for: graph(20), at: 1)
            for _ in 0..<advances { _ = advance(&ledger, at: 2) }
            try ledger.allocate(for: graph(10), at: 3)
            if advances == 1 { #expect(advance(&ledger, at: 4) == "VPN blue sends with VNI 10") }
            #expect(state(ledger) == "10 (RD 1), 20 (RD 2)")
            #expect(advance(&ledger, at: 5) == "VPN blue stops using VNI 20")
            #expect(state(ledger) == "10 (RD 1)")
        }
    }

    @Test("a third VNI waits until the second is where nobody sends")
    func third() throws {
        for advances in 0...1 {
            var ledger = Ledger()
            try ledger.allocate(for: graph(10), at: 0)
            try ledger.allocate(for: graph(20), at: 1)
            for _ in 0..<advances { _ = advance(&ledger, at: 2) }
            let before = state(ledger)
            try ledger.allocate(for: graph(30), at: 3)
            #expect(state(ledger) == before)
            #expect(advance(&ledger, at: 4) == "VPN blue prepares VNI 30 instead of VNI \(advances == 0 ? 20 : 10)")
            #expect(advance(&ledger, at: 5) == "VPN blue sends with VNI 30")
            #expect(advance(&ledger, at: 6) == "VPN blue stops using VNI \(advances == 0 ? 10 : 20)")
            #expect(state(ledger) == "30 (RD 3)")
        }
    }

    @Test("a way back takes the old numbers, and a VPN that keeps its VNI keeps its RD index")
    func rollback() throws {
        var ledger = Ledger()
        try ledger.allocate(for: graph(10), at: 0)
        let first = ledger
        try ledger.allocate(for: graph(20), at: 1)
        for _ in 0..<2 { _ = advance(&ledger, at: 2) }
        try ledger.allocate(for: graph(10), at: 3, preferring: first)
        #expect(state(ledger) == "20 (RD 2), 10 (RD 1)")
        for _ in 0..<2 { _ = advance(&ledger, at: 4) }
        #expect(state(ledger) == "10 (RD 1)")
        try ledger.allocate(for: graph(20), at: 5)
        #expect(state(ledger) == "10 (RD 1), 20 (RD 2)")
        var other = first
        try other.allocate(for: graph(20), at: 5)
        for _ in 0..<2 { _ = advance(&other, at: 6) }
        try other.allocate(for: graph(20), at: 7, preferring: first)
        #expect(state(other) == "20 (RD 2)")
    }

    @Test("what is left and not gone is nobody else's, whatever the quarantine is, and cannot be reserved or released")
    func inUse() throws {
        let red = VPNName("red")!
        var ledger = Ledger(pools: Pools(vnis: 10...12, quarantine: 0))
        try ledger.allocate(for: graph(10), at: 0)
        try ledger.allocate(for: graph(20), at: 1)
        var both = graph(20)
        both.vpns[red] = VPN(vni: VNI(value: 10))
        let error = #expect(throws: AllocationError.self) { try ledger.allocate(for: both, at: 100 * hour) }
        #expect(error?.problems.map(\.reason) == ["VNI 10 is in use by blue until all its gateways have the new one"])
        both.vpns[red] = VPN()
        try ledger.allocate(for: both, at: 100 * hour)
        #expect(state(ledger, red) == "11 (RD 3)")
        #expect(throws: AllocationError.self) { try ledger.reserve(Reservation(values: .vnis(10...10), reason: "mine"), at: 100 * hour) }
        #expect(throws: AllocationError.self) { try ledger.release(.vnis(10...10)) }
        let target = RouteTarget("64900:10")!
        #expect(throws: AllocationError.self) { try ledger.release(.routeTarget(target)) }
        #expect(throws: AllocationError.self) {
            try ledger.reserve(Reservation(values: .routeTarget(target), reason: "mine"), at: 100 * hour)
        }
        #expect(ledger.entries(of: both).contains { $0.value == "10" && $0.reason == "in use by blue until its VNI change completes" })
        // Turned round: now it is the new one that is not held any more.
        _ = advance(&ledger, at: 101 * hour)
        both.vpns[blue] = VPN(vni: VNI(value: 10))
        try ledger.allocate(for: both, at: 102 * hour)
        both.vpns[red] = VPN(vni: VNI(value: 20))
        #expect(throws: AllocationError.self) { try ledger.allocate(for: both, at: 103 * hour) }
        for _ in 0..<2 { _ = advance(&ledger, at: 104 * hour) }
        try ledger.allocate(for: both, at: 105 * hour)
        #expect(ledger.vni(of: red)?.value == 20)
    }

    @Test("a VPN that goes meanwhile leaves both to the quarantine")
    func removed() throws {
        var ledger = Ledger()
        try ledger.allocate(for: graph(10), at: 0)
        try ledger.allocate(for: graph(20), at: hour)
        var none = graph(20)
        none.vpns = [:]
        try ledger.allocate(for: none, at: 40 * hour)
        #expect(ledger.vniChanges.isEmpty)
        let resting = ledger.entries(of: none).filter { $0.state == .quarantined && $0.kind == .vni }
        #expect(resting.map(\.value).sorted() == ["10", "20"])
        #expect(resting.allSatisfy { $0.until == 64 * hour })
    }

    @Test("it is stored and read again; a ledger without any says nothing of it")
    func stored() throws {
        var ledger = Ledger()
        try ledger.allocate(for: graph(10), at: 0)
        #expect(!String(decoding: try JSONEncoder().encode(ledger), as: UTF8.self).contains("vniChanges"))
        try ledger.allocate(for: graph(20), at: 1)
        #expect(try JSONDecoder().decode(Ledger.self, from: try JSONEncoder().encode(ledger)) == ledger)
    }

    @Test("a step of one VPN is stored as that, however many others change meanwhile")
    func delta() throws {
        func size(_ count: Int) throws -> Int {
            var all = graph(10)
            for index in 0..<count { all.vpns[VPNName("vpn\(index)")!] = VPN(vni: VNI(value: 1000 + UInt32(index))) }
            var ledger = Ledger()
            try ledger.allocate(for: all, at: 0)
            for name in all.vpns.keys { all.vpns[name]!.vni = VNI(value: all.vpns[name]!.vni!.value + 5000) }
            try ledger.allocate(for: all, at: 1)
            let before = ledger
            _ = advance(&ledger, at: 2)
            let data = try JSONEncoder().encode(LedgerDelta(from: before, to: ledger))
            var copy = before
            #expect(copy.apply(try JSONDecoder().decode(LedgerDelta.self, from: data)) && copy == ledger)
            return data.count
        }
        // An RD index may have more digits.
        #expect(try size(200) < size(1) + 20)
    }

    @Test("each VRF has route targets of its own, whatever the policy; one that the file gives is both’s")
    func targets() throws {
        for isGiven in [false, true] {
            var world = PlanWorld()
            world.graph.vpns[blue]!.policy = .hubAndSpoke(transit: [])
            world.graph.vpns[blue]!.attachments[0].role = .hub
            if isGiven { world.graph.vpns[blue]!.routeTarget = RouteTarget("64900:4711") }
            try world.apply()
            func all(_ compilation: Compilation?, _ binding: Int) -> Set<RouteTarget> {
                Set(
                    (compilation?.intents.values.map { $0.vpns[blue]!.bindings[binding] } ?? []).flatMap {
                        $0.importTargets + $0.exportTargets
                    })
            }
            let old = all(world.snapshot.compilation, 0)
            world.graph.vpns[blue]!.vni = VNI(value: 77)
            let lost = try world.plan().lost
            try world.apply()
            #expect(lost.isEmpty)
            #expect(all(world.snapshot.compilation, 0) == old)
            let new = all(world.snapshot.compilation, 1)
            #expect(new.count == 2 && new.intersection(old) == (isGiven ? [RouteTarget("64900:4711")!] : []))
            if !isGiven { #expect(new.contains(RouteTarget("64900:77")!)) }
            // A policy that needs more targets meanwhile.
            world.graph.vpns[blue]!.policy = .partialMesh([])
            world.graph.vpns[blue]!.attachments[0].role = .member
            try world.apply()
            var ledger = world.snapshot.ledger
            ledger.completeVNIChanges(at: 5)
            let done = try Compilation(world.graph, with: ledger, epoch: "e", revision: 9)
            #expect(all(done, 0).count == 3 && all(done, 0).isDisjoint(with: old))
            // Turned back, they are the old ones again.
            world.graph.vpns[blue]!.policy = .hubAndSpoke(transit: [])
            world.graph.vpns[blue]!.attachments[0].role = .hub
            world.graph.vpns[blue]!.vni = nil
            var back = world.snapshot.ledger
            world.graph.vpns[blue]!.vni = back.sending(of: blue)?.vni
            try back.allocate(for: world.graph, at: PlanWorld.now + 1)
            back.completeVNIChanges(at: PlanWorld.now + 2)
            #expect(all(try Compilation(world.graph, with: back, epoch: "e", revision: 9), 0) == old)
        }
    }

    @Test("the intents say both, and versions change with each step")
    func intents() throws {
        var world = PlanWorld()
        try world.apply()
        let vni = try #require(world.snapshot.ledger.vni(of: blue))
        world.graph.vpns[blue]!.vni = VNI(value: 77)
        let plan = try world.plan()
        let details = ["secondary VNI none → 77", "secondary VRF imports 64900:77", "secondary VRF exports 64900:77"]
        #expect(plan.gateways.map(\.details) == Array(repeating: details, count: 3))
        #expect(plan.gained.isEmpty && plan.lost.isEmpty)
        try world.apply()
        var ledger = world.snapshot.ledger
        var versions = Set(world.snapshot.compilation!.intents.values.map { $0.vpns[blue]!.version })
        for expected in [[77, vni.value], [77]] {
            _ = ledger.advanceVNIChanges(of: [blue], at: 3)
            let cold = try Compilation(world.graph, with: ledger, epoch: "e", revision: 3)
            let warm = try world.snapshot.compilation!.updated(to: world.graph, with: ledger, revision: 3)
            #expect(cold.intents == warm.intents)
            #expect(warm.changedVPNs(since: world.snapshot.compilation!) == [blue])
            #expect(cold.intents.values.allSatisfy { $0.vpns[blue]!.bindings.map(\.encapsulation.vni.value) == expected })
            let now = Set(cold.intents.values.map { $0.vpns[blue]!.version })
            #expect(now.isDisjoint(with: versions))
            versions.formUnion(now)
            world.snapshot.compilation = warm
        }
    }

    /// Gateways apply late and in any order, and admins change their minds.
    @Test("at no moment does a gateway send in a VNI that another one does not take", arguments: 0..<300)
    func makeBeforeBreak(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var ledger = Ledger()
        var now: Int64 = 0
        var goal: UInt32 = 10
        try ledger.allocate(for: graph(goal), at: now)
        struct Applied: Hashable {
            var sending: VRFNumbers?
            var secondary: VRFNumbers?
        }
        var gateways = Array(repeating: Applied(sending: ledger.sending(of: blue), secondary: nil), count: 4)
        var hasMoved = false
        for _ in 0..<300 {
            now += Int64.random(in: 0...600, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                goal = UInt32.random(in: 10...13, using: &random)
                try ledger.allocate(for: graph(goal), at: now)
            case 1...2:
                let wanted = Applied(sending: ledger.sending(of: blue), secondary: ledger.secondary(of: blue))
                guard gateways.allSatisfy({ $0 == wanted }) else { continue }
                if !ledger.advanceVNIChanges(of: [blue], at: now).isEmpty { hasMoved = true }
            default:
                let index = gateways.indices.randomElement(using: &random)!
                gateways[index] = Applied(sending: ledger.sending(of: blue), secondary: ledger.secondary(of: blue))
            }
            for sender in gateways {
                for receiver in gateways {
                    #expect(receiver.sending?.vni == sender.sending?.vni || receiver.secondary?.vni == sender.sending?.vni)
                }
            }
            // Two VRFs with one RD would withdraw each other's routes.
            let indexes = Dictionary(grouping: gateways.flatMap { [$0.sending, $0.secondary].compactMap { $0 } }, by: \.index)
            #expect(indexes.values.allSatisfy { Set($0.map(\.vni)).count == 1 })
        }
        #expect(hasMoved)
    }
}

extension Ledger {
    /// As if every gateway applied each step at once.
    mutating func completeVNIChanges(at now: Int64) {
        while !advanceVNIChanges(of: Array(vniChanges.keys), at: now).isEmpty {}
    }
}
