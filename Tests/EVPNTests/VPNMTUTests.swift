import EVPN
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("The MTU of a VPN on a node")
struct VPNMTUTests {
    private func intent(_ mtu: Int?, underlay: Int = 1500) -> GatewayIntent {
        var vpn = Samples.vpn("blue")
        vpn.mtu = mtu
        var intent = Samples.intent(vpns: [vpn])
        intent.base.underlayMTU = underlay
        return intent
    }

    private func mtus(_ intent: GatewayIntent) -> [String: Int] {
        var host = SimulatedHost()
        _ = converge(&host, to: designer(intent, [Samples.router()]))
        #expect(host.violations == [])
        return host.kernel.links.mapValues(\.mtu)
    }

    @Test("the bridge and the VXLAN device, by which packets leave, have it; without one, what the underlay leaves; never more than that")
    func devices() {
        for (mtu, underlay, expected) in [(nil, 1500, 1450), (1400, 1500, 1400), (1280, 9000, 1280), (8000, 1500, 1450)] {
            let mtus = mtus(intent(mtu, underlay: underlay))
            #expect(mtus["fedbr1"] == expected && mtus["fedvx1"] == expected, "\(mtus)")
            // What comes from the tenant must be let in, or nobody tells its sender that it is too large.
            #expect(mtus["fedin1"] == 9000)
        }
    }

    @Test("another MTU is two devices that are adjusted, and put back where somebody else changed it; nothing is taken away for it")
    func change() {
        var host = SimulatedHost()
        _ = converge(&host, to: designer(intent(nil), [Samples.router()]))
        let smaller = designer(intent(1400), [Samples.router()])
        let steps = converge(&host, to: smaller)
        #expect(Set(steps.compactMap { if case .adjustLink(let link) = $0 { link.name } else { nil } }) == ["fedbr1", "fedvx1"])
        #expect(!steps.contains { if case .removeRoute = $0 { true } else { false } })
        #expect(!steps.contains { if case .deleteLink = $0 { true } else { false } })
        #expect(converge(&host, to: smaller) == [])
        host.kernel.links["fedvx1"]?.mtu = 1450
        #expect(!converge(&host, to: smaller).isEmpty && host.kernel.links["fedvx1"]?.mtu == 1400)
        #expect(converge(&host, to: smaller) == [])
    }
}
