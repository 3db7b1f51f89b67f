import EVPN
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("A VPN whose VNI changes")
struct TwoVNIsTests {
    private let blue = VPNName(unchecked: "blue")
    private let old = VPNInstance("blue/10001")!
    private let new = VPNInstance("blue/20001")!
    private let remote = Samples.prefixes("10.2.0.11/32", "10.2.0.12/32", "fd10:2::11/128")

    /// - Parameter vnis: the one that is sent in first.
    private func intent(_ vnis: VPNInstance..., change: (inout VPNIntent) -> Void = { _ in }) -> GatewayIntent {
        let bindings = vnis.map { Samples.binding($0.vni.value, $0 == old ? 1 : 2) }
        var vpn = Samples.vpn("blue")
        (vpn.encapsulation, vpn.routeDistinguisher) = (bindings[0].encapsulation, bindings[0].routeDistinguisher)
        vpn.secondary = bindings.dropFirst().first
        (vpn.importTargets, vpn.exportTargets) = (bindings[0].importTargets, bindings[0].exportTargets)
        change(&vpn)
        return Samples.intent(vpns: [vpn])
    }

    /// The node with the old VNI, and what numbers it gave.
    private func steady() -> (host: SimulatedHost, indexes: LocalIndexes) {
        var (host, indexes) = (SimulatedHost(), LocalIndexes())
        _ = converge(&host, to: designer(intent(old), [Samples.router()], [blue: remote], indexes: &indexes))
        return (host, indexes)
    }

    private func steering(_ host: SimulatedHost) -> Set<Flow> { (host.flows["br-ex"] ?? []).filter { $0.sourceMAC != nil } }

    @Test("the second one comes beside the first with all that it needs, and of the first nothing is touched")
    func secondary() {
        var (host, indexes) = steady()
        let before = host
        let steps = converge(&host, to: designer(intent(old, new), [Samples.router()], [blue: remote], indexes: &indexes))
        #expect(host.violations == [])
        #expect(host.routing.vniBindings == ["fed1": old.vni, "fed2": new.vni])
        let (first, second) = (host.routing.vrfs["fed1"], host.routing.vrfs["fed2"])
        #expect(first == before.routing.vrfs["fed1"])
        #expect(second?.networks == first?.networks && second?.advertisedSubnets == first?.advertisedSubnets)
        #expect(
            second?.distinguisher != first?.distinguisher && second?.importTargets == [RouteTarget(.as2(64900, new.vni.value))])
        #expect(host.kernel.routes.isSuperset(of: before.kernel.routes) && host.kernel.routes.count == 2 * before.kernel.routes.count)
        #expect(host.flows["br-ex"]?.isSuperset(of: before.flows["br-ex"] ?? []) == true)
        #expect(steering(host) == steering(before), "traffic is sent in one of them only")
        let ways = (host.flows["br-ex"] ?? []).filter { if case .inject = $0.action { true } else { false } }
        #expect(Set(ways.map(\.index)) == [1, 2] && ways.count == 4, "what comes in either is forwarded")
        #expect(!steps.contains { if case .unbindVNI = $0 { true } else { false } })
    }

    @Test("a second plan changes nothing, in each phase")
    func secondPlanIsEmpty() {
        var (host, indexes) = steady()
        for phase in [intent(old, new), intent(new, old), intent(new)] {
            let make = designer(phase, [Samples.router()], [blue: remote], indexes: &indexes)
            #expect(!converge(&host, to: make).isEmpty)
            #expect(converge(&host, to: make) == [])
        }
        #expect(host.violations == [])
    }

    @Test("traffic goes from one to the other in one step, and each flow is replaced in its place")
    func switching() throws {
        var (host, indexes) = steady()
        _ = converge(&host, to: designer(intent(old, new), [Samples.router()], [blue: remote], indexes: &indexes))
        let before = steering(host)
        let steps = converge(&host, to: designer(intent(new, old), [Samples.router()], [blue: remote], indexes: &indexes))
        #expect(steps.count == 1)
        guard case .changeFlows("br-ex", let add, let remove)? = steps.first else { return #expect(Bool(false), "\(steps)") }
        #expect(remove.isEmpty, "a removal before the addition would lose packets, and after it there is nothing to remove")
        #expect(Set(add.map(\.matchOnly)) == Set(before.map(\.matchOnly)) && add.allSatisfy { $0.index == 2 })
        #expect(steering(host) == add)
        #expect(host.violations == [])
    }

    @Test("a destination that only the other one leads to is sent to in that one, and no destination is in both")
    func lateDestination() throws {
        let late = Samples.prefixes("10.2.0.12/32")
        for (sent, secondary) in [(old, new), (new, old)] {
            var (host, indexes) = steady()
            _ = converge(&host, to: designer(intent(old, new), [Samples.router()], [blue: remote], indexes: &indexes))
            let known: [VPNInstance: Set<IPPrefix>] = [sent: remote.subtracting(late), secondary: remote]
            let make = designer(intent(sent, secondary), [Samples.router()], [blue: remote], forwarded: known, indexes: &indexes)
            let design = make(host.observed)
            #expect(design.sentInSecondary == [blue: late])
            _ = converge(&host, to: make)
            let found = steering(host)
            let index = try #require(indexes.instances[secondary])
            #expect(found.filter { $0.index == index }.compactMap(\.destination) == Array(late))
            #expect(Set(found.compactMap(\.destination)) == remote && Set(found.map(\.matchOnly)).count == found.count)
            #expect(design.vpns[sent]?.exemptions == ["blue-id": remote] && design.vpns[secondary]?.exemptions == ["blue-id": remote])
        }
    }

    @Test("what neither leads to stays where traffic is sent, so that it leaves by no other way")
    func lostDestination() {
        var (host, indexes) = steady()
        let known: [VPNInstance: Set<IPPrefix>] = [old: [], new: []]
        let make = designer(intent(old, new), [Samples.router()], [blue: remote], forwarded: known, indexes: &indexes)
        _ = converge(&host, to: make)
        #expect(make(host.observed).sentInSecondary == [:])
        #expect(steering(host).allSatisfy { $0.index == 1 } && steering(host).count == 3)
    }

    @Test("the old one goes and leaves nothing, and of the new one nothing is touched")
    func clearance() {
        var (host, indexes) = steady()
        for phase in [intent(old, new), intent(new, old)] {
            _ = converge(&host, to: designer(phase, [Samples.router()], [blue: remote], indexes: &indexes))
        }
        let before = host
        _ = converge(&host, to: designer(intent(new), [Samples.router()], [blue: remote], indexes: &indexes))
        #expect(host.violations == [])
        #expect(host.kernel.links.keys.filter(LocalNames.isOurs).sorted() == ["fed2", "fedbr2", "fedin2", "fedov2", "fedvx2"])
        #expect(host.routing.vniBindings == ["fed2": new.vni] && host.routing.vrfs == ["fed2": before.routing.vrfs["fed2"]!])
        #expect(host.flows["br-ex"] == before.flows["br-ex"]?.filter { $0.index != 1 })
        #expect(host.kernel.routes == before.kernel.routes.filter { $0.table == LocalNames(index: 2).table })
    }

    @Test("the way back is the same way: the new one goes as it came")
    func back() {
        var (host, indexes) = steady()
        let before = host
        for phase in [intent(old, new), intent(new, old), intent(old, new), intent(old)] {
            _ = converge(&host, to: designer(phase, [Samples.router()], [blue: remote], indexes: &indexes))
        }
        #expect(host.violations == [])
        #expect(host.flows == before.flows && host.routing.vrfs == before.routing.vrfs && host.kernel == before.kernel)
    }

    @Test("limits count what is advertised in both once, and both advertise the same")
    func limits() {
        var indexes = LocalIndexes()
        let router = Samples.router(hosts: ["10.1.0.1/32", "10.1.0.2/32", "10.1.0.3/32"])
        func networks(_ intent: GatewayIntent) -> [VPNInstance: Set<IPPrefix>] {
            Designer.design(.init(intent: intent, routers: [router], destinations: [:], switching: nil), indexes: &indexes)
                .vpns.mapValues(\.routing.networks)
        }
        var total = intent(old, new)
        total.base.maximumPrefixes = 3
        #expect(networks(total) == [old: router.advertised, new: router.advertised])
        let two = Samples.prefixes("10.1.0.1/32", "10.1.0.2/32")
        #expect(networks(intent(new, old) { $0.maximumPrefixes = 2 }) == [old: two, new: two])
    }

    @Test("a preference is in force for both, so that it never is for neither")
    func preference() {
        var indexes = LocalIndexes()
        let design = Designer.design(
            .init(intent: intent(old, new) { $0.localPreference = 200 }, routers: [], destinations: [:], switching: nil), indexes: &indexes)
        #expect(design.base?.preferences.map(\.sequence).sorted() == [1, 2])
    }
}
