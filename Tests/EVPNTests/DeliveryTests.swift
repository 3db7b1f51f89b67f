import EVPN
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("What is advertised can be delivered")
struct DeliveryTests {
    private let blue = VPNName(unchecked: "blue")
    private let advertised = Samples.prefixes("10.1.0.11/32", "fd10:1::11/128")

    /// A gateway node with one router, and the time.
    private struct Node {
        var host = SimulatedHost()
        var router = Samples.router()
        var delivery = Delivery()
        var indexes = LocalIndexes()
        var now: Int64 = 1_000_000
        var next: Int64?

        mutating func design() -> HostDesign {
            var design = Designer.design(
                .init(intent: Samples.intent(), routers: [router], destinations: [:], switching: host.switching), indexes: &indexes)
            next = delivery.hold(&design, on: host.observed, at: now)
            return design
        }

        /// What is done in this round, in its order.
        mutating func round(after time: Int64 = 0) -> [Step] {
            now += time
            let design = design()
            let base = Planner.plan(base: design.base, asn: Samples.intent().base.asn, on: host.observed)
            let steps = base.steps + design.vpns.values.flatMap { Planner.plan($0, isBaseInForce: base.isSettled, on: host.observed).steps }
            for step in steps { host.apply(step) }
            host.settle()
            return steps
        }

        mutating func settle() { for _ in 0..<8 { _ = round(after: 50) } }

        var networks: Set<IPPrefix> { host.routing.vrfs["fed1"]?.networks ?? [] }
        /// The flows are gone, and the bridge takes no new ones.
        mutating func loseFlows() { host.flows = ["br-ex": []] }

        mutating func codes() -> [ProblemCode?] {
            (design().vpns.values.flatMap(\.problems) + delivery.problems.values.joined()).map(\.code)
        }
    }

    @Test("bgpd is told of a prefix when route, neighbour and flow are there, and not before")
    func order() throws {
        var node = Node()
        for _ in 0..<8 {
            let before = node.host.observed
            for step in node.round(after: 50) {
                guard case .configureVRF(_, let to) = step, !to.networks.isEmpty else { continue }
                #expect(before.kernel?.routes.contains { $0.prefix == IPPrefix("10.1.0.0/24")! } == true)
                #expect(before.kernel?.neighbours.contains { $0.address == IPAddress("172.24.1.10")! } == true)
                #expect(before.flows?["br-ex"]?.contains { $0.destination == IPPrefix("10.1.0.0/24")! } == true)
            }
        }
        #expect(node.networks == advertised)
        #expect(node.host.violations == [] && node.next == nil)
        #expect(try #require(node.design()[blue]).problems == [])
    }

    @Test("what is advertised stays while its way in is mended, and is withdrawn where it is not")
    func patience() {
        var node = Node()
        node.settle()
        // Something keeps taking them away.
        for _ in 0..<14 {
            node.loseFlows()
            node.now += 1_000
            #expect(node.design()[blue]?.routing.networks == advertised)
        }
        #expect(node.codes() == [.notDeliverable] && node.next != nil)
        node.loseFlows()
        _ = node.round(after: 2_000)
        #expect(node.networks == [])
        // The flows are back with the same round; it must last before anybody is told.
        _ = node.round(after: 100)
        #expect(node.networks == [])
        _ = node.round(after: Delivery.proof - 200)
        #expect(node.networks == [] && node.next != nil)
        _ = node.round(after: 300)
        #expect(node.networks == advertised && node.codes() == [])
    }

    @Test("a loss that is mended at once is no withdrawal, however often it happens")
    func flapping() {
        var node = Node()
        node.settle()
        for _ in 0..<40 {
            node.loseFlows()
            #expect(!node.round(after: 1_000).contains { if case .configureVRF = $0 { true } else { false } })
            #expect(!node.round(after: 1_000).contains { if case .configureVRF = $0 { true } else { false } })
        }
        #expect(node.networks == advertised)
    }

    @Test("a subnet of a family that the gateway port has no address in is not advertised, and the other family is")
    func family() {
        var node = Node()
        node.router.gatewayAddresses = [IPAddress("172.24.1.10")!]
        node.settle()
        #expect(node.networks == Samples.prefixes("10.1.0.11/32"))
        #expect(node.codes() == [.gatewayLacksFamily])
        let steered = VXLANDataPlane().steered(
            Samples.prefixes("10.2.0.11/32", "fd10:2::11/128"), of: [1], by: [node.router], on: node.host.observed)
        #expect(!steered.contains(IPPrefix("fd10:2::11/128")!))
    }

    @Test("without the patch port, and with a gateway port that is not up, nobody is told anything")
    func closed() {
        var node = Node()
        node.host.switching.patchPorts = [:]
        node.settle()
        #expect(node.networks == [] && node.codes() == [.patchPortMissing])
        var claimed = Node()
        claimed.router.isGatewayUp = false
        claimed.settle()
        #expect(claimed.networks == [] && claimed.codes() == [.gatewayPortDown])
        claimed.router.isGatewayUp = true
        claimed.settle()
        #expect(claimed.networks == advertised && claimed.codes() == [])
    }

    @Test("what the intent originates for others does not wait for a router")
    func originated() {
        var intent = Samples.intent()
        intent.vpns[blue]?.originated = [IPPrefix("10.0.0.0/8")!]
        var host = SimulatedHost()
        var router = Samples.router()
        router.isGatewayUp = false
        _ = converge(&host, to: designer(intent, [router]))
        #expect(host.routing.vrfs["fed1"]?.networks == Samples.prefixes("10.0.0.0/8"))
    }

    @Test("packets to an address that does not take part are dropped, and go to no router")
    func excluded() {
        var node = Node()
        node.router.excluded = Samples.prefixes("10.1.0.77/32")
        node.settle()
        let found = node.host.flows["br-ex"]?.first { $0.destination == IPPrefix("10.1.0.77/32")! }
        #expect(found?.action == .drop && found?.destinationMAC == node.router.gatewayMAC)
        #expect(found.map { $0.priority > 1000 } == true)
    }
}
