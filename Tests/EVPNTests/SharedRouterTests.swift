import EVPN
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("A router whose prefixes another VPN shares")
struct SharedRouterTests {
    private let blue = VPNName(unchecked: "blue")
    private let red = VPNName(unchecked: "red")
    private let intent = Samples.intent(vpns: [Samples.vpn("blue"), Samples.vpn("red", vni: 10002, index: 2)])

    /// Blue's router in its own VPN, and one subnet of it in red.
    private let sharing = [
        Samples.router(id: "r", hosts: ["10.1.0.11/32", "10.1.9.5/32"], subnets: ["10.1.0.0/24", "10.1.9.0/24"]),
        Samples.router(
            "red", id: "r", hosts: ["10.1.9.5/32"], subnets: ["10.1.9.0/24"], connected: ["10.1.0.0/24", "10.1.9.0/24"], isShared: true),
    ]

    private func design(_ routers: [HostedRouter], _ destinations: [VPNName: Set<IPPrefix>]) -> HostDesign {
        var indexes = LocalIndexes()
        func port(_ number: UInt32) -> ObservedSwitchPort { ObservedSwitchPort(bridge: "br-ex", tag: 4095, ofport: number) }
        let switching = ObservedSwitch(
            ports: ["fedov1": port(7), "fedov2": port(8)], patchPorts: ["patch-provnet-1-to-br-int": 2], bridges: ["br-ex"])
        return Designer.design(
            .init(intent: intent, routers: routers, destinations: destinations, switching: switching), indexes: &indexes)
    }

    private func steering(_ design: HostDesign, _ vpn: VPNName) -> Set<Flow> {
        (design[vpn]?.flows["br-ex"] ?? []).filter { $0.sourceMAC != nil && $0.action != .drop }
    }

    @Test("has a hand-off in each VRF, and each destination leads into its own")
    func twoHandOffs() {
        let design = design(sharing, [blue: Samples.prefixes("10.2.0.11/32"), red: Samples.prefixes("10.3.0.11/32")])
        #expect(design[blue]?.ports.map(\.name) == ["fedov1"])
        #expect(design[red]?.ports.map(\.name) == ["fedov2"])
        #expect(Set(steering(design, blue).map(\.destination)) == [IPPrefix("10.2.0.11/32")!])
        #expect(
            steering(design, red).map(\.action) == [.deliver(mac: MACAddress("02:fe:d0:00:00:01")!, stripVLAN: false, port: 8)])
        #expect(steering(design, red).map(\.source) == [IPPrefix("10.1.9.0/24")!], "only what is shared may speak to red")
    }

    @Test("takes part in the other VPN with what is shared and nothing else: routes, advertisements, the way in")
    func onlyWhatIsShared() throws {
        let red = try #require(design(sharing, [:])[red])
        #expect(red.routing.networks == Samples.prefixes("10.1.9.5/32"))
        #expect(red.routing.advertisedSubnets == Samples.prefixes("10.1.9.0/24"))
        #expect(!red.routes.contains { $0.prefix == IPPrefix("10.1.0.0/24")! })
        let injected = red.flows["br-ex"]?.filter { if case .inject = $0.action { true } else { false } }
        #expect(injected?.map(\.destination) == [IPPrefix("10.1.9.0/24")!])
    }

    @Test(
        "a destination of both VPNs stays with the one that the router belongs to, and the other's is refused both ways, and said",
        arguments: ["10.2.0.11/32", "10.2.0.0/16", "10.2.0.0/30"])
    func ambiguous(theirs: String) throws {
        let theirs = try #require(IPPrefix(theirs))
        let ours = theirs.length == 30 ? "10.2.0.0/24" : "10.2.0.11/32"
        let design = design(sharing, [blue: Samples.prefixes(ours), red: [theirs, IPPrefix("10.3.0.11/32")!]])
        #expect(Set(steering(design, blue).map(\.destination)) == [IPPrefix(ours)!])
        #expect(steering(design, red).map(\.destination) == [IPPrefix("10.3.0.11/32")!])
        #expect(design[red]?.problems.map(\.code) == [.destinationAmbiguous])
        #expect(design[blue]?.problems == [])
        #expect(design[red]?.exemptions["r"] == Samples.prefixes("10.3.0.11/32"))
        let refusals = design[red]?.flows["br-ex"]?.filter { $0.source == theirs && $0.inPort == 8 && $0.action == .drop } ?? []
        #expect(refusals.count == 1 && refusals.allSatisfy { $0.priority > 1000 })
    }

    @Test("lets nobody in from one VPN who would be answered in the other, though a filter keeps his prefix from being a destination")
    func answersGoBack() {
        let design = design(sharing, [blue: Samples.prefixes("10.2.0.11/32"), red: Samples.prefixes("10.3.0.11/32")])
        func refused(_ vpn: VPNName, at port: UInt32) -> [IPPrefix?] {
            (design[vpn]?.flows["br-ex"] ?? []).filter { $0.inPort == port && $0.action == .drop && $0.priority > 1000 }.map(\.source)
        }
        #expect(refused(red, at: 8) == [IPPrefix("10.2.0.11/32")!])
        #expect(refused(blue, at: 7) == [IPPrefix("10.3.0.11/32")!])
    }

    @Test("what its other networks send there goes nowhere: NAT leaves it alone, and the provider network must not get it")
    func strays() {
        let design = design(sharing, [blue: Samples.prefixes("10.2.0.11/32"), red: Samples.prefixes("10.3.0.11/32")])
        func strays(_ vpn: VPNName) -> [Flow] {
            (design[vpn]?.flows["br-ex"] ?? []).filter { $0.sourceMAC != nil && $0.action == .drop }
        }
        #expect(strays(red).map(\.source) == [IPPrefix("10.1.0.0/24")!] && strays(red).map(\.destination) == [IPPrefix("10.3.0.11/32")!])
        #expect(strays(red).allSatisfy { $0.priority < 1000 && $0.inPort == 2 }, "what is steered goes before")
        #expect(strays(blue).isEmpty)
    }

    @Test("no two of its flows can match one packet with different actions")
    func unambiguousFlows() {
        let many = (0..<40).map { IPPrefix(containing: .v4(IPv4Address(bits: 0x0a02_0000 + UInt32($0) * 7)), length: 24 + $0 % 9) }
        let some = Set(many.prefix(25))
        let design = design(sharing, [blue: some, red: Set(many.suffix(25))])
        for a in steering(design, blue) {
            for b in steering(design, red) {
                guard let (from, to) = zip2(a.source, b.source), from.overlaps(to), let (one, other) = zip2(a.destination, b.destination)
                else { continue }
                #expect(!one.overlaps(other), "\(one) and \(other)")
            }
        }
    }

    private func zip2(_ a: IPPrefix?, _ b: IPPrefix?) -> (IPPrefix, IPPrefix)? { a.flatMap { a in b.map { (a, $0) } } }

    @Test("the other VPN's routers on the same node reach it too")
    func sameNode() {
        let routers =
            sharing + [
                Samples.router("red", mac: "fa:16:3e:00:01:21", address: "172.24.1.20", hosts: ["10.1.20.11/32"], subnets: ["10.1.20.0/24"])
            ]
        let design = design(routers, [:])
        let found = steering(design, red)
        #expect(found.contains { $0.source == IPPrefix("10.1.20.0/24")! && $0.destination == IPPrefix("10.1.9.5/32")! })
        #expect(found.contains { $0.source == IPPrefix("10.1.9.0/24")! && $0.destination == IPPrefix("10.1.20.11/32")! })
        #expect(found.count == 2)
    }

    @Test("two tenants that share into one VPN are steered to its own routers on the same node, and not to each other")
    func guestsOnOneNode() throws {
        let green = Samples.router(
            "red", id: "g", mac: "fa:16:3e:00:01:31", address: "172.24.1.30", hosts: ["10.1.30.11/32"], subnets: ["10.1.30.0/24"],
            isShared: true)
        // What other clouds' members advertise, and nothing of their guests: those targets are not imported.
        let destinations = [red: Samples.prefixes("10.3.0.11/32")]
        let guests = steering(design(sharing + [green], destinations), red)
        #expect(Set(guests.compactMap(\.source)) == Samples.prefixes("10.1.9.0/24", "10.1.30.0/24"))
        #expect(Set(guests.compactMap(\.destination)) == destinations[red])
        let member = Samples.router(
            "red", mac: "fa:16:3e:00:01:21", address: "172.24.1.20", hosts: ["10.1.20.11/32"], subnets: ["10.1.20.0/24"])
        let all = steering(design(sharing + [green, member], destinations), red)
        for flow in all {
            let destination = try #require(flow.destination)
            if flow.source == IPPrefix("10.1.20.0/24")! {
                #expect(Samples.prefixes("10.1.9.5/32", "10.1.30.11/32", "10.3.0.11/32").contains(destination))
            } else {
                #expect(Samples.prefixes("10.1.20.11/32", "10.3.0.11/32").contains(destination), "guests to the member only")
            }
        }
        #expect(all.count == 7)
    }

    @Test("takes no part of what a router of the VPN has, or another one that is shared into it", arguments: [true, false])
    func overlapping(isShared: Bool) {
        // Its id stands behind that of the one that is shared.
        let other = Samples.router(
            "red", id: isShared ? "a" : "z", mac: "fa:16:3e:00:01:21", address: "172.24.1.20", hosts: [], subnets: ["10.1.0.0/16"],
            isShared: isShared)
        let red = design(sharing + [other], [:])[red]
        // A member also has the other's machine as a destination, in its own network.
        #expect(red?.problems.map(\.code) == (isShared ? [.prefixAmbiguous] : [.destinationReserved, .prefixAmbiguous]))
        #expect(red?.routing.advertisedSubnets == Samples.prefixes("10.1.0.0/16"))
        #expect(red?.routes.contains { $0.prefix == IPPrefix("10.1.9.0/24")! } == false)
    }

    @Test("comes to be as designed on a node, and goes again with the share, and blue never notices")
    func onANode() {
        var host = SimulatedHost()
        var indexes = LocalIndexes()
        func converge(_ routers: [HostedRouter]) -> [Step] {
            var done: [Step] = []
            for _ in 0..<12 {
                let design = Designer.design(
                    .init(
                        intent: intent, routers: routers, destinations: [blue: Samples.prefixes("10.2.0.11/32")], switching: host.switching),
                    indexes: &indexes)
                let base = Planner.plan(base: design.base, asn: Samples.intent().base.asn, on: host.observed)
                let plans =
                    [Planner.plan(guards: design.guards, on: host.observed), base]
                    + [blue, red].compactMap { design[$0] }.map {
                        Planner.plan($0, isBaseInForce: base.isSettled, on: host.observed)
                    }
                for step in plans.flatMap(\.steps) { host.apply(step) }
                done += plans.flatMap(\.steps)
                if plans.allSatisfy(\.isSettled) { break }
                host.settle()
            }
            return done
        }
        _ = converge([sharing[0]])
        let (before, routing) = (host.flows["br-ex"]?.filter { $0.index == 1 }, host.routing.vrfs["fed1"])
        _ = converge(sharing)
        #expect(host.kernel.links["fedin2"]?.master == "fed2")
        #expect(converge(sharing) == [])
        _ = converge([sharing[0]])
        #expect(host.kernel.links["fedin2"] == nil)
        #expect(host.flows["br-ex"]?.filter { $0.index == 1 } == before)
        #expect(host.routing.vrfs["fed1"] == routing)
        #expect(host.violations == [])
    }
}
