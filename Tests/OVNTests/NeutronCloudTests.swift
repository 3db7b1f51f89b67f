import NetworkTypes
import OVN
import OVSDB
import Testing

let blueID = "91e6f297-b257-4900-a632-0d0389ad84fc"
let redID = "b75a9280-bff8-4ff3-aff7-14dd0778a7d4"
let greenID = "a73099b5-dfb5-4e35-914c-2cd2b0157e7c"

@Suite("What Neutron 29 wrote into OVN 23.03, as the agent sees it", .serialized, .timeLimit(.minutes(1)))
struct NeutronCloudTests {
    @Test("every column that we monitor exists in the servers' schemas")
    func columns() throws {
        try World.with(.neutron) { world in
            for (wanted, database) in [(OVNMonitor.southbound, world.southbound), (OVNMonitor.northbound, world.northbound)] {
                let schema = try database.schema()
                for (table, columns) in wanted {
                    #expect(Set(columns).subtracting(schema[table] ?? []).isEmpty, "\(table)")
                }
            }
            #expect(OVNMonitor.newerSouthbound(in: try world.southbound.schema()).isEmpty)
        }
        #expect(
            OVNMonitor.newerSouthbound(in: ["Datapath_Binding": ["external_ids", "nb_uuid", "tunnel_key", "type"]])
                == ["Datapath_Binding": ["type", "nb_uuid"]])
    }

    @Test("routers and networks are found by OpenStack id and by name, and nothing is a problem")
    func names() throws {
        let view = try World.with(.neutron) { try $0.view() }
        #expect(view.problems.isEmpty)
        #expect(view.routers.map(\.id) == [blueID, greenID, redID])
        #expect(view.routers(name: "blue-router").map(\.id) == [blueID])
        #expect(view.routers(id: redID).map(\.name) == ["red-router"])
        #expect(view.routers(name: "nobody").isEmpty)
        #expect(view.networks.count == 6)
        let public_ = try #require(view.networks(name: "public").first)
        #expect(public_.identity.id == "aae961f3-ff78-49db-b8d6-121cb5456738")
        #expect(view.networks(id: public_.identity.id) == [public_])
        let blueNet1 = try #require(view.networks(name: "blue-net1").first)
        #expect(blueNet1.localnets.isEmpty)
        #expect(view.routers(inNetwork: blueNet1.identity.id).map(\.name) == ["blue-router"])
        #expect(view.routers(inNetwork: public_.identity.id).isEmpty, "a gateway port joins no tenant")
        #expect(view.chassis.map(\.name) == ["cmp1", "gw1", "gw2"])
    }

    @Test("routers, networks and ports are of the projects that Neutron made them for, though OVN's router and switch rows do not say")
    func projects() throws {
        let view = try World.with(.neutron) { try $0.view() }
        let blue = String(repeating: "a", count: 32), red = String(repeating: "b", count: 32)
        #expect(view.routers(id: blueID).map(\.project) == [blue])
        #expect(view.routers(id: redID).map(\.project) == [red])
        #expect(view.networks(name: "blue-net1").map(\.project) == [blue])
        #expect(view.networks(name: "red-net2").map(\.project) == [red])
        #expect(view.networks(name: "public").map(\.project) == [nil], "gateway ports are of no project")
        let hosts = view.routers(id: redID).flatMap(\.interfaces).flatMap(\.hosts)
        #expect(!hosts.isEmpty && hosts.allSatisfy { $0.project == red && $0.name?.hasPrefix("red-") == true })
        let labels = view.routers.flatMap { [$0.labels] + $0.interfaces.flatMap(\.hosts).map(\.labels) }
        #expect(labels.filter { !$0.isEmpty } == [], "nothing that Neutron writes is a label")
    }

    @Test("a gateway port has chassis, MAC, both families' addresses and its way to the wire")
    func gateway() throws {
        let blue = try #require(try World.with(.neutron) { try $0.view() }.routers(id: blueID).first)
        let gateway = try #require(blue.gateways.first)
        #expect(blue.gateways.count == 1)
        #expect(gateway.logicalPort == "lrp-62f4085d-9bca-4bc1-9880-f5b19f88c5a1")
        #expect(gateway.chassis == "gw1")
        #expect(gateway.isUp)
        #expect(gateway.mac == MACAddress("fa:16:3e:76:4d:b9"))
        #expect(gateway.addresses.map(\.description) == ["172.24.4.57/24", "fd24::156/64"])
        #expect(gateway.network?.name == "public")
        let localnet = try #require(gateway.localnet(mappedBy: ["physnet5": "br-ex"]))
        #expect(localnet.physicalNetwork == "physnet5")
        #expect(localnet.tag == nil)
        #expect(localnet.patchPort() == "patch-provnet-b913f182-4e92-464e-8da8-5164165ab28f-to-br-int")
        #expect(gateway.localnet(mappedBy: ["physnet1": "br-ex"]) == nil)
        #expect(blue.isDistributed)
        #expect(blue.isHosted(by: "gw1"))
        #expect(!blue.isHosted(by: "gw2"))
        #expect(blue.speaker == "gw1")
    }

    @Test("interfaces of one network keep their own subnets, and hosts stand behind each that holds an address of theirs")
    func interfaces() throws {
        let blue = try #require(try World.with(.neutron) { try $0.view() }.routers(id: blueID).first)
        #expect(blue.subnets.map(\.description) == ["10.0.1.0/24", "10.0.2.0/24", "fd10:1::/64"])
        let byAddress = Dictionary(uniqueKeysWithValues: blue.interfaces.map { ($0.addresses.map(\.description).joined(), $0) })
        let v4 = try #require(byAddress["10.0.1.1/24"])
        let v6 = try #require(byAddress["fd10:1::/64"])
        let second = try #require(byAddress["10.0.2.1/24"])
        #expect(blue.interfaces.count == 3)
        #expect(v4.network == v6.network)
        #expect(v4.network?.name == "blue-net1")
        #expect(second.network?.name == "blue-net2")
        #expect(v4.mac == MACAddress("fa:16:3e:bf:a2:a0"))
        func hosts(_ interface: RouterInterface) -> [String] {
            interface.hosts.map { "\($0.name ?? "") \($0.chassis ?? "nowhere") \($0.addresses.map(\.description).joined(separator: " "))" }
                .sorted()
        }
        #expect(hosts(v4) == ["blue-vm1 cmp1 10.0.1.177", "blue-vm3 cmp1 10.0.1.95"])
        #expect(hosts(second) == ["blue-vm2 cmp1 10.0.2.124"])
        #expect(
            Set(v6.hosts.flatMap(\.addresses))
                == [IPAddress("fd10:1::f816:3eff:fe3e:9481"), IPAddress("fd10:1::f816:3eff:fed9:ebc4")])
        #expect(v4.hosts.map(\.logicalPort) == v6.hosts.map(\.logicalPort))
    }

    @Test("tenants with the same subnets keep their own hosts")
    func overlap() throws {
        let view = try World.with(.neutron) { try $0.view() }
        let blue = try #require(view.routers(id: blueID).first)
        let red = try #require(view.routers(id: redID).first)
        #expect(blue.subnets == red.subnets)
        func names(_ router: RouterView) -> Set<String> { Set(router.interfaces.flatMap(\.hosts).compactMap(\.name)) }
        #expect(names(blue) == ["blue-vm1", "blue-vm2", "blue-vm3"])
        #expect(names(red) == ["red-vm1", "red-vm2", "red-vm3"])
        func addresses(_ router: RouterView) -> Set<IPAddress> { Set(router.interfaces.flatMap(\.hosts).flatMap(\.addresses)) }
        #expect(addresses(blue).isDisjoint(with: addresses(red)))
    }

    @Test("SNAT, floating IPs, default and extra routes are read (incumbent's defect 17)")
    func natAndRoutes() throws {
        let view = try World.with(.neutron) { try $0.view() }
        let blue = try #require(view.routers(id: blueID).first)
        let snat = try #require(blue.natRules.first { $0.kind == .snat })
        #expect(snat.logical == IPPrefix("0.0.0.0/0"))
        #expect(snat.external == IPAddress("172.24.4.57"))
        #expect(snat.exempted == nil && snat.allowed == nil)
        let floating = try #require(blue.natRules.first { $0.kind == .dnatAndSNAT })
        #expect(floating.logical == IPPrefix("10.0.1.95/32"))
        #expect(floating.external == IPAddress("172.24.4.179"))
        #expect(!floating.isDistributed)
        #expect(blue.natRules.count == 2)
        #expect(blue.hasDefaultRoute(.ipv4) && blue.hasDefaultRoute(.ipv6))
        let green = try #require(view.routers(id: greenID).first)
        #expect(green.natRules.isEmpty)
        let extra = try #require(green.staticRoutes.first { $0.prefix == IPPrefix("192.168.77.0/24") })
        #expect(extra.nextHop == IPAddress("10.0.9.200"))
        #expect(green.interfaces.flatMap(\.hosts).isEmpty)
    }

    @Test("a new revision number, a floating IP's ARP list and a security group change nothing in the view")
    func irrelevant() throws {
        try World.with(.neutron) { world in
            let before = try world.view()
            try world.sb(
                #"set Port_Binding f1c81c2a-a5cb-4475-8a20-ebb21e758b6c external_ids:neutron\:revision_number=9 external_ids:neutron\:security_group_ids=x"#,
                "add Port_Binding 1152f9bc-79c9-4711-8cf0-f7ddecc1372e nat_addresses '\"fa:16:3e:9f:c5:8a 172.24.4.9\"'")
            #expect(try world.view() == before)
        }
    }

    @Test("until the northbound replica is there, all but NAT and routes is known")
    func southboundAlone() throws {
        try World.with(.neutron) { world in
            let whole = try world.view()
            let view = CloudView(southbound: try world.southbound.replica(OVNMonitor.southbound), northbound: OVSDBReplica())
            #expect(view.problems.isEmpty)
            #expect(view.routers.map(\.name) == whole.routers.map(\.name))
            #expect(view.routers.map(\.interfaces) == whole.routers.map(\.interfaces))
            #expect(view.routers.allSatisfy { $0.natRules.isEmpty && $0.staticRoutes.isEmpty })
        }
    }
}
