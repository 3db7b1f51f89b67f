import NetworkTypes
import OVN
import OVSDB
import Testing

@Suite("The node's own Open vSwitch", .serialized, .timeLimit(.minutes(1)))
struct LocalSwitchTests {
    @Test("a node knows its name, its databases and its bridges; a key for this chassis goes before the general one")
    func localChassis() throws {
        try NodeSwitch.with { node in
            #expect(try node.view().chassis == nil)
            #expect(try node.view().problems.map(\.column) == ["external_ids:system-id"])
            try node.vsctl(
                "--no-wait", "set", "Open_vSwitch", ".", "external_ids:system-id=gw1", "external_ids:hostname=host1",
                "external_ids:ovn-remote=\"tcp:192.0.2.1:6642,tcp:192.0.2.2:6642\"", "external_ids:ovn-encap-ip=10.255.1.1",
                "external_ids:ovn-bridge-mappings=\"physnet1:br-ex, physnet2:br-vlan,rubbish,:x\"")
            let chassis = try #require(try node.view().chassis)
            #expect(chassis.systemID == "gw1")
            #expect(chassis.hostname == "host1")
            #expect(chassis.southboundRemotes == ["tcp:192.0.2.1:6642", "tcp:192.0.2.2:6642"])
            #expect(chassis.northboundRemotes.isEmpty)
            #expect(chassis.encapsulationAddresses.map(\.description) == ["10.255.1.1"])
            #expect(chassis.bridgeMappings == ["physnet1": "br-ex", "physnet2": "br-vlan"])
            #expect(chassis.integrationBridge == "br-int")
            #expect(try node.view().problems.map(\.value) == [":x", "rubbish"])
            try node.vsctl(
                "--no-wait", "set", "Open_vSwitch", ".", "external_ids:ovn-bridge-mappings-gw1=physnet1:br-other",
                "external_ids:ovn-bridge-mappings-gw2=physnet1:br-no", "external_ids:ovn-bridge-gw1=br-int1",
                "external_ids:ovn-nb-remote-gw1=unix:/run/ovn/ovnnb_db.sock")
            let own = try #require(try node.view().chassis)
            #expect(own.bridgeMappings == ["physnet1": "br-other"])
            #expect(own.integrationBridge == "br-int1")
            #expect(own.northboundRemotes == ["unix:/run/ovn/ovnnb_db.sock"])
        }
    }

    @Test("bridges and ports are listed with tags and numbers; a port that could not be made has no number and says why")
    func ports() throws {
        try NodeSwitch.with { node in
            try node.startSwitch()
            try node.vsctl("add-br", "br-ex", "--", "set", "Bridge", "br-ex", "datapath_type=dummy")
            try node.vsctl(
                "add-port", "br-ex", "fedov1", "tag=4095", "--", "set", "Interface", "fedov1", "type=dummy", "ofport_request=7", "--",
                "set", "Port", "fedov1", "external_ids:ovn-federation=1")
            try node.vsctl("--no-wait", "add-port", "br-ex", "broken", "--", "set", "Interface", "broken", "type=nosuchtype")
            try Tool.wait("the broken port's error") { try node.view().bridge(named: "br-ex")?.port(named: "broken")?.error != nil }
            let bridge = try #require(try node.view().bridge(named: "br-ex"))
            #expect(bridge.datapathType == "dummy")
            #expect(bridge.ports.map(\.name) == ["br-ex", "broken", "fedov1"])
            let ours = try #require(bridge.port(named: "fedov1"))
            #expect(ours.ofport == 7)
            #expect(ours.tag == 4095)
            #expect(ours.federationMark == "1")
            #expect(ours.mac != nil)
            #expect(bridge.port(named: "broken")?.ofport == nil)
            #expect(bridge.port(named: "br-ex")?.federationMark == nil)
            #expect(try node.view().federationPorts.map(\.port.name) == ["fedov1"])
            #expect(try node.view().bridge(named: "br-none") == nil)
            let schema = try node.database.schema()
            for (table, columns) in OVNMonitor.localSwitch { #expect(Set(columns).isSubset(of: schema[table] ?? []), "\(table)") }
        }
    }

    @Test("a real ovn-controller claims VM and gateway and joins the bridges where the view looks for the patch port (defect 14)")
    func ovnController() throws {
        try World.small { world in
            try NodeSwitch.with { node in
                try node.startSwitch()
                // A second provider network on the same bridge: its patch must not be taken for the first one's.
                try world.addNetwork(Names.uuid(8), name: "public2", physical: "physnet2", tag: 301)
                try world.addRouter(Names.uuid(11), name: "other")
                try world.attach(Names.uuid(11), Names.uuid(8), port: "gwb", "172.24.5.11/24", isGateway: true)
                try world.addPort("vm1", "02:00:00:00:01:01 10.0.1.11")
                // ovn-controller claims no gateway port with several candidates while BFD reaches none of the others.
                try world.nb("lrp-del-gateway-chassis lrp-gw gw2", "lrp-del-gateway-chassis lrp-gwb gw2")
                try world.sb("chassis-del gw1")
                try node.vsctl("add-br", "br-ex", "--", "set", "Bridge", "br-ex", "datapath_type=dummy")
                try node.vsctl("add-br", "br-int", "--", "set", "Bridge", "br-int", "datapath_type=dummy", "fail_mode=secure")
                try node.vsctl(
                    "set", "Open_vSwitch", ".", "external_ids:system-id=gw1", "external_ids:ovn-remote=\(world.southbound.remote)",
                    "external_ids:ovn-encap-type=geneve", "external_ids:ovn-encap-ip=127.0.0.1",
                    "external_ids:ovn-bridge-mappings=\"physnet1:br-ex,physnet2:br-ex\"")
                try node.startController()
                try Tool.wait("the gateway's claim") { try world.router()?.speaker == "gw1" }
                #expect(try world.hosts() == [])
                try node.vsctl(
                    "add-port", "br-int", "tap1", "--", "set", "Interface", "tap1", "type=dummy", "external_ids:iface-id=vm1")
                try Tool.wait("the VM's claim") { try world.router()?.interfaces.flatMap(\.hosts).map(\.isUp) == [true] }
                #expect(try world.hosts() == ["vm1@gw1: 10.0.1.11"])

                for router in [Names.router, Names.uuid(11)] {
                    let gateway = try #require(try world.router(router)?.gateways.first)
                    let mappings = try #require(try node.view().chassis?.bridgeMappings)
                    let localnet = try #require(gateway.localnet(mappedBy: mappings))
                    try Tool.wait("the patch port of \(localnet.logicalPort)") {
                        try node.view().patchPort(of: localnet)?.port.ofport != nil
                    }
                    let patch = try #require(try node.view().patchPort(of: localnet))
                    #expect(patch.bridge.name == "br-ex")
                    #expect(patch.port.type == "patch")
                    let number = try node.vsctl("get", "Interface", "patch-\(localnet.logicalPort)-to-br-int", "ofport")
                    #expect(patch.port.ofport == UInt16(number))
                }
                try node.vsctl("del-port", "br-int", "tap1")
                try Tool.wait("the VM's release") { try world.hosts() == [] }
            }
        }
    }
}
