import NetworkTypes
import OVN
import OVSDB
import Testing

@Suite("Gateways, as northd and the chassis bind them", .serialized, .timeLimit(.minutes(1)))
struct GatewayTests {
    @Test("a gateway port that moves from one chassis to another in one update is hosted by the other (defect 1)")
    func directFailover() throws {
        try World.small { world in
            #expect(try world.router()?.gateways.map(\.chassis) == [nil])
            #expect(try world.router()?.speaker == nil)
            try world.bind("cr-lrp-gw", to: "gw1")
            let before = try world.view()
            #expect(before.routers(hostedBy: "gw1").map(\.id) == [Names.router])
            try world.bind("cr-lrp-gw", to: "gw2")
            let after = try world.view()
            #expect(after != before)
            #expect(after.routers(hostedBy: "gw1").isEmpty)
            #expect(after.routers(hostedBy: "gw2").map(\.id) == [Names.router])
            #expect(after.routers.first?.gateways(on: "gw2").count == 1)
            try world.unbind("cr-lrp-gw")
            #expect(try world.view().routers(hostedBy: "gw2").isEmpty)
        }
    }

    @Test("a gateway whose flows are not yet installed says so (defect 1)")
    func notYetUp() throws {
        try World.small { world in
            try world.bind("cr-lrp-gw", to: "gw1")
            #expect(try world.router()?.gateways.first?.isUp == true)
            try world.sb("set Port_Binding cr-lrp-gw up=false")
            #expect(try world.router()?.gateways.first?.isUp == false)
            #expect(try world.router()?.isHosted(by: "gw1") == true)
        }
    }

    @Test("an interface with reside-on-redirect-chassis has nat_addresses like a gateway and is none (defect 10)")
    func resideOnRedirectChassis() throws {
        try World.small { world in
            // A VLAN tenant network, as Neutron sets it up.
            try world.addNetwork(Names.uuid(9), name: "vlan-net", physical: "physnet2", tag: 77)
            try world.attach(Names.router, Names.uuid(9), port: "ifv", "10.0.9.1/24", isGateway: false)
            try world.nb(
                "lrp-set-options lrp-ifv reside-on-redirect-chassis=true", "lsp-set-options ifv router-port=lrp-ifv nat-addresses=router")
            try world.sync()
            try #require(try world.sb("--bare --columns=nat_addresses find Port_Binding logical_port=ifv").contains("is_chassis_resident"))
            let router = try #require(try world.router())
            #expect(router.gateways.map(\.logicalPort) == ["lrp-gw"])
            #expect(router.interfaces.map(\.logicalPort) == ["lrp-if4", "lrp-if6", "lrp-ifv"])
        }
    }

    @Test("a port that Neutron calls no external gateway is an interface, though it is bound to a chassis")
    func centralisedInterface() throws {
        try World.small { world in
            try world.nb("lrp-set-gateway-chassis lrp-if4 gw1 1")
            try world.sync()
            #expect(try world.router()?.gateways.map(\.logicalPort) == ["lrp-gw"])
            #expect(try world.router()?.interfaces.map(\.logicalPort) == ["lrp-if4", "lrp-if6"])
        }
    }

    @Test("an external gateway that no chassis may host is a gateway without chassis")
    func unscheduled() throws {
        try World.small { world in
            try world.nb("lrp-del-gateway-chassis lrp-gw gw1", "lrp-del-gateway-chassis lrp-gw gw2")
            try world.sync()
            let router = try #require(try world.router())
            #expect(router.gateways.map(\.logicalPort) == ["lrp-gw"])
            #expect(router.speaker == nil)
        }
    }

    @Test("a gateway knows its own localnet port and VLAN where several provider networks share a bridge (defect 14)")
    func severalProviderNetworks() throws {
        try World.small { world in
            try world.addNetwork(Names.uuid(8), name: "public2", physical: "physnet1", tag: 301)
            try world.addSegment(Names.uuid(7), of: Names.provider, physical: "physnet9", tag: nil)
            try world.sync()
            let gateway = try #require(try world.router()?.gateways.first)
            let localnet = try #require(gateway.localnet(mappedBy: ["physnet1": "br-ex"]))
            #expect(localnet.logicalPort == "provnet-\(Names.provider)")
            #expect(localnet.tag == 300)
            #expect(gateway.localnet(mappedBy: ["physnet9": "br-ex"])?.tag == nil)
            #expect(gateway.localnets.count == 2)
        }
    }

    @Test("two routers on one chassis are two, whatever is withdrawn from one (defect 9)")
    func twoRouters() throws {
        try World.small { world in
            try world.addRouter(Names.uuid(11), name: "router")
            try world.attach(Names.uuid(11), Names.provider, port: "gwb", "172.24.4.11/24", isGateway: true)
            try world.sync()
            try world.bind("cr-lrp-gw", to: "gw1")
            try world.bind("cr-lrp-gwb", to: "gw1")
            #expect(try world.view().routers(name: "router").map(\.id) == [Names.router, Names.uuid(11)])
            #expect(try world.view().routers(hostedBy: "gw1").count == 2)
            try world.unbind("cr-lrp-gwb")
            #expect(try world.view().routers(hostedBy: "gw1").map(\.id) == [Names.router])
            try world.nb("lr-del neutron-\(Names.uuid(11))")
            try world.sync()
            #expect(try world.view().routers.map(\.id) == [Names.router])
        }
    }

    @Test("one router may have several gateways; the first bound one's chassis speaks for it")
    func severalGateways() throws {
        try World.small { world in
            try world.attach(Names.router, Names.provider, port: "gwz", "172.24.5.10/24", isGateway: true)
            try world.sync()
            try world.bind("cr-lrp-gwz", to: "gw2")
            #expect(try world.router()?.speaker == "gw2")
            try world.bind("cr-lrp-gw", to: "gw1")
            let router = try #require(try world.router())
            #expect(router.isHosted(by: "gw1") && router.isHosted(by: "gw2"))
            #expect(router.speaker == "gw1")
        }
    }

    @Test("a router that lives on one chassis has its gateway there")
    func l3Gateway() throws {
        try World.small { world in
            try world.addRouter(Names.uuid(12), name: "central")
            try world.nb(
                "set Logical_Router neutron-\(Names.uuid(12)) options:chassis=gw2",
                "lrp-add neutron-\(Names.uuid(12)) lrp-cg 02:00:00:00:cc:01 172.24.4.12/24", "lsp-add neutron-\(Names.provider) cg",
                "lsp-set-type cg router", "lsp-set-addresses cg router", "lsp-set-options cg router-port=lrp-cg",
                "lrp-add neutron-\(Names.uuid(12)) lrp-ci 02:00:00:00:cc:02 10.7.0.1/24", "lsp-add neutron-\(Names.network) ci",
                "lsp-set-type ci router", "lsp-set-addresses ci router", "lsp-set-options ci router-port=lrp-ci")
            try world.sync()
            try world.bind("lrp-cg", to: "gw2")
            let router = try #require(try world.router(Names.uuid(12)))
            #expect(!router.isDistributed)
            #expect(router.gateways.map(\.logicalPort) == ["lrp-cg"])
            #expect(router.speaker == "gw2")
            #expect(router.gateways.first?.localnets.map(\.tag) == [300])
            #expect(router.interfaces.map(\.logicalPort) == ["lrp-ci"])
            #expect(try world.router()?.isDistributed == true)
        }
    }

    @Test("routes by source, and of a table of their own, say nothing of where packets to a prefix go")
    func routesOfOtherKinds() throws {
        try World.small { world in
            try world.nb(
                "lr-route-add neutron-\(Names.router) 10.8.0.0/16 10.0.1.5",
                "--policy=src-ip lr-route-add neutron-\(Names.router) 10.9.0.0/16 10.0.1.5",
                "--route-table=t1 lr-route-add neutron-\(Names.router) 0.0.0.0/0 10.0.1.5")
            try world.sync()
            let router = try #require(try world.router())
            #expect(router.staticRoutes.map(\.prefix) == [IPPrefix("10.8.0.0/16")])
            #expect(!router.hasDefaultRoute(.ipv4))
        }
    }

    @Test("a renamed router and one that Neutron did not make are called by what they are")
    func names() throws {
        try World.small { world in
            try world.nb("set Logical_Router neutron-\(Names.router) external_ids:neutron\\:router_name=renamed", "lr-add by-hand")
            try world.sync()
            #expect(try world.router()?.name == "renamed")
            #expect(try world.view().routers(id: "by-hand").map(\.name) == ["by-hand"])
        }
        #expect(NeutronName.identifier(in: "neutron-\(Names.router)") == Names.router)
        #expect(NeutronName.identifier(in: "neutron-pg-drop") == "neutron-pg-drop")
    }
}
