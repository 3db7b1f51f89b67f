import Agent
import EVPN
import FederationModel
import NetworkTypes
import OVN
import SimulatedGateway
import Testing

/// Rows as a Neutron driver writes them, or a hand.
@Suite("What is associated with a BGPVPN takes part, as long as its row says so", .timeLimit(.minutes(1)))
struct BGPVPNTests {
    private static let uuid = "0f8fad5b-d9cb-469f-a165-70867728950e", other = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    private static let project = "598e0a38b7e1411095797a01997baa85", stranger = "00000000000000000000000000000bad"
    private static let association = "5e86c9c0-1f23-43ac-a0e8-8af7d7783a00"
    private let node = LocalNode(chassis: "gw1", bridgeMappings: ["physnet1": "br-ex"])
    private let blue = VPNName(unchecked: "blue")
    private let first = CloudBuilder.id(router: 1), second = CloudBuilder.id(router: 2)
    private let byID = AttachmentSelector(kind: .bgpvpn, key: .id, value: BGPVPNTests.uuid)
    private let byName = AttachmentSelector(kind: .bgpvpn, key: .name, value: "blue", project: BGPVPNTests.project)
    private let byVNI = AttachmentSelector(kind: .bgpvpn, key: .vni, value: "7")

    /// One key, as the contract has it.
    private static func mark(
        _ by: String, _ uuid: String = uuid, name: String = "blue", project: String = project, with members: String = ""
    ) -> [String: String] {
        [
            "ovn_federation:bgpvpn/\(uuid)":
                "{\"association\":\"\(association)\",\"by\":\"\(by)\"\(members),\"name\":\"\(name)\",\"project\":\"\(project)\",\"type\":\"l3\"}"
        ]
    }

    private func router(_ number: UInt8 = 1, of project: String? = project, _ change: (inout CloudBuilder.Router) -> Void = { _ in })
        -> CloudBuilder.Router
    {
        var router = CloudBuilder.Router(
            name: "r\(number)", number: number, subnets: ["10.\(number).0.0/24"], hosts: ["10.\(number).0.11", "10.\(number).0.12"],
            staticRoutes: ["0.0.0.0/0 172.24.1.1", "192.168.5.0/24 10.\(number).0.12"])
        router.project = project
        change(&router)
        return router
    }

    private func select(
        _ selector: AttachmentSelector, _ routers: [CloudBuilder.Router], global: [String: String] = [:], advertise: Advertisement = .hosts,
        pins: Pins = Pins()
    ) -> Selection {
        var vpn = Samples.vpn("blue")
        vpn.attachments = [AttachmentIntent(selector: selector, advertise: advertise)]
        var cloud = CloudBuilder(routers)
        cloud.global = global
        return Selection.select([blue: vpn], in: cloud.view(), at: node, pins: pins)
    }

    private func codes(_ selection: Selection) -> [ProblemCode] { (selection.problems[blue] ?? []).compactMap(\.code) }
    private func report(_ selection: Selection) throws -> AttachmentReport { try #require(selection.attachments[blue]?.first) }

    // MARK: - Routers

    @Test("a router is attached once, whichever of its ports say so, by id, by name in the project, and by VNI")
    func router() throws {
        for selector in [byID, byName, byVNI] {
            let mark = Self.mark("router", with: ",\"vni\":7")
            let ways: [(inout CloudBuilder.Router) -> Void] = [
                { $0.interfaceLabels = mark }, { $0.gatewayLabels = mark },
                { ($0.interfaceLabels, $0.gatewayLabels, $0.networkLabels) = (mark, mark, mark) },
            ]
            for way in ways {
                let found = select(selector, [router(1, way), router(2)])
                #expect(found.routers.map(\.id) == [first])
                #expect(found.routers.first?.advertised == Samples.prefixes("10.1.0.11/32", "10.1.0.12/32"))
                #expect(codes(found) == [.bgpvpnVNIDiffers])
                let report = try report(found)
                #expect(report.association == .associated && report.bgpvpns == [Self.uuid] && report.routers == [first])
            }
        }
    }

    @Test("a row that says nothing any more takes no part, at the next look")
    func disassociated() throws {
        let associated = select(byName, [router { $0.interfaceLabels = Self.mark("router") }])
        #expect(associated.routers.map(\.id) == [first])
        let gone = select(byName, [router()], global: Self.mark("none"), pins: associated.pins)
        #expect(gone.routers == [] && codes(gone) == [])
        #expect(try report(gone).association == .unassociated)
        let missing = select(byName, [router()], pins: associated.pins)
        #expect(missing.routers == [] && codes(missing) == [])
        #expect(try report(missing).association == .missing)
    }

    @Test("an association that goes withdraws what was advertised in the same turn, and VMs that are bound nowhere with it")
    func withdrawn() throws {
        var intent = World.both
        intent.vpns[blue]?.attachments = [AttachmentIntent(selector: byID)]
        var world = World(stored: intent)
        world.routers = [router { $0.interfaceLabels = Self.mark("router") }]
        world.run()
        #expect(world.core.report(of: try #require(intent.vpns[blue]), RoutingTables()).expected.count == 2)
        world.routers = [router()]
        world.run()
        #expect(world.core.selection.routers == [])
        // One port alone, which is held because most others are unbound.
        world.routers = [router { $0.portLabels = ["vm-1-0": Self.mark("port")] }]
        world.run()
        #expect(world.core.selection.routers.first?.advertised == Samples.prefixes("10.1.0.11/32"))
        world.cloud.chassis = ["gw2"]
        world.run()
        #expect(world.core.selection.routers.first?.advertised == Samples.prefixes("10.1.0.11/32"), "held")
        world.routers[0].portLabels = [:]
        world.run()
        #expect(world.core.selection.routers == [], "its tenant took it out")
    }

    @Test("of a name in a project no other project’s BGPVPN is taken, and another name of the same one is")
    func namesake() throws {
        let strange = router(2, of: Self.stranger) { $0.interfaceLabels = Self.mark("router", Self.other, project: Self.stranger) }
        let own = router { $0.interfaceLabels = Self.mark("router") }
        let alone = select(byName, [strange])
        #expect(alone.routers == [] && codes(alone) == [])
        #expect(try report(alone).association == .missing)
        let both = select(byName, [own, strange])
        #expect(both.routers.map(\.id) == [first] && codes(both) == [])
        // Its owner may call it what he likes.
        let renamed = select(
            byName, [router { $0.interfaceLabels = Self.mark("router", name: "mine") }, strange], pins: both.pins)
        #expect(renamed.routers.map(\.id) == [first])
        // Another one of the project under that name is not it.
        let twin = router(2) { $0.interfaceLabels = Self.mark("router", Self.other) }
        let twins = select(byName, [own, twin], pins: both.pins)
        #expect(twins.routers.map(\.id) == [first] && codes(twins) == [.attachmentNamesake])
        #expect(codes(select(byName, [own, twin])) == [.attachmentAmbiguous])
        // What the admin gave to another project is not this one’s any more.
        let given = select(byName, [router { $0.interfaceLabels = Self.mark("router", project: Self.stranger) }], pins: both.pins)
        #expect(given.routers == [])
    }

    @Test("a VNI that two projects bear attaches nothing, and the problem names them; one that one project bears twice attaches both")
    func vniShared() throws {
        func bearing(_ number: UInt8, _ project: String, _ uuid: String) -> CloudBuilder.Router {
            router(number, of: project) { $0.interfaceLabels = Self.mark("router", uuid, project: project, with: ",\"vni\":7") }
        }
        let shared = select(byVNI, [bearing(1, Self.project, Self.uuid), bearing(2, Self.stranger, Self.other)])
        #expect(shared.routers == [] && codes(shared) == [.bgpvpnVNIShared])
        let message = try #require(shared.problems[blue]?.first?.message)
        #expect(message.contains(Self.project) && message.contains(Self.stranger))
        #expect(try report(shared).association == nil)
        // One that is only listed counts too.
        let listed = select(
            byVNI, [bearing(1, Self.project, Self.uuid)], global: Self.mark("none", Self.other, project: Self.stranger, with: ",\"vni\":7"))
        #expect(listed.routers == [] && codes(listed) == [.bgpvpnVNIShared])
        let own = select(byVNI, [bearing(1, Self.project, Self.uuid), bearing(2, Self.project, Self.other)])
        #expect(own.routers.map(\.id) == [first, second])
    }

    @Test("ovn-bgp-agent’s keys attach the ports and networks that bear them, by VNI, and are of their router’s project")
    func incumbent() {
        let keys = [
            "neutron_bgpvpn:vni": "7", "neutron_bgpvpn:as": "65001", "neutron_bgpvpn:type": "l3", "neutron_bgpvpn:rt": "[\"64900:7\"]",
        ]
        for way in [\CloudBuilder.Router.interfaceLabels, \.networkLabels] {
            let found = select(byVNI, [router { $0[keyPath: way] = keys }, router(2)])
            #expect(found.routers.map(\.id) == [first])
            #expect(codes(found) == [.bgpvpnVNIDiffers, .bgpvpnTargetsIgnored])
        }
        #expect(select(byVNI, [router { $0.gatewayLabels = keys }]).routers == [], "a gateway port alone has no network")
        let strange = router(2, of: Self.stranger) { $0.networkLabels = keys }
        #expect(codes(select(byVNI, [router { $0.interfaceLabels = keys }, strange])).contains(.bgpvpnVNIShared))
        // The driver writes both kinds, and a BGPVPN is one.
        let both = router { $0.interfaceLabels = Self.mark("router", with: ",\"vni\":7").merging(keys) { $1 } }
        #expect(codes(select(byVNI, [both])) == [.bgpvpnVNIDiffers])
    }

    // MARK: - Networks and ports

    @Test("a network takes part through the router that serves it; of layer 2 it does not, and that is said")
    func network() throws {
        let mark = Self.mark("network")
        for way in [\CloudBuilder.Router.interfaceLabels, \.networkLabels] {
            let found = select(byID, [router { $0[keyPath: way] = mark }])
            #expect(found.routers.map(\.id) == [first] && codes(found) == [])
        }
        let hidden = select(byID, [router { ($0.networkLabels, $0.hasGateway) = (mark, false) }])
        #expect(hidden.routers == [] && codes(hidden) == [.gatewayMissing])
        #expect(try report(hidden).association == .associated)
        let bridged = mark.mapValues { $0.replacing("\"l3\"", with: "\"l2\"") }
        let layer2 = select(byID, [router { $0.networkLabels = bridged }])
        #expect(layer2.routers == [] && codes(layer2) == [.bgpvpnTypeDiffers])
        #expect(try report(layer2).association == .associated)
        // What a network of an associated router says is of the router.
        #expect(select(byID, [router { $0.networkLabels = Self.mark("router") }]).routers == [])
    }

    @Test("a port takes part with its addresses, and with the routes that it asks for and the router has by it")
    func port() throws {
        func find(_ members: String, _ advertise: Advertisement = [.hosts, .extraRoutes]) throws -> HostedRouter {
            let router = router { $0.portLabels = ["vm-1-1": Self.mark("port", with: members)] }
            return try #require(select(byID, [router], advertise: advertise).routers.first)
        }
        let routes = ",\"routes\":[{\"local_pref\":50,\"prefix\":\"192.168.5.0/24\"},{\"prefix\":\"192.168.7.0/24\"}]"
        #expect(try find("").advertised == Samples.prefixes("10.1.0.12/32"))
        #expect(
            try find(routes).advertised == Samples.prefixes("10.1.0.12/32", "192.168.5.0/24"), "the router has no route to the other one")
        #expect(try find(routes, .hosts).advertised == Samples.prefixes("10.1.0.12/32"), "the file lets no routes")
        let silent = try find(routes + ",\"fixed_ips\":false")
        #expect(silent.advertised == Samples.prefixes("192.168.5.0/24"))
        #expect(silent.subnets == Samples.prefixes("10.1.0.12/32", "192.168.5.0/24"), "it still reaches the others")
    }

    @Test("a router’s extra routes are let by the file, and narrowed by its association")
    func extraRoutes() throws {
        func find(_ members: String, _ advertise: Advertisement) throws -> Set<IPPrefix> {
            let router = router { $0.interfaceLabels = Self.mark("router", with: members) }
            return try #require(select(byID, [router], advertise: advertise).routers.first).advertised
        }
        let route = IPPrefix("192.168.5.0/24")!
        #expect(try find("", [.hosts, .extraRoutes]).contains(route))
        #expect(try !find(",\"extra_routes\":false", [.hosts, .extraRoutes]).contains(route))
        #expect(try !find(",\"extra_routes\":true", .hosts).contains(route))
    }

    // MARK: - Claims

    @Test("numbers of a BGPVPN are claims: those that the federation has are no matter, others are named once")
    func claims() {
        func find(_ members: String) -> [ProblemCode] {
            let mark = Self.mark("router", with: members)
            return codes(select(byID, [router { ($0.interfaceLabels, $0.gatewayLabels) = (mark, mark) }]))
        }
        #expect(find(",\"vni\":10001,\"rt\":[\"64900:10001\"],\"rd\":[\"10.255.1.1:1\"]") == [])
        #expect(find(",\"it\":[\"64900:10001\"],\"et\":[\"64900:10001\"]") == [])
        #expect(find(",\"vni\":10002") == [.bgpvpnVNIDiffers])
        #expect(find(",\"rt\":[\"64900:1\"]") == [.bgpvpnTargetsIgnored])
        #expect(find(",\"et\":[\"64900:10001\",\"64900:1\"]") == [.bgpvpnTargetsIgnored])
        #expect(find(",\"rd\":[\"65001:9\"]") == [.bgpvpnTargetsIgnored])
        #expect(find(",\"local_pref\":200") == [])
    }

    // MARK: - What cannot be read

    @Test(
        "a value that makes no sense attaches nothing, and the problem names row and key",
        arguments: [
            "", "no", "[]", "7", "{\"by\":\"router\"", "{\"by\":\"router\"} {}", "{\"by\":\"router\"}x", "{}", "{\"by\":\"all\"}",
            "{\"by\":\"router\",\"vni\":0}", "{\"by\":\"router\",\"vni\":\"7\"}", "{\"by\":\"router\",\"rt\":\"64900:1\"}",
            "{\"by\":\"router\",\"routes\":[{\"prefix\":\"10.1.0.1/16\"}]}", "{\"by\":7}",
            "{\"by\":\"router\",\"x\":[[[[[[[[[[]]]]]]]]]]}", "{\"by\":\"router\",\"name\":\"\(String(repeating: "x", count: 4096))\"}",
        ])
    func unreadable(_ text: String) throws {
        let key = "ovn_federation:bgpvpn/\(Self.uuid)"
        let routers = [router { $0.interfaceLabels = [key: text] }]
        let found = select(byID, routers)
        #expect(found.routers == [])
        let problem = try #require(Selection.unreadable(in: CloudBuilder(routers).view()).first)
        #expect(problem.code == .bgpvpnUnreadable && problem.message.contains("t1") && problem.message.contains(key))
    }

    @Test("members that are not known, and empty ones, are no matter")
    func unknown() {
        let text = "{\"by\":\"router\",\"future\":{\"a\":[1,2.5,null,true]},\"vni\":null,\"rt\":[]}"
        let found = select(byID, [router { $0.interfaceLabels = ["ovn_federation:bgpvpn/\(Self.uuid.uppercased())": text] }])
        #expect(found.routers.map(\.id) == [first] && codes(found) == [])
    }

    // MARK: - Labels

    @Test("a router’s label on one of its ports is as good as on its own row, where Neutron replaces it; on the row alone it is warned of")
    func labels() throws {
        let label = AttachmentSelector(kind: .router, key: .label, value: "tier=gold")
        let kept = select(label, [router { $0.interfaceLabels = ["tier": "gold"] }, router(2)])
        #expect(kept.routers.map(\.id) == [first] && codes(kept) == [])
        #expect(select(label, [router { $0.gatewayLabels = ["tier": "gold"] }]).routers.map(\.id) == [first])
        let frail = select(label, [router { $0.labels = ["tier": "gold"] }])
        #expect(frail.routers.map(\.id) == [first] && codes(frail) == [.labelNotKept])
        #expect(
            try #require(frail.problems[blue]?.first).remedy.contains("`ovn-nbctl set Logical_Switch_Port g1 'external_ids:tier=gold'`"))
        let both = select(label, [router { ($0.labels, $0.interfaceLabels) = (["tier": "gold"], ["tier": "gold"]) }])
        #expect(codes(both) == [])
        #expect(codes(select(label, [router { $0.interfaceLabels = ["tier": "silver"] }])) == [.attachmentNotFound])
        // What tells of BGPVPNs is of the port alone.
        let vni = AttachmentSelector(kind: .router, key: .label, value: "neutron_bgpvpn:vni=7")
        #expect(select(vni, [router { $0.interfaceLabels = ["neutron_bgpvpn:vni": "7"] }]).routers == [])
    }
}

@Suite("What an agent tells of the BGPVPNs of its cloud")
struct BGPVPNReportTests {
    private static let uuid = "0f8fad5b-d9cb-469f-a165-70867728950e", other = "7c9e6679-7425-40de-944b-e07fc1f90ae7"

    private func reports(_ routers: [CloudBuilder.Router], _ global: [String: String] = [:]) -> BGPVPNReports? {
        var world = World()
        world.routers = routers
        world.cloud.global = global
        world.run()
        return world.core.bgpvpns
    }

    @Test(
        "each is told once, with what is associated, whoever's it is; of those that a driver lists also the ones that nothing is associated with"
    )
    func told() throws {
        #expect(reports([.init(name: "blue-router")]) == nil)
        let mark = [
            "ovn_federation:bgpvpn/\(Self.uuid)": "{\"by\":\"router\",\"name\":\"blue\",\"project\":\"p\",\"vni\":7,\"rt\":[\"64900:7\"]}"
        ]
        let listed = [
            "ovn_federation:bgpvpn/\(Self.uuid)": "{\"by\":\"none\",\"name\":\"blue\",\"project\":\"p\",\"vni\":7,\"rt\":[\"64900:7\"]}",
            "ovn_federation:bgpvpn/\(Self.other)": "{\"by\":\"none\",\"name\":\"gold\",\"project\":\"q\",\"type\":\"l2\"}",
            "neutron:liveness_check_at": "2026-11-29",
        ]
        var router = CloudBuilder.Router(name: "blue-router")
        (router.interfaceLabels, router.gatewayLabels) = (mark, mark)
        let all = try #require(reports([router], listed))
        #expect(
            all
                == BGPVPNReports(
                    [
                        BGPVPNReport(
                            id: Self.uuid, name: "blue", project: "p", vni: 7, importTargets: ["64900:7"], exportTargets: ["64900:7"],
                            routers: [CloudBuilder.id(router: 1)]),
                        BGPVPNReport(id: Self.other, name: "gold", project: "q", type: "l2"),
                    ], areListed: true))
        var incumbent = CloudBuilder.Router(name: "blue-router")
        incumbent.project = "p"
        incumbent.networkLabels = ["neutron_bgpvpn:vni": "7"]
        incumbent.portLabels = ["vm-1-0": ["ovn_federation:bgpvpn/\(Self.other)": "{\"by\":\"port\"}"]]
        #expect(
            reports([incumbent])?.bgpvpns == [
                BGPVPNReport(id: nil, project: "p", vni: 7, networks: [CloudBuilder.id(network: 1)]),
                BGPVPNReport(id: Self.other, project: "p", ports: ["vm-1-0"]),
            ])
    }
}
