import NetworkTypes
import Testing

@testable import Lab

@Suite("Address plan and wiring")
struct AddressPlanTests {
    @Test("every host has its own namespace, and they all begin with fl-")
    func namespaces() throws {
        let hosts = try ScenarioParserTests.shipped("two-clouds-ha").hosts
        #expect(Set(hosts.map(\.namespace)).count == hosts.count)
        #expect(hosts.allSatisfy { $0.namespace.name.hasPrefix("fl-") })
        #expect(hosts.map(\.description).contains("paris/fabric"))
        #expect(!hosts.map(\.description).contains("tokyo/fabric"))
    }

    @Test("legs in the management network: centrals and nodes in the file's order, from .10 on")
    func management() throws {
        let plan = AddressPlan(try ScenarioParserTests.shipped("two-clouds-ha"))
        #expect(plan.management(.central("paris")) == "192.168.100.10")
        #expect(plan.management(.node("paris", "cmp1")) == "192.168.100.13")
        #expect(plan.management(.central("tokyo")) == "192.168.100.14")
        #expect(plan.management(.node("paris", "blue-1")) == nil)
    }

    @Test("uplinks are numbered over all clouds; the spine has the even end")
    func uplinks() throws {
        let plan = AddressPlan(try ScenarioParserTests.shipped("two-clouds-ha"))
        #expect(plan.uplink(of: "paris", "gw2").gateway == "10.0.2.1")
        #expect(plan.uplink(of: "tokyo", "gw1") == ("10.0.3.1", "10.0.3.0"))
    }

    @Test("routers take .10, .20, .30 of the provider network")
    func externalAddresses() throws {
        let tokyo = try #require(try ScenarioParserTests.shipped("two-clouds").cloud("tokyo"))
        #expect(tokyo.external("blue-router") == ["172.24.2.10/24", "fd24:2::10/64"])
        #expect(tokyo.externalIPv4("green-router") == IPAddress("172.24.2.30"))
        #expect(tokyo.internet == [IPAddress("198.51.100.2"), IPAddress("2001:db8:2::1")])
    }

    @Test("links are made once, with both ends in namespaces of the lab and names that fit an interface")
    func links() throws {
        let scenario = try ScenarioParserTests.shipped("two-clouds-ha")
        let wiring = Wiring(scenario)
        let links = wiring.outer.filter { $0.hasPrefix("link add") }.map { $0.split(separator: " ").map(String.init) }
        var ends: Set<String> = []
        for link in links {
            for (name, namespace) in [(link[2], link[4]), (link[link.firstIndex(of: "name")! + 1], link[link.lastIndex(of: "netns")! + 1])]
            {
                #expect(name.utf8.count <= 15)
                #expect(namespace.hasPrefix("fl-"))
                #expect(ends.insert("\(namespace) \(name)").inserted, "\(namespace) has \(name) twice")
            }
        }
        #expect(wiring.inner[.internet("paris")]?.contains("address add 198.51.100.1/32 dev lo") == true)
    }

    @Test("what is outside has a leg in the management network: a guest's own device, or a pair's end; its address is nobody else's")
    func outside() throws {
        let scenario = try ScenarioParserTests.shipped("openstack")
        for (inGuest, leg) in [(true, "eth0"), (false, "fl-outside")] {
            let wiring = Wiring(scenario, inGuest: inGuest)
            #expect(wiring.outer.last { $0.hasPrefix("link set") } == "link set \(leg) netns fl-mgmt")
            #expect(wiring.inner[.management]?.contains("link set \(leg) master mgmt0 up") == true)
        }
        let plan = AddressPlan(scenario)
        #expect(!(scenario.hosts.compactMap(plan.management) + [AddressPlan.coordinator]).contains(AddressPlan.outside))
        #expect(
            Wiring(try ScenarioParserTests.shipped("two-clouds"), inGuest: true).outer.allSatisfy { !$0.contains("eth0 netns fl-mgmt") })
        #expect(Outside("openstack").namespace.name == "fl-outside-openstack")
    }

    @Test("the stand-in for the Internet knows no way to tenants")
    func noWayBack() throws {
        let wiring = Wiring(try ScenarioParserTests.shipped("two-clouds"))
        #expect(wiring.inner[.internet("paris")]?.contains { $0.hasPrefix("route") } == false)
    }

    @Test("the spine serves EVPN routes without touching them; gateways configure the underlay only")
    func routing() throws {
        let scenario = try ScenarioParserTests.shipped("two-clouds")
        let configuration = RoutingConfiguration(scenario)
        let paris = try #require(scenario.cloud("paris"))
        #expect(configuration.spine.contains("  neighbor 10.255.1.1 route-server-client"))
        #expect(configuration.spine.contains(" neighbor 10.255.1.1 passive"))
        let gateway = configuration.gateway(paris, paris.gateways[0])
        #expect(!gateway.contains("evpn") && !gateway.contains("vrf"))
        #expect(gateway.contains("no bgp default ipv4-unicast") && gateway.contains("network 10.255.1.1/32"))
    }

    @Test("a static underlay: routes by way of the spine, which tells the others, and a bgpd that nobody configured")
    func staticUnderlay() throws {
        var scenario = try ScenarioParserTests.shipped("two-clouds-ha")
        let tokyo = try #require(scenario.clouds.firstIndex { $0.name == "tokyo" })
        scenario.clouds[tokyo].underlay = .static
        let cloud = scenario.clouds[tokyo]
        let configuration = RoutingConfiguration(scenario)
        let vtep = cloud.gateways[0].vtep
        #expect(configuration.gateway(cloud, cloud.gateways[0]) == "hostname tokyo-gw1\n")
        #expect(configuration.spine.contains("  network \(vtep)/32\n") && !configuration.spine.contains("neighbor 10.0.3.1 "))
        #expect(configuration.spine.contains(" neighbor \(vtep) passive") && configuration.spine.contains(" neighbor 10.0.1.1 remote-as"))
        let wiring = Wiring(scenario)
        let routes = wiring.inner[.node("tokyo", "gw1")]?.filter { $0.hasPrefix("route add") } ?? []
        let far = scenario.clouds[1 - tokyo].gateways.map(\.vtep) + [scenario.spine.address]
        #expect(routes == far.map { "route add \($0)/32 via 10.0.3.0 dev uplink src \(vtep)" })
        #expect(wiring.inner[.spine]?.contains("route add \(vtep)/32 via 10.0.3.1 dev down3") == true)
        #expect(wiring.inner[.node("paris", "gw1")]?.contains { $0.hasPrefix("route") } == false)
    }
}
