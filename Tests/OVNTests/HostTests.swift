import Foundation
import NetworkTypes
import OVN
import OVSDB
import Testing

@Suite("Hosts behind a router, as ports come, change and go", .serialized, .timeLimit(.minutes(1)))
struct HostTests {
    @Test("a port is a host while it is bound, wherever it is bound, until the last one (defect 12)")
    func boundAndUnbound() throws {
        try World.small { world in
            try world.addPort("vm1", "02:00:00:00:01:01 10.0.1.11 fd10:1::11")
            #expect(try world.hosts() == [])
            #expect(try world.router()?.interfaces.flatMap(\.unbound).map(\.logicalPort) == ["vm1", "vm1"])
            try world.bind("vm1", to: "cmp1")
            #expect(try world.hosts() == ["vm1@cmp1: 10.0.1.11", "vm1@cmp1: fd10:1::11"])
            #expect(try world.router()?.interfaces.flatMap(\.unbound) == [])
            try world.bind("vm1", to: "gw2")
            #expect(try world.hosts() == ["vm1@gw2: 10.0.1.11", "vm1@gw2: fd10:1::11"])
            try world.unbind("vm1")
            #expect(try world.hosts() == [])
            try world.bind("vm1", to: "cmp1")
            try world.nb("lsp-del vm1")
            try world.sync()
            #expect(try world.hosts() == [])
        }
    }

    @Test("an address that changes on a live port changes the host (defect 11)")
    func addressChange() throws {
        try World.small { world in
            try world.addPort("vm1", "02:00:00:00:01:01 10.0.1.11")
            try world.bind("vm1", to: "cmp1")
            let before = try world.view()
            try world.setAddresses(of: "vm1", ["02:00:00:00:01:01 10.0.1.12 10.0.1.13"])
            #expect(try world.hosts() == ["vm1@cmp1: 10.0.1.12 10.0.1.13"])
            #expect(try world.view() != before)
            try world.setAddresses(of: "vm1", ["unknown"])
            #expect(try world.hosts() == [])
        }
    }

    @Test("a port that goes down without being unbound is seen (defect 11)")
    func down() throws {
        try World.small { world in
            try world.addPort("vm1", "02:00:00:00:01:01 10.0.1.11")
            try world.bind("vm1", to: "cmp1")
            #expect(try world.router()?.interfaces.flatMap(\.hosts).map(\.isUp) == [true])
            try world.sb("set Port_Binding vm1 up=false")
            #expect(try world.router()?.interfaces.flatMap(\.hosts).map(\.isUp) == [false])
        }
    }

    @Test("every prefix of a router port counts, not the first only (defect 13)")
    func severalPrefixes() throws {
        try World.small { world in
            try world.nb("set Logical_Router_Port lrp-if6 networks=[\"fd10:1::1/64\",\"fd10:2::1/64\",\"10.0.5.1/24\"]")
            try world.addPort("vm1", "02:00:00:00:01:01 10.0.1.11 fd10:1::11 fd10:2::11 10.0.5.11 fd99::1")
            try world.bind("vm1", to: "cmp1")
            #expect(try world.hosts() == ["vm1@cmp1: 10.0.1.11", "vm1@cmp1: fd10:1::11 fd10:2::11 10.0.5.11"])
            #expect(try world.router()?.subnets.map(\.description) == ["10.0.1.0/24", "10.0.5.0/24", "fd10:1::/64", "fd10:2::/64"])
        }
    }

    @Test("VIFs, virtual ports and machines outside of OVN (SR-IOV, bare metal) are hosts; DHCP and router ports are not")
    func kinds() throws {
        try World.small { world in
            let ports = [("dhcp", "localport"), ("ext", "external"), ("vip", "virtual"), ("vm1", "")]
            for (number, (port, type)) in ports.enumerated() {
                try world.addPort(port, "02:00:00:00:02:0\(number) 10.0.1.2\(number)")
                try world.nb("lsp-set-type \(port) '\(type)'")
            }
            try world.nb("lsp-set-options vip virtual-ip=10.0.1.22 virtual-parents=vm1")
            try world.sync()
            for (port, _) in ports { try world.bind(port, to: "cmp1") }
            #expect(try world.hosts() == ["ext@cmp1: 10.0.1.21", "vip@cmp1: 10.0.1.22", "vm1@cmp1: 10.0.1.23"])
        }
    }

    @Test("several entries are read; unknown and dynamic name no address, and are no problem")
    func entries() throws {
        try World.small { world in
            try world.nb("set Logical_Switch neutron-\(Names.network) other_config:subnet=10.0.1.0/24")
            try world.addPort("vm1", "02:00:00:00:01:01 10.0.1.11", "02:00:00:00:01:02 10.0.1.12", "unknown")
            try world.addPort("vm2", "dynamic")
            try world.bind("vm1", to: "cmp1")
            try world.bind("vm2", to: "cmp1")
            let hosts = try world.hosts()
            #expect(hosts == ["vm1@cmp1: 10.0.1.11 10.0.1.12"], "OVN 23.03 leaves what it assigned in the northbound database")
            #expect(try world.view().problems.isEmpty)
        }
    }

    @Test("a network behind two routers shows each its own interface's hosts")
    func sharedNetwork() throws {
        try World.small { world in
            try world.addRouter(Names.uuid(11), name: "other")
            try world.attach(Names.uuid(11), Names.network, port: "ifo", "10.0.6.1/24", isGateway: false)
            try world.addPort("vm1", "02:00:00:00:01:01 10.0.1.11 10.0.6.11")
            try world.bind("vm1", to: "cmp1")
            #expect(try world.hosts() == ["vm1@cmp1: 10.0.1.11"])
            #expect(try world.hosts(Names.uuid(11)) == ["vm1@cmp1: 10.0.6.11"])
            #expect(try world.view().routers(inNetwork: Names.network).count == 2)
        }
    }

    @Test("a router port that is detached takes its hosts along and leaves the other's")
    func detach() throws {
        try World.small { world in
            try world.addPort("vm1", "02:00:00:00:01:01 10.0.1.11 fd10:1::11")
            try world.bind("vm1", to: "cmp1")
            try world.nb("lrp-del lrp-if4", "lsp-del if4")
            try world.sync()
            #expect(try world.hosts() == ["vm1@cmp1: fd10:1::11"])
        }
    }

    @Test(
        "allowed address pairs are addresses of a machine: single ones in the router's networks that are of no other port, nor of the router"
    )
    func allowedAddresses() throws {
        try World.small { world in
            try world.addPort("vm1", "02:00:00:00:01:01 10.0.1.11")
            try world.addPort("vm2", "02:00:00:00:01:02 10.0.1.12")
            try world.nb(
                "lsp-set-port-security vm1 '02:00:00:00:01:01 10.0.1.11' "
                    + "'02:00:00:00:01:01 10.0.1.99 10.0.1.12 10.0.1.1 10.9.0.1 0.0.0.0/0 10.0.1.0/24 fd10:1::99' '02:00:00:00:01:77 10.0.1.98'"
            )
            try world.sync()
            try world.bind("vm1", to: "cmp1")
            func allowed() throws -> [String] {
                (try world.router()?.interfaces ?? []).flatMap(\.hosts).filter { $0.logicalPort == "vm1" }.flatMap(\.allowed).map(
                    \.description)
            }
            #expect(try allowed() == ["10.0.1.98", "10.0.1.99", "fd10:1::99"])
            #expect(try world.hosts().contains("vm1@cmp1: 10.0.1.11"))
        }
    }

    @Test("a port that was taken down is bound nowhere, though ovn-controller keeps it and calls it up")
    func takenDown() throws {
        try World.small { world in
            try world.addPort("vm1", "02:00:00:00:01:01 10.0.1.11")
            try world.bind("vm1", to: "cmp1")
            try world.nb("lsp-set-enabled vm1 disabled")
            try world.sync()
            #expect(try world.sb("--bare --columns=up find Port_Binding logical_port=vm1") == "true")
            #expect(try world.hosts() == [])
            #expect(try world.router()?.interfaces.flatMap(\.unbound).map(\.logicalPort) == ["vm1"])
            try world.nb("lsp-set-enabled vm1 enabled")
            try world.sync()
            #expect(try world.hosts() == ["vm1@cmp1: 10.0.1.11"])
        }
    }

    @Test("a load balancer of the router answers on its addresses in the router's networks; one of a switch alone does not")
    func balancers() throws {
        try World.small { world in
            try world.nb(
                "lb-add one 10.0.1.200:80 10.0.1.11:80", "lb-add one '[fd10:1::200]:80' '[fd10:1::11]:80'",
                "lb-add one 172.24.4.99:80 10.0.1.11:80", "lb-add two 10.0.1.201:443 10.0.1.11:443", "lb-add three 10.0.1.202 10.0.1.11",
                "lr-lb-add neutron-\(Names.router) one", "ls-lb-add neutron-\(Names.network) two")
            let group = try world.nb("create Load_Balancer_Group name=g").trimmingCharacters(in: .whitespacesAndNewlines)
            let three = try world.nb("--bare --columns=_uuid find Load_Balancer name=three")
            try world.nb(
                "set Load_Balancer_Group \(group) load_balancer=\(three)",
                "set Logical_Router neutron-\(Names.router) load_balancer_group=\(group)")
            try world.sync()
            #expect(try world.router()?.balanced.map(\.description) == ["10.0.1.200", "10.0.1.202", "fd10:1::200"])
        }
    }
}
