import FederationModel
import Foundation
import NetworkTypes
import Testing
import TypedCommands
import Verification

/// Every remedy of the catalogue is typed on the machine that it names: real bgpd and zebra, with the neighbours that the gateway has in the
/// situation; real databases of OVN; a real Open vSwitch; the real parser of fedctl. Not executed, but checked by a grammar: `openstack`,
/// `systemctl`, `journalctl`.
@Suite("Every printed remedy works as typed", .serialized, .timeLimit(.minutes(5)))
struct RemedyTests {
    /// A cause in a situation.
    private struct Print: Hashable {
        var code: String
        var commands: [TypedCommand]
    }

    /// What is printed in every situation that a test breaks, with sessions between the gateways and with a route server.
    private static func prints(routeServer: Bool) -> [Print] {
        var causes: [Cause] = []
        for breakage in Breakage.all where !breakage.testDescription.contains("complains of") {
            var world = World(routeServer: routeServer)
            breakage.breakIt(&world)
            causes += world.verdicts().compactMap(\.cause)
        }
        var leak = World(routeServer: routeServer)
        leak.blue("tokyo/gw1") {
            $0.effective!.importTargets.append(target("64900:2"))
            $0.imported += $0.imported
        }
        causes += leak.verdicts().compactMap(\.cause)
        return causes.map { Print(code: $0.code, commands: TypedCommand.all(in: $0.remedy)) }
    }

    /// paris or tokyo, as its intent has it.
    private func bench(_ cloud: String, routeServer: Bool) throws -> Bench {
        let world = World(routeServer: routeServer)
        let intent = try #require(world.intents[gateway("\(cloud)/gw1")])
        let vpn = try #require(intent.vpns[vpn("blue")])
        let bench = try Bench("\(cloud.prefix(1))\(routeServer ? "s" : "d")")
        // What the machine has, as far as remedies ask for it.
        try bench.ip("addr add \(intent.base.vtep)/32 dev lo")
        for part in [
            "link add br10001 type bridge", "link set br10001 up",
            "link add vx10001 type vxlan id \(vpn.encapsulation.vni) dstport 4789 local \(intent.base.vtep) nolearning",
            "link set vx10001 master br10001",
            "link set vx10001 up",
        ] { try bench.ip(part) }
        var lines = [
            "vni \(vpn.encapsulation.vni)", "router bgp \(intent.base.asn)", " bgp router-id \(intent.base.vtep)",
            " no bgp ebgp-requires-policy",
        ]
        for peer in intent.base.peers { lines.append(" neighbor \(peer.address) remote-as \(peer.asn)") }
        lines += [" address-family l2vpn evpn"] + intent.base.peers.map { "  neighbor \($0.address) activate" }
        lines += [
            "  advertise-all-vni", "  rd \(vpn.routeDistinguisher)", "  route-target import \(vpn.importTargets[0])",
            "  route-target export \(vpn.exportTargets[0])", " exit-address-family", "exit",
        ]
        try bench.startRouting(lines)
        // All of the underlay is here, so that pings end at home; bgpd takes no neighbour that it is itself, and so is told of them first.
        for peer in world.intents.values.map(\.base.vtep) where peer != intent.base.vtep { try bench.ip("addr add \(peer)/32 dev lo") }
        try bench.ip("addr add 10.255.0.254/32 dev lo")
        try bench.startOVN([
            ["lr-add", "neutron-id-of-blue-router"],
            ["set", "Logical_Router", "neutron-id-of-blue-router", "external_ids:neutron\\:router_name=blue-router"],
        ])
        try bench.startSwitch(bridges: ["br-int", "br-provider"])
        return bench
    }

    @Test("in every situation, at the gateways that it names", arguments: [false, true])
    func typed(routeServer: Bool) throws {
        let benches = [
            "gw1 of paris": try bench("paris", routeServer: routeServer), "gw1 of tokyo": try bench("tokyo", routeServer: routeServer),
        ]
        let prints = Self.prints(routeServer: routeServer)
        #expect(prints.count > 50)
        var typed: Set<TypedCommand> = []
        for print in prints {
            for command in print.commands where typed.insert(command).inserted {
                let bench = try #require(benches[command.place ?? "gw1 of tokyo"], "\(command) names a gateway that there is")
                do {
                    try bench.type(command.line)
                } catch {
                    Issue.record("\(print.code): \(command): \(error)")
                }
            }
        }
        // What would pass without anything being typed is no test.
        #expect(typed.count { $0.line.hasPrefix("vtysh") } > 15 && typed.contains { $0.line.hasPrefix("ovn-nbctl") }, "\(typed)")
    }

    @Test("no remedy has a command outside of backticks, where nothing would try it, or an odd backtick")
    func marked() {
        for routeServer in [false, true] {
            for breakage in Breakage.all {
                var world = World(routeServer: routeServer)
                breakage.breakIt(&world)
                for cause in world.verdicts().compactMap(\.cause) where !breakage.testDescription.contains("complains of") {
                    #expect(TypedCommand.stray(in: cause.remedy) == nil, "\(cause.code): \(cause.remedy)")
                }
            }
        }
    }

    @Test("a command for a neighbour that the gateway does not have is refused by the bench, so that it cannot pass unseen")
    func stranger() throws {
        let bench = try Bench("x")
        try bench.startRouting(["router bgp 65001", " neighbor 10.255.0.254 remote-as 65000", "exit"])
        try bench.startOVN()
        #expect(throws: Bench.Failure.self) { try bench.type("vtysh -c 'show bgp l2vpn evpn neighbors 10.255.3.1 routes'") }
        #expect(throws: Bench.Failure.self) { try bench.type("vtysh -c 'show bgp l2vpn evpn neighbors 10.255.2.1 advertised-routes'") }
        #expect(throws: Bench.Failure.self) { try bench.type("vtysh -c 'clear bgp l2vpn evpn 10.255.2.1 soft in'") }
        #expect(throws: Bench.Failure.self) { try bench.type("vtysh -c 'show nonsense'") }
        #expect(throws: Bench.Failure.self) { try bench.type("ovn-nbctl list Logical_Rooter") }
        #expect(throws: Bench.Failure.self) { try bench.type("fedctl apply -f FILE --nonsense") }
        #expect(throws: Bench.Failure.self) { try bench.type("systemctl status fed-agnet") }
        try bench.type("fedctl apply -f FILE")
    }

    @Test(
        "not-received names the neighbours that the gateways have: the route server, which is the first to be looked at where nothing comes"
    )
    func notReceived() throws {
        func remedy(routeServer: Bool, _ change: (inout World) -> Void) throws -> String {
            var world = World(clouds: ["lima", "paris", "tokyo"], routeServer: routeServer)
            change(&world)
            let cause = try #require(world.verdict("blue", "paris", "tokyo")?.cause)
            #expect(cause.catalogued == .notReceived)
            return cause.remedy
        }
        let behind = try remedy(routeServer: true) { $0.report("tokyo/gw1") { $0.received = [] } }
        #expect(behind.hasPrefix("check the route server spine (10.255.0.254) first"), "\(behind)")
        #expect(
            behind.contains("neighbors 10.255.0.254 advertised-routes") && behind.contains("neighbors 10.255.0.254 routes"), "\(behind)")
        #expect(!behind.contains("10.255.2.1") && !behind.contains("10.255.3.1"), "no VTEP is a neighbour here: \(behind)")
        let one = try remedy(routeServer: true) {
            $0.report("tokyo/gw1") { $0.received.removeAll { $0.nextHop == IPAddress("10.255.2.1")! } }
        }
        #expect(!one.hasPrefix("check") && one.hasSuffix("check the filters of the route server spine (10.255.0.254)"), "\(one)")
        let direct = try remedy(routeServer: false) { $0.report("tokyo/gw1") { $0.received = [] } }
        #expect(direct.contains("neighbors 10.255.3.1 advertised-routes") && direct.contains("neighbors 10.255.2.1 routes"), "\(direct)")
        #expect(!direct.contains("route server"), "\(direct)")
    }

    @Test("a name with a quote, a blank or a colon in it stays one word for the shell and for ovn-nbctl")
    func quoting() throws {
        let bench = try Bench("q")
        try bench.startOVN([
            ["lr-add", "neutron-7"],
            [
                "set", "Logical_Router", "neutron-7", "external_ids:neutron\\:router_name=\"it's a: router\"",
                "external_ids:\"a:b\"=\"c d\"",
            ],
        ])
        for (key, value) in [(AttachmentSelector.Key.name, "it's a: router"), (.label, "a:b=c d"), (.id, "7")] {
            var world = World()
            let selector = AttachmentSelector(kind: .router, key: key, value: value)
            world.intend("paris/gw1") { $0.vpns[vpn("blue")]!.attachments = [AttachmentIntent(selector: selector)] }
            world.blue("paris/gw1") { $0.attachments = [] }
            let remedy = try #require(world.verdict("blue", "paris", "tokyo")?.cause?.remedy)
            let command = try #require(TypedCommand.all(in: remedy).first { $0.line.hasPrefix("ovn-nbctl") })
            #expect(try bench.type(command.line).contains("neutron-7"), "\(command)")
        }
    }
}
