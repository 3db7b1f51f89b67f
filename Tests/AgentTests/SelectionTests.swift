import Agent
import EVPN
import FederationModel
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
        #expect(selection.problems[blue]?.map(\.code) == [.attachmentAmbiguous])
    }

    @Test("a name that means nothing is a problem of that VPN")
    func missing() {
        let selection = select([named("ghost")], [.init(name: "blue-router")])
        #expect(selection.problems[blue]?.map(\.code) == [.attachmentNotFound])
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
        #expect(selection.problems[blue]?.map(\.code) == [.gatewayMissing])
    }

    @Test("a provider network that this node maps to no bridge is a problem")
    func notMapped() {
        let selection = select([named("blue-router")], [.init(name: "blue-router")], node: LocalNode(chassis: "gw1", bridgeMappings: [:]))
        #expect(selection.problems[blue]?.map(\.code) == [.providerNetworkNotMapped])
        #expect(selection.routers == [])
    }

    @Test("one router never joins two VPNs, however they name it")
    func taken() {
        var red = Samples.vpn("red", vni: 10002, index: 2)
        red.attachments = [AttachmentIntent(selector: .init(kind: .router, key: .id, value: CloudBuilder.id(router: 1)))]
        let selection = Selection.select(
            [blue: Samples.vpn("blue"), red.name: red], in: CloudBuilder([.init(name: "blue-router")]).view(), at: node)
        #expect(selection.routers.map(\.vpn) == [blue])
        #expect(selection.problems[red.name]?.map(\.code) == [.attachmentTaken])
    }
}

@Suite("What of an attachment takes part, and what of that is advertised")
struct SelectionPolicyTests {
    private let node = LocalNode(chassis: "gw1", bridgeMappings: ["physnet1": "br-ex"])
    private let blue = VPNName(unchecked: "blue")
    private let red = VPNName(unchecked: "red")

    /// One router with extra routes, two VMs and a labelled port.
    private let router = CloudBuilder.Router(
        name: "blue-router", hosts: ["10.1.0.11 fd10:1::11", "10.1.0.12"], labels: ["tenant": "blue", "neutron:revision_number": "7"],
        networkLabels: ["ovn-federation": "blue=1"], portLabels: ["vm-1-1": ["tier": "db"]],
        staticRoutes: [
            "0.0.0.0/0 172.24.1.1", "::/0 fd24:1::1", "192.168.5.0/24 10.1.0.12", "192.168.6.0/24 172.24.1.99", "10.9.0.0/16 discard",
        ])

    private func select(_ attachments: [AttachmentIntent], _ change: (inout VPNIntent) -> Void = { _ in }) -> Selection {
        var vpn = Samples.vpn("blue")
        vpn.attachments = attachments
        change(&vpn)
        return Selection.select([blue: vpn], in: CloudBuilder([router]).view(), at: node)
    }

    private func attachment(
        _ advertise: Advertisement = .hosts, export: [PrefixRule] = [], only: [String] = [], kind: AttachmentSelector.Kind = .router,
        key: AttachmentSelector.Key = .name, _ value: String = "blue-router"
    ) -> AttachmentIntent {
        AttachmentIntent(
            selector: .init(kind: kind, key: key, value: value), advertise: advertise, export: export, only: only.map { IPPrefix($0)! })
    }

    @Test("hosts, subnets, extra routes, and all of them")
    func advertisement() {
        let hosts = Samples.prefixes("10.1.0.11/32", "10.1.0.12/32", "fd10:1::11/128")
        let subnets = Samples.prefixes("10.1.0.0/24", "fd10:1::/64")
        let extra = Samples.prefixes("192.168.5.0/24")
        #expect(select([attachment(.hosts)]).routers.first?.advertised == hosts)
        #expect(select([attachment(.subnets)]).routers.first?.advertised == subnets)
        #expect(select([attachment(.extraRoutes)]).routers.first?.advertised == extra, "no default route, and none that leads out again")
        let all = select([attachment([.hosts, .subnets, .extraRoutes])]).routers.first
        #expect(all?.advertised == hosts.union(subnets).union(extra))
        #expect(all?.subnets == subnets.union(extra), "what is advertised must be forwarded")
        #expect(select([attachment(.hosts)]).routers.first?.subnets == subnets)
    }

    @Test("the attachment's filter and the VPN's both have to permit it")
    func filters() {
        let ten = IPPrefix("10.0.0.0/8")!
        let own = [PrefixRule(.deny, IPPrefix("10.1.0.11/32")!), PrefixRule(.permit, ten, le: 32)]
        let found = select([attachment(export: own)]) { $0.exportFilter = [PrefixRule(.permit, ten, ge: 32)] }
        #expect(found.routers.first?.advertised == Samples.prefixes("10.1.0.12/32"))
        #expect(found.routers.first?.subnets == Samples.prefixes("10.1.0.0/24", "fd10:1::/64"), "filters are about advertising")
    }

    @Test("a tap advertises nothing and forwards all the same")
    func tap() {
        let found = select([attachment()]) { $0.exportTargets = [] }
        #expect(found.routers.first?.advertised == [])
        #expect(found.routers.first?.subnets.isEmpty == false)
    }

    @Test("only shared prefixes take part: parts of subnets, subnets, and nothing beside them")
    func only() {
        let part = select([attachment([.hosts, .subnets], only: ["10.1.0.12/30", "10.7.0.0/16"])]).routers.first
        #expect(part?.subnets == Samples.prefixes("10.1.0.12/30") && part?.isShared == true)
        #expect(part?.advertised == Samples.prefixes("10.1.0.12/30", "10.1.0.12/32"))
        #expect(part?.connected == Samples.prefixes("10.1.0.0/24", "fd10:1::/64"))
        #expect(select([attachment(only: ["10.0.0.0/8"])]).routers.first?.subnets == Samples.prefixes("10.1.0.0/24"))
    }

    @Test("what further VPNs share comes along with the shared parts, from all attachments that select the router")
    func refused() {
        var attachments = [attachment(only: ["10.1.0.12/32"]), attachment(only: ["10.1.0.11/32"], key: .label, "tenant=blue")]
        attachments[0].refused = [IPPrefix("10.5.0.0/24")!]
        attachments[1].refused = [IPPrefix("fd10:5::/64")!]
        #expect(select(attachments).routers.map(\.refused) == [Samples.prefixes("10.5.0.0/24", "fd10:5::/64")])
        #expect(select([attachment()]).routers.map(\.refused) == [[]])
    }

    @Test("prefixes that no router of the cloud has share nothing, and that is said")
    func sharesNothing() {
        let found = select([attachment(only: ["10.7.0.0/16"])])
        #expect(found.routers == [])
        #expect(found.problems[blue]?.map(\.code) == [.shareSelectsNothing])
    }

    @Test("a router may be shared into another VPN beside its own, in whichever order they come")
    func sharedInto() {
        for name in ["amber", "red"] {
            var other = Samples.vpn(name, vni: 10002, index: 2)
            other.attachments = [attachment(only: ["10.1.0.12/32"])]
            let found = Selection.select([blue: Samples.vpn("blue"), other.name: other], in: CloudBuilder([router]).view(), at: node)
            #expect(found.problems == [:])
            #expect(Set(found.routers.map(\.vpn)) == [blue, other.name])
            #expect(found.routers.first { $0.vpn == other.name }?.advertised == Samples.prefixes("10.1.0.12/32"))
            #expect(found.routers.filter(\.isShared).map(\.vpn) == [other.name])
        }
    }

    @Test("a VPN that did not get a router cannot share it, in whichever order they come")
    func sharedByAnother() {
        let other = AttachmentSelector(kind: .router, key: .id, value: CloudBuilder.id(router: 1))
        for name in ["amber", "red"] {
            var green = Samples.vpn("green", vni: 10003, index: 3)
            green.attachments = [AttachmentIntent(selector: other)]
            var guest = Samples.vpn(name, vni: 10002, index: 2)
            guest.attachments = [AttachmentIntent(selector: other, only: [IPPrefix("10.1.0.12/32")!])]
            let vpns = [blue: Samples.vpn("blue"), green.name: green, guest.name: guest]
            let found = Selection.select(vpns, in: CloudBuilder([router]).view(), at: node)
            #expect(found.routers.map(\.vpn) == [blue])
            #expect(found.problems[green.name]?.map(\.code) == [.attachmentTaken])
            #expect(found.problems[guest.name]?.map(\.code) == [.shareOfOther])
        }
    }

    @Test("a router, its network or its port by label; what bears none is not found", arguments: ["router", "network", "port", "none"])
    func labels(what: String) {
        let selector =
            switch what {
            case "router": attachment(kind: .router, key: .label, "tenant=blue")
            case "network": attachment(kind: .network, key: .label, "ovn-federation=blue=1")
            case "port": attachment(kind: .port, key: .label, "tier=db")
            default: attachment(kind: .router, key: .label, "neutron:revision_number=7")
            }
        let found = select([selector])
        #expect(found.routers.map(\.id) == (what == "none" ? [] : [CloudBuilder.id(router: 1)]))
        // On the router's own row Neutron does not keep it.
        let codes: [String: [ProblemCode]] = ["none": [.attachmentNotFound], "router": [.labelNotKept]]
        #expect(found.problems[blue]?.compactMap(\.code) == codes[what])
        if what == "port" {
            #expect(found.routers.first?.subnets == Samples.prefixes("10.1.0.12/32"))
            #expect(found.routers.first?.advertised == Samples.prefixes("10.1.0.12/32"))
        }
    }

    @Test("a label selects all that bear it, a name must not")
    func manyByLabel() {
        var vpn = Samples.vpn("blue")
        vpn.attachments = [attachment(key: .label, "tenant=blue")]
        let twins = [1, 2].map {
            CloudBuilder.Router(name: "twin", number: $0, subnets: ["10.\($0).0.0/24"], hosts: [], labels: ["tenant": "blue"])
        }
        let found = Selection.select([blue: vpn], in: CloudBuilder(twins).view(), at: node)
        #expect(found.routers.map(\.id) == [CloudBuilder.id(router: 1), CloudBuilder.id(router: 2)])
        #expect(found.attachments[blue]?.first?.routers == [CloudBuilder.id(router: 1), CloudBuilder.id(router: 2)])
    }

    @Test("a port by id; one that is not there is said")
    func ports() {
        let found = select([attachment(kind: .port, key: .id, "vm-1-0")])
        #expect(found.routers.first?.subnets == Samples.prefixes("10.1.0.11/32", "fd10:1::11/128"))
        let problem = select([attachment(kind: .port, key: .id, "vm-9-0")]).problems[blue]?.first
        #expect(problem?.code == .attachmentNotFound && problem?.message.contains("no port id=vm-9-0") == true)
    }

    @Test("several attachments of one router are one router, with what any of them selects")
    func joined() {
        let found = select([attachment(kind: .port, key: .id, "vm-1-0"), attachment(.subnets, kind: .port, key: .id, "vm-1-1")])
        #expect(found.routers.count == 1)
        #expect(found.routers.first?.advertised == Samples.prefixes("10.1.0.11/32", "fd10:1::11/128", "10.1.0.12/32"))
    }
}
