import EVPN
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("A guest keeps from what other VPNs share into the same one, though a member's prefix holds it")
struct GuestRefusalTests {
    private let blue = VPNName(unchecked: "blue")
    private let mon = VPNName(unchecked: "mon")
    private let out = VPNName(unchecked: "out")

    /// Blue's router, and what of it is shared into mon, where others share `refused`.
    private func routers(refused: [String], vlan: UInt16? = nil) -> [HostedRouter] {
        let own = Samples.router(id: "r", hosts: ["10.1.9.5/32"], subnets: ["10.1.0.0/24", "10.1.9.0/24", "fd10:1::/64"], vlan: vlan)
        let guest = Samples.router(
            "mon", id: "r", hosts: ["10.1.9.5/32"], subnets: ["10.1.9.0/24", "fd10:1::/64"],
            connected: ["10.1.0.0/24", "10.1.9.0/24", "fd10:1::/64"], isShared: true, refused: refused, vlan: vlan)
        return [own, guest]
    }

    private func design(
        _ routers: [HostedRouter], _ destinations: [VPNName: Set<IPPrefix>], _ change: (inout Designer.Input) -> Void = { _ in }
    ) -> HostDesign {
        let vpns = [Samples.vpn("blue"), Samples.vpn("mon", vni: 10002, index: 2), Samples.vpn("out", vni: 10003, index: 3)]
        func port(_ number: UInt32) -> ObservedSwitchPort { ObservedSwitchPort(bridge: "br-ex", tag: 4095, ofport: number) }
        let switching = ObservedSwitch(
            ports: ["fedov1": port(7), "fedov2": port(8), "fedov3": port(9)], patchPorts: ["patch-provnet-1-to-br-int": 2],
            bridges: ["br-ex"])
        var input = Designer.Input(
            intent: Samples.intent(vpns: vpns), routers: routers, destinations: destinations, switching: switching)
        change(&input)
        var indexes = LocalIndexes()
        return Designer.design(input, indexes: &indexes)
    }

    private enum Fate: Equatable {
        /// Into this VPN's VRF.
        case sent(VPNName)
        case letIn
        case dropped
        /// OVN's and the provider network's.
        case normal
    }

    /// What Open vSwitch does: of the flows that match, that of the highest priority.
    private func fate(_ design: HostDesign, to destination: String, from source: String, at port: UInt32 = 2) -> Fate {
        let (destination, source) = (IPPrefix(destination)!, IPPrefix(source)!)
        let matching = design.vpns.values.flatMap { design in (design.flows["br-ex"] ?? []).map { (design.vpn, $0) } }.filter { _, flow in
            flow.inPort == port && !flow.isOfProbes && (flow.source?.contains(source) ?? true)
                && (flow.destination?.contains(destination) ?? true)
        }
        guard let top = matching.map({ $0.1.priority }).max() else { return .normal }
        let winners = matching.filter { $0.1.priority == top }
        #expect(Set(winners.map { $0.1.action }).count == 1, "two flows of one priority match \(source) > \(destination)")
        return switch winners[0].1.action {
        case .deliver, .takeBack: .sent(winners[0].0)
        case .inject, .turn: .letIn
        case .drop: .dropped
        }
    }

    @Test("steered to 10.0.0.0/8 of a member, it does not send to another guest's 10.5.0.0/24, nor let in from there")
    func wide() throws {
        for vlan in [nil, UInt16(100)] {
            let design = design(routers(refused: ["10.5.0.0/24"], vlan: vlan), [mon: Samples.prefixes("10.0.0.0/8")])
            #expect(fate(design, to: "10.5.0.7/32", from: "10.1.9.5/32") == .dropped)
            #expect(fate(design, to: "10.5.1.7/32", from: "10.1.9.5/32") == .sent(mon))
            #expect(fate(design, to: "10.5.0.7/32", from: "10.1.0.5/32") == .dropped, "what is not shared goes nowhere in mon")
            #expect(fate(design, to: "10.1.9.5/32", from: "10.5.0.7/32", at: 8) == .dropped)
            #expect(fate(design, to: "10.1.9.5/32", from: "10.5.1.7/32", at: 8) == .letIn)
            let flows = design[mon]?.flows["br-ex"] ?? []
            let out = flows.filter { $0.destination == IPPrefix("10.5.0.0/24")! }
            #expect(out.map(\.action) == [.drop] && out.map(\.source) == [IPPrefix("10.1.9.0/24")!] && out.map(\.vlan) == [vlan])
            let steering = try #require(flows.first { $0.destination == IPPrefix("10.0.0.0/8")! && $0.action != .drop })
            #expect(out.allSatisfy { $0.priority > steering.priority })
            #expect(design[mon]?.problems == [] && design[mon]?.exemptions["r"] == Samples.prefixes("10.0.0.0/8"))
        }
    }

    @Test("nothing is let in from there though nothing of it is learned, in either family, and nothing more is dropped on the way out")
    func unlearned() {
        let design = design(routers(refused: ["10.5.0.0/24", "fd10:5::/64"]), [mon: Samples.prefixes("10.6.0.1/32")])
        #expect(fate(design, to: "10.1.9.5/32", from: "10.5.0.7/32", at: 8) == .dropped)
        #expect(fate(design, to: "fd10:1::5/128", from: "fd10:5::7/128", at: 8) == .dropped)
        #expect(fate(design, to: "fd10:1::5/128", from: "fd10:6::7/128", at: 8) == .letIn)
        for to in ["10.5.0.7/32", "fd10:5::7/128"] {
            #expect(fate(design, to: to, from: to.hasPrefix("fd") ? "fd10:1::5/128" : "10.1.9.5/32") == .normal)
        }
    }

    @Test(
        "what is learned inside of it, or is it, is neither steered to nor left alone by NAT, and that is said",
        arguments: ["10.5.0.7/32", "10.5.0.0/24"])
    func inside(learned: String) {
        let design = design(routers(refused: ["10.5.0.0/24"]), [mon: Samples.prefixes(learned, "10.6.0.1/32")])
        #expect(fate(design, to: "10.5.0.7/32", from: "10.1.9.5/32") == .normal)
        #expect(fate(design, to: "10.6.0.1/32", from: "10.1.9.5/32") == .sent(mon))
        #expect(fate(design, to: "10.1.9.5/32", from: "10.5.0.7/32", at: 8) == .dropped)
        #expect(design[mon]?.exemptions["r"] == Samples.prefixes("10.6.0.1/32"))
        #expect(design[mon]?.problems.map(\.code) == [.destinationAmbiguous])
        #expect(design[mon]?.problems.allSatisfy { $0.message.contains("\(learned) of mon lies in 10.5.0.0/24") } == true)
    }

    @Test(
        "its own VPN comes first: what it has there it reaches, whether another shares the same, more or less",
        arguments: ["10.2.0.0/24", "10.0.0.0/8", "10.2.0.11/32"])
    func own(refused: String) {
        let wide = Samples.prefixes("10.0.0.0/8", "10.6.0.1/32")
        for learned in [wide, []] {
            let design = design(routers(refused: [refused]), [blue: Samples.prefixes("10.2.0.0/24"), mon: learned])
            for source in ["10.1.9.5/32", "10.1.0.5/32"] {
                #expect(fate(design, to: "10.2.0.11/32", from: source) == .sent(blue))
                #expect(fate(design, to: source, from: "10.2.0.11/32", at: 7) == .letIn)
            }
            #expect(fate(design, to: "10.1.9.5/32", from: "10.2.0.11/32", at: 8) == .dropped)
            #expect(design[blue]?.problems == [])
        }
        // Its own prefix, which another VPN says to have too.
        let design = design(
            routers(refused: ["10.1.9.0/24"]), [blue: Samples.prefixes("10.2.0.0/24"), mon: Samples.prefixes("10.6.0.1/32")])
        #expect(fate(design, to: "10.2.0.11/32", from: "10.1.9.5/32") == .sent(blue))
        #expect(fate(design, to: "10.6.0.1/32", from: "10.1.9.5/32") == .sent(mon))
        #expect(fate(design, to: "10.1.9.5/32", from: "10.6.0.1/32", at: 8) == .letIn)
    }

    @Test("what is refused in one VPN may be had in another one that it is shared into")
    func twoVPNs() {
        let third = Samples.router(
            "out", id: "r", hosts: [], subnets: ["10.1.9.0/24"], connected: ["10.1.0.0/24", "10.1.9.0/24"], isShared: true)
        let destinations = [mon: Samples.prefixes("10.6.0.0/16"), out: Samples.prefixes("10.5.0.7/32")]
        let design = design(routers(refused: ["10.5.0.0/24", "10.6.9.0/24"]) + [third], destinations)
        #expect(fate(design, to: "10.5.0.7/32", from: "10.1.9.5/32") == .sent(out))
        #expect(fate(design, to: "10.1.9.5/32", from: "10.5.0.7/32", at: 9) == .letIn)
        #expect(fate(design, to: "10.1.9.5/32", from: "10.5.0.7/32", at: 8) == .dropped)
        #expect(fate(design, to: "10.6.9.7/32", from: "10.1.9.5/32") == .dropped)
    }

    @Test("two guests on one node: the VRF has both, and neither reaches the other through a member's wide prefix")
    func oneNode() {
        let green = Samples.router(
            "mon", id: "g", mac: "fa:16:3e:00:01:31", address: "172.24.1.30", hosts: ["10.5.0.7/32"], subnets: ["10.5.0.0/24"],
            isShared: true, refused: ["10.1.9.0/24", "fd10:1::/64"])
        let design = design(routers(refused: ["10.5.0.0/24"]) + [green], [mon: Samples.prefixes("10.0.0.0/8")])
        #expect(fate(design, to: "10.5.0.7/32", from: "10.1.9.5/32") == .dropped)
        #expect(fate(design, to: "10.1.9.5/32", from: "10.5.0.7/32") == .dropped)
        #expect(fate(design, to: "10.8.0.7/32", from: "10.5.0.7/32") == .sent(mon))
    }

    @Test("while the VNI changes, each such flow is of one of the two VRFs")
    func changingVNI() throws {
        var vpn = Samples.vpn("mon", vni: 10002, index: 2)
        vpn.secondary = Binding(
            encapsulation: .vxlan(try #require(VNI(value: 20002))),
            routeDistinguisher: Samples.vpn("mon", vni: 10002, index: 4).routeDistinguisher,
            importTargets: vpn.importTargets, exportTargets: vpn.exportTargets)
        let wide = Samples.prefixes("10.0.0.0/8", "10.5.0.0/16")
        for secondary in [[], Samples.prefixes("10.0.0.0/8"), Samples.prefixes("10.5.0.0/16"), wide] {
            let design = design(routers(refused: ["10.5.0.0/24"]), [mon: wide]) { input in
                input.intent.vpns[mon] = vpn
                input.forwarded[vpn.instances[0]] = wide.subtracting(secondary)
                input.forwarded[vpn.instances[1]] = secondary
            }
            let holes = design.vpns.values.flatMap { $0.flows["br-ex"] ?? [] }.filter { $0.destination == IPPrefix("10.5.0.0/24")! }
            #expect(holes.count == 1 && holes.allSatisfy { $0.action == .drop })
            #expect(fate(design, to: "10.5.0.7/32", from: "10.1.9.5/32") == .dropped)
            for port in [UInt32(8), 9] { #expect(fate(design, to: "10.1.9.5/32", from: "10.5.0.7/32", at: port) == .dropped) }
        }
    }
}
