import Agent
import EVPN
import FederationModel
import NetworkTypes
import OpenFlow
import Testing

@Suite("What of others stands in the way of the agent’s flows", .timeLimit(.minutes(1)))
struct SwitchContestTests {
    private static let gateway = MACAddress("fa:16:3e:00:01:01")!
    private static let own = MACAddress("02:fe:d0:00:00:01")!
    private static let flows: Set<Flow> = [
        Flow(
            index: 1, priority: 1000, inPort: 2, sourceMAC: gateway, source: IPPrefix("10.1.0.0/24"), destination: IPPrefix("10.2.0.11/32"),
            action: .deliver(mac: own, stripVLAN: false, port: 7)),
        Flow(
            index: 1, priority: 1000, inPort: 7, destinationMAC: gateway, destination: IPPrefix("10.1.0.0/24"),
            action: .inject(vlan: nil, port: 2)),
        Flow(
            index: 2, priority: 1000, inPort: 8, destinationMAC: MACAddress("fa:16:3e:00:01:02"), destination: IPPrefix("10.9.0.0/24"),
            action: .inject(vlan: 200, port: 2)),
        Flow(index: 1, priority: 990, inPort: 7, action: .drop),
    ]

    private func problems(_ rules: [FoundRule] = [], ports: [PortState] = []) -> [Int: [Problem]] {
        SwitchContest(bridge: "br-ex", rules: rules, ports: ports).problems(of: Self.flows, routerMAC: Self.own)
    }

    private func rule(_ match: FlowMatch, priority: UInt16 = 3000, isUntagged: Bool = false, isConditional: Bool = false) -> FoundRule {
        FoundRule(cookie: 5, priority: priority, match: match, isUntagged: isUntagged, isConditional: isConditional)
    }

    @Test("an entry before ours that takes packets out, and one that takes packets in, are named with what they take")
    func taken() {
        let out = problems([rule(FlowMatch(destination: IPPrefix("10.2.0.0/24")))])
        #expect(out.keys.sorted() == [1] && out[1]?.map(\.code) == [.flowOverridden])
        #expect(out[1]?.first?.prefixes == [IPPrefix("10.2.0.11/32")!])
        let into = problems([rule(FlowMatch(destination: IPPrefix("10.1.0.77/32")))])
        #expect(
            into[1]?.first?.prefixes == [IPPrefix("10.1.0.77/32")!] && into[1]?.first?.message.contains("priority 3000, cookie 0x5") == true
        )
        // All, whatever it is.
        #expect(problems([rule(FlowMatch())]).keys.sorted() == [1, 2])
        #expect(problems([rule(FlowMatch(inPort: 2))]).keys.sorted() == [1])
    }

    @Test("one behind ours, of another port, address, MAC, VLAN or family, takes nothing")
    func beside() {
        let matches: [FlowMatch] = [
            .init(inPort: 9), .init(destination: IPPrefix("10.3.0.0/24")), .init(ethernetSource: MACAddress("fa:16:3e:00:09:09")),
            .init(vlan: 77), .init(destination: IPPrefix.everything(.ipv6)),
            .init(source: IPPrefix("10.8.0.0/24"), destination: IPPrefix("10.2.0.0/24")),
            .init(inPort: 7, ethernetDestination: MACAddress("fa:16:3e:00:09:09")),
        ]
        for match in matches { #expect(problems([rule(match)]).isEmpty, "\(match)") }
        #expect(problems([rule(FlowMatch(), priority: 999)]).isEmpty)
        #expect(!problems([rule(FlowMatch(), priority: 1000)]).isEmpty, "of equal ones, either may win")
    }

    @Test("one with other conditions may take them, and that is said so")
    func doubt() {
        #expect(problems([rule(FlowMatch(), isConditional: true)])[1]?.map(\.code) == [.flowUnread])
        // Where the router sends what leaves it, OVN decides.
        let found = problems([rule(FlowMatch(ethernetDestination: MACAddress("00:00:00:00:00:fe")))])
        #expect(found[1]?.map(\.code) == [.flowUnread] && found[2] == nil)
    }

    @Test("a port that is set not to receive or not to forward is named for the VPNs whose packets go by it")
    func ports() {
        let own = problems(ports: [PortState(number: 7, name: "fedov1", forwardsNothing: true), PortState(number: 8, name: "fedov2")])
        #expect(own.keys.sorted() == [1] && own[1]?.map(\.code) == [.portBlocked])
        #expect(own[1]?.first?.remedy == "`ovs-ofctl mod-port br-ex fedov1 forward`")
        let patch = problems(ports: [PortState(number: 2, name: "patch-1", drops: true)])
        #expect(patch.keys.sorted() == [1], "only flows of VPN 1 come in by it here")
        #expect(problems(ports: [PortState(number: 2, name: "patch-1", forwardsNothing: true)]).keys.sorted() == [1, 2])
        #expect(problems(ports: [PortState(number: 3, name: "eth0", isDown: true, drops: true, forwardsNothing: true)]).isEmpty)
    }
}
