import EVPN
import FRR
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("A node that is cleaned up", .timeLimit(.minutes(1)))
struct EverythingGoesTests {
    private func clean(_ host: inout SimulatedHost, managesBase: Bool = true) -> [Step] {
        var done: [Step] = []
        for _ in 0..<12 {
            let plan = Teardown.everything(on: host.observed, managesBase: managesBase)
            if plan.isSettled { return done }
            for step in plan.steps {
                host.apply(step)
                done.append(step)
            }
            host.settle()
        }
        Issue.record("something is left after twelve rounds")
        return done
    }

    @Test("nothing of ours is left, in FRR's orders; what others have stays; a second run does nothing")
    func everything() {
        var host = SimulatedHost()
        host.kernel.links["eth0"] = ObservedLink(kind: .bridge, master: nil, mac: nil, mtu: 1500, isUp: true)
        host.kernel.links["fedora0"] = ObservedLink(kind: .bridge, master: nil, mac: nil, mtu: 1500, isUp: true)
        let blue = VPNName(unchecked: "blue")
        _ = converge(&host, to: designer(Samples.intent(), [Samples.router()], [blue: Samples.prefixes("10.2.0.11/32")]))
        #expect(host.kernel.links.count > 4 && !host.flows.values.joined().isEmpty && host.routing.base?.isOurs == true)
        let steps = clean(&host)
        #expect(host.violations == [])
        #expect(Set(host.kernel.links.keys) == ["eth0", "fedora0"])
        #expect(host.kernel.routes.isEmpty && host.switching.ports.isEmpty && host.flows.values.joined().isEmpty)
        #expect(host.routing.vrfs.isEmpty && host.routing.vniBindings.isEmpty && host.routing.base == nil)
        #expect(steps.contains { if case .unbindVNI = $0 { true } else { false } })
        #expect(clean(&host) == [])
    }

    @Test("where the operator manages BGP, his neighbors stay")
    func external() {
        var host = SimulatedHost()
        _ = converge(&host, to: designer(Samples.intent(), [Samples.router()]))
        let base = host.routing.base
        _ = clean(&host, managesBase: false)
        #expect(host.routing.base == base && host.kernel.links.keys.filter(LocalNames.isOurs) == [])
    }

    @Test("halves are removed too: a hand-off without VRF, a port without device, routes without table")
    func halves() {
        var host = SimulatedHost()
        _ = converge(&host, to: designer(Samples.intent(), [Samples.router()]))
        host.apply(.deleteLink("fed1"))
        for name in ["fedbr1", "fedin1"] { host.kernel.links[name]?.master = nil }
        host.routing.vniBindings = [:]
        host.switching.ports["fedov9"] = ObservedSwitchPort(bridge: "br-ex", tag: 4095, ofport: nil)
        host.kernel.routes.insert(VRFRoute(table: 10009, prefix: .everything(.ipv4), target: .unreachable))
        _ = clean(&host)
        #expect(host.kernel.links.keys.filter(LocalNames.isOurs) == [] && host.kernel.routes.isEmpty && host.switching.ports.isEmpty)
    }
}
