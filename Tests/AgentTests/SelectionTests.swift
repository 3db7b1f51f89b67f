import Agent
import EVPN
import Federation
import NetworkTypes
import OVN
import SimulatedGateway
import Testing

@Suite("What attachments select in a cloud")
struct SelectionTests {
    private let node = LocalNode(chassis: "gw1", bridgeMappings: ["physnet1": "br-ex"])
    private let blue = VPNName(unchecked: "blue")

    private func select(_ attachments: [AttachmentSelector], _ routers: [CloudBuilder.Router], node: LocalNode? = nil) -> Selection {
        var vpn = Samples.vpn("blue")
        vpn.attachments = attachments.map { AttachmentIntent(selector: $0) }
        return Selection.select([blue: vpn], in: CloudBuilder(routers).view(), at: node ?? self.node)
    }

    private func named(_ name: String) -> AttachmentSelector { AttachmentSelector(kind: .router, key: .name, value: name) }

    @Test("a router by name, with its subnets and bound addresses")
    func byName() throws {
        let selection = select([named("blue-router")], [.init(name: "blue-router"), .init(name: "red-router", number: 2)])
        let router = try #require(selection.routers.first)
        #expect(selection.routers.count == 1)
        #expect(router.id == CloudBuilder.id(router: 1))
        #expect(router.gatewayMAC == MACAddress("fa:16:3e:00:01:01"))
        #expect(router.gatewayAddresses.sorted() == [IPAddress("172.24.1.11")!, IPAddress("fd24:1::11")!])
        #expect(router.provider == ProviderPort(bridge: "br-ex", patchPort: "patch-provnet-1-to-br-int", vlan: nil))
        #expect(router.subnets == Samples.prefixes("10.1.0.0/24", "fd10:1::/64"))
        #expect(router.advertised == Samples.prefixes("10.1.0.11/32", "fd10:1::11/128"))
        #expect(selection.problems == [:])
    }

    @Test("by id, and a network by name or id", arguments: ["router id", "network name", "network id"])
    func otherWays(way: String) {
        let selector =
            switch way {
            case "router id": AttachmentSelector(kind: .router, key: .id, value: CloudBuilder.id(router: 1))
            case "network name": AttachmentSelector(kind: .network, key: .name, value: "blue-router-net")
            default: AttachmentSelector(kind: .network, key: .id, value: CloudBuilder.id(network: 1))
            }
        #expect(select([selector], [.init(name: "blue-router")]).routers.map(\.id) == [CloudBuilder.id(router: 1)])
    }

    @Test("a name that means two routers selects neither")
    func ambiguous() {
        let selection = select([named("twin")], [.init(name: "twin"), .init(name: "twin", number: 2)])
        #expect(selection.routers == [])
        #expect(selection.problems[blue]?.map(\.code) == ["attachment-ambiguous"])
    }

    @Test("a name that means nothing is a problem of that VPN")
    func missing() {
        let selection = select([named("ghost")], [.init(name: "blue-router")])
        #expect(selection.problems[blue]?.map(\.code) == ["attachment-not-found"])
        #expect(selection.attachments[blue] == [AttachmentReport(selector: named("ghost"))])
    }

    @Test("a router hosted elsewhere is reported with its chassis and not served")
    func elsewhere() {
        let selection = select([named("blue-router")], [.init(name: "blue-router", chassis: "gw2")])
        #expect(selection.routers == [])
        #expect(selection.attachments[blue]?.first?.chassis == "gw2")
        #expect(selection.attachments[blue]?.first?.hostedHere == false)
        #expect(selection.problems == [:])
    }

    @Test("a router without a gateway port is a problem")
    func noGateway() {
        let selection = select([named("blue-router")], [.init(name: "blue-router", chassis: nil, hasGateway: false)])
        #expect(selection.problems[blue]?.map(\.code) == ["gateway-missing"])
    }

    @Test("a provider network that this node maps to no bridge is a problem")
    func notMapped() {
        let selection = select([named("blue-router")], [.init(name: "blue-router")], node: LocalNode(chassis: "gw1", bridgeMappings: [:]))
        #expect(selection.problems[blue]?.map(\.code) == ["provider-network-not-mapped"])
        #expect(selection.routers == [])
    }

    @Test("one router never joins two VPNs, however they name it")
    func taken() {
        var red = Samples.vpn("red", vni: 10002, index: 2)
        red.attachments = [AttachmentIntent(selector: .init(kind: .router, key: .id, value: CloudBuilder.id(router: 1)))]
        let selection = Selection.select(
            [blue: Samples.vpn("blue"), red.name: red], in: CloudBuilder([.init(name: "blue-router")]).view(), at: node)
        #expect(selection.routers.map(\.vpn) == [blue])
        #expect(selection.problems[red.name]?.map(\.code) == ["attachment-taken"])
    }
}
