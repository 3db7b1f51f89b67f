import Testing

@testable import Lab

@Suite("Churn: what happens by lot", .timeLimit(.minutes(1)))
struct ChurnTests {
    private static func scenario() throws -> Scenario {
        let cloud = { (name: String, number: Int, gateways: String) in
            """
              \(name):
                number: \(number)
                as: \(65000 + number)
                gateways: {\(gateways)}
                routers: {r: {project: blue}}
                networks: {n: {router: r, subnets: [10.\(number).0.0/24]}}
                machines: {vm\(number): {network: n, on: gw1, addresses: [10.\(number).0.11]}}
            """
        }
        let text = """
            spine: {as: 65000, address: 10.255.0.254}
            clouds:
            \(cloud("paris", 1, "gw1: {vtep: 10.255.1.1}, gw2: {vtep: 10.255.1.2}"))
            \(cloud("tokyo", 2, "gw1: {vtep: 10.255.2.1}"))
            stages: []
            """
        return try ScenarioParser.parse(text, name: "x", file: "lab.yaml")
    }

    private func acts(_ churn: inout Churn, _ count: Int) -> [Churn.Act] { (0..<count).compactMap { _ in churn.next() } }

    @Test("the same seed gives the same acts, another one others, and all kinds of them come")
    func seeds() throws {
        let scenario = try Self.scenario()
        var (one, same, other) = (Churn(scenario, seed: 7), Churn(scenario, seed: 7), Churn(scenario, seed: 8))
        let drawn = acts(&one, 500)
        #expect(drawn == acts(&same, 500) && drawn != acts(&other, 500))
        let kinds = Set(drawn.map { "\($0)".split(separator: " ").dropFirst().first.map(String.init) ?? "" })
        #expect(kinds.isSuperset(of: ["has", "deleted", "plugged", "unplugged", "moves", "of", "removed"]), "\(kinds)")
    }

    @Test("what must be advertised is what a plain book-keeper has, no two ports of a cloud have one address, and no survivor is killed")
    func book() throws {
        let scenario = try Self.scenario()
        var churn = Churn(scenario, seed: 3)
        var (addresses, nodes): ([Churn.Port: Int], [Churn.Port: String]) = ([:], [:])
        for _ in 0..<2000 {
            guard let act = churn.next() else { continue }
            switch act {
            case .address(let port, let number): addresses[port] = number
            case .delete(let port): (addresses[port], nodes[port]) = (nil, nil)
            case .plug(let port, let node):
                #expect(addresses[port] != nil && nodes[port] == nil && scenario.cloud(port.cloud)?.nodes.contains(node) == true)
                nodes[port] = node
            case .unplug(let port): nodes[port] = nil
            case .kill(let victim, _): #expect(victim.host.description != "tokyo/gw1" || victim.kinds != [.agent])
            case .move, .drift: break
            }
            for cloud in ["paris", "tokyo"] {
                let used = addresses.filter { $0.key.cloud == cloud }
                #expect(Set(used.values).count == used.count)
                #expect(churn.advertised[cloud] ?? [] == Set(used.filter { nodes[$0.key] != nil }.values))
            }
        }
    }

    @Test("its ending leaves nothing behind and brings every router home, once")
    func ending() throws {
        let scenario = try Self.scenario()
        for seed in 0..<20 as Range<UInt64> {
            var churn = Churn(scenario, seed: seed)
            _ = acts(&churn, 100)
            let left = churn.ports.count
            let ending = churn.ending()
            #expect(ending.filter { if case .delete = $0 { true } else { false } }.count == left)
            #expect(churn.ports.isEmpty && churn.advertised.isEmpty && churn.hosts == ["paris/r": "gw1", "tokyo/r": "gw1"])
            #expect(churn.ending().isEmpty)
        }
    }

    @Test("growth is what is not equal, and what memory and descriptors have beyond their spare room; a new process is not compared")
    func growth() {
        let before = NodeSize(process: 7, memory: 40_000, descriptors: 20, devices: 12, flows: 8, routes: 6, lines: 90)
        #expect(before.growth(since: before) == nil)
        var later = before
        (later.memory, later.descriptors) = (60_000, 26)
        #expect(later.growth(since: before) == nil)
        later.flows = 9
        #expect(later.growth(since: before) == "devices, flows, routes and lines [12, 8, 6, 90], now [12, 9, 6, 90]")
        later.flows = 8
        (later.memory, later.descriptors) = (80_000, 27)
        #expect(later.growth(since: before) == "descriptors 20, now 27; 40000 KiB resident, now 80000 KiB")
        later.process = 8
        #expect(later.growth(since: before) == nil)
    }
}
