import Foundation
import NetworkTypes
import OVN
import Testing

private func prefix(_ text: String) -> IPPrefix { IPPrefix(text)! }

@Suite("What takes packets elsewhere in a router, with ovn-trace as the truth", .serialized, .timeLimit(.minutes(2)))
struct DiversionTests {
    private static let subnets: Set<IPPrefix> = [prefix("10.0.1.0/24"), prefix("fd10:1::/64")]
    private static let route = "lr-route-add neutron-\(Names.router)"
    private static let policy = "lr-policy-add neutron-\(Names.router)"

    @Test("routes and policies that take packets to federated destinations are found, and no others", arguments: Case.all)
    func cases(_ example: Case) throws {
        try World.traced { world in
            for line in example.lines { try world.nb(line) }
            try world.sync()
            let router = try #require(try world.router())
            let found = router.diversions(of: [prefix("10.2.0.11/32")], from: Self.subnets)
            #expect(found.contains(where: \.isCertain) == example.diverts, "\(found)")
            #expect(found.isEmpty != (example.diverts || example.isUnsure), "\(found)")
            let (leaves, trace) = (try world.leaves(to: "10.2.0.11"), try world.trace(to: "10.2.0.11"))
            #expect(leaves == !(example.diverts || example.isTaken), "\(trace)")
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var lines: [String]
        var diverts = false
        /// Found, as something that may take them.
        var isUnsure = false
        /// It does take them.
        var isTaken = false
        var testDescription: String { name }

        static let all = [
            Case(name: "nothing but the default route", lines: []),
            Case(name: "an extra route to a machine", lines: ["\(route) 10.2.0.0/16 10.0.1.5"], diverts: true),
            Case(name: "an extra route for others", lines: ["\(route) 10.3.0.0/16 10.0.1.5"]),
            Case(name: "a route to another next hop of the provider network", lines: ["\(route) 10.2.0.0/16 172.24.4.77"]),
            Case(name: "a route that discards", lines: ["\(route) 10.2.0.0/16 discard"], diverts: true),
            Case(
                name: "a wide route to a machine, and a longer one by the gateway",
                lines: ["\(route) 10.0.0.0/8 10.0.1.5", "\(route) 10.2.0.0/16 172.24.4.1"]),
            Case(name: "a next hop in no network of the router", lines: ["\(route) 10.2.0.0/16 192.0.2.77"]),
            Case(name: "a route by source", lines: ["--policy=src-ip \(route) 10.0.1.0/24 10.0.1.5"], diverts: true),
            Case(
                name: "a route by source, shorter than one by destination",
                lines: ["--policy=src-ip \(route) 10.0.1.0/24 10.0.1.5", "\(route) 10.2.0.11/32 172.24.4.1"]),
            Case(
                name: "a route by an interface, whatever network its next hop is in", lines: ["\(route) 10.2.0.0/16 192.0.2.77 lrp-if4"],
                diverts: true),
            Case(
                name: "a route by the gateway port, whatever network its next hop is in",
                lines: ["\(route) 10.2.0.0/16 192.0.2.77 lrp-gw"]),
            Case(name: "a route of another table", lines: ["--route-table=other \(route) 10.2.0.0/16 10.0.1.5"]),
            Case(name: "a policy that drops", lines: ["\(policy) 100 'ip4.dst == 10.2.0.0/16' drop"], diverts: true),
            Case(name: "a policy for other destinations", lines: ["\(policy) 100 'ip4.dst == 10.3.0.0/16' drop"]),
            Case(name: "a policy for other sources", lines: ["\(policy) 100 'ip4.src == 10.9.0.0/16' drop"]),
            Case(name: "a policy for the other family", lines: ["\(policy) 100 'ip6' drop"]),
            Case(
                name: "a policy before which another one allows",
                lines: ["\(policy) 100 'ip4.dst == 10.2.0.0/16' drop", "\(policy) 200 'ip4.dst == {10.2.0.0/24, 10.4.0.0/24}' allow"]),
            Case(
                name: "a policy before which another one allows others",
                lines: ["\(policy) 100 'ip4.dst == 10.2.0.0/16' drop", "\(policy) 200 'ip4.dst == 10.2.1.0/24' allow"], diverts: true),
            Case(name: "a policy to a machine", lines: ["\(policy) 100 'ip4.src == 10.0.1.0/24' reroute 10.0.1.5"], diverts: true),
            Case(name: "a policy by the gateway", lines: ["\(policy) 100 'ip4.src == 10.0.1.0/24' reroute 172.24.4.1"]),
            Case(
                name: "a policy for one port",
                lines: ["\(policy) 100 'inport == \"lrp-if4\" && ip4.dst == 10.2.0.0/16' drop"], isUnsure: true, isTaken: true),
            Case(
                name: "a policy with alternatives",
                lines: ["\(policy) 100 'ip4.dst == 10.8.0.0/16 || ip4.dst == 10.2.0.0/16' drop"], isUnsure: true, isTaken: true),
        ]
    }

    @Test("of any routes and policies, what is found is what ovn-trace shows")
    func anything() throws {
        var random = SeededGenerator(state: 11)
        let destinations = ["10.2.0.11", "10.2.1.11", "10.3.0.11", "10.77.0.1"]
        let prefixes = ["10.0.0.0/8", "10.2.0.0/15", "10.2.0.0/16", "10.2.0.0/24", "10.2.0.11/32", "10.3.0.0/24", "0.0.0.0/1"]
        let hops = ["10.0.1.5", "172.24.4.1", "172.24.4.77", "192.0.2.1"]
        try World.traced { world in
            for round in 0..<12 {
                try world.nb("lr-policy-del neutron-\(Names.router)", "clear Logical_Router neutron-\(Names.router) static_routes")
                try world.nb("\(Self.route) 0.0.0.0/0 172.24.4.1")
                var lines: [String] = []
                for prefix in prefixes where Int.random(in: 0..<3, using: &random) == 0 {
                    lines.append("\(Self.route) \(prefix) \(hops.randomElement(using: &random) ?? "discard")")
                }
                for priority in 1...3 where Bool.random(using: &random) {
                    let side = ["ip4.dst", "ip4.src"].randomElement(using: &random) ?? "ip4.dst"
                    let value = side == "ip4.src" ? "10.0.1.0/24" : prefixes.randomElement(using: &random) ?? "10.0.0.0/8"
                    let action = ["drop", "allow", "reroute 10.0.1.5", "reroute 172.24.4.1"].randomElement(using: &random) ?? "drop"
                    lines.append("\(Self.policy) \(priority) '\(side) == \(value)' \(action)")
                }
                for line in lines { try world.nb(line) }
                try world.sync()
                let router = try #require(try world.router())
                for destination in destinations {
                    let host = prefix("\(destination)/32")
                    let isFound = router.diversions(of: [host], from: Self.subnets).contains(where: \.isCertain)
                    #expect(try world.leaves(to: destination) == !isFound, "round \(round), \(destination): \(lines)")
                }
            }
        }
    }

    @Test("a router's port that was taken down lets nothing through, at either end of the link")
    func portsTakenDown() throws {
        try World.traced { world in
            try world.bind("cr-lrp-gw", to: "gw1")
            #expect(try world.router()?.gateways.map(\.isUp) == [true])
            #expect(try world.hosts() == ["vm1@cmp1: 10.0.1.10"])
            try world.nb("set Logical_Router_Port lrp-if4 enabled=false")
            try world.sync()
            #expect(try world.router()?.disabledPorts.map(\.name) == ["lrp-if4"])
            #expect(try !world.leaves(to: "10.2.0.11"))
            try world.nb("set Logical_Router_Port lrp-if4 enabled=true", "lsp-set-enabled if4 disabled")
            try world.sync()
            #expect(try world.router()?.disabledPorts == [])
            #expect(try world.hosts() == [])
            try world.nb("lsp-set-enabled if4 enabled", "lsp-set-enabled gw disabled")
            #expect(try world.hosts() == ["vm1@cmp1: 10.0.1.10"])
            #expect(try world.router()?.gateways.map(\.isUp) == [false])
        }
    }
}

@Suite("Matches of router policies")
struct PolicyMatchTests {
    @Test("conditions on source and destination are understood, alone and together")
    func understood() {
        let both = PolicyMatch("ip4 && (ip4.src == 10.0.1.0/24) && ip4.dst == {10.2.0.0/16, 10.3.0.1}")
        #expect(both.isWhole)
        #expect(both.family == .ipv4)
        #expect(both.sources == [prefix("10.0.1.0/24")])
        #expect(both.destinations == [prefix("10.2.0.0/16"), prefix("10.3.0.1/32")])
        #expect(PolicyMatch("1").isWhole)
        #expect(PolicyMatch("ip6.dst==fd10:2::/64").destinations == [prefix("fd10:2::/64")])
    }

    @Test(
        "what is not understood is said, and takes away no condition that is",
        arguments: [
            "ip4.dst == $as && ip4.src == 10.0.1.0/24", "ip4.src == 10.0.1.0/24 && tcp.dst == 80",
            "ip4.src == 10.0.1.0/24 && inport == \"a\"",
            "ip4.src == 10.0.1.0/24 && ip4.dst == 10.0.0.0/255.0.255.0",
        ])
    func partly(_ text: String) {
        let match = PolicyMatch(text)
        #expect(!match.isWhole)
        #expect(match.sources == [prefix("10.0.1.0/24")])
    }

    @Test("alternatives, negations and what is too long may match anything", arguments: ["a || b", "ip4.dst != 10.0.0.0/8", "!ip4"])
    func anything(_ text: String) {
        #expect(!PolicyMatch(text).isWhole)
        #expect(PolicyMatch(text).destinations == nil)
        #expect(!PolicyMatch(String(repeating: "1 && ", count: 1_000) + "1").isWhole)
    }
}

extension World {
    /// A small cloud with a machine, and a default route.
    fileprivate static func traced<T>(_ body: (World) throws -> T) throws -> T {
        try small { world in
            try world.nb("lr-route-add neutron-\(Names.router) 0.0.0.0/0 172.24.4.1")
            try world.addPort("vm1", "02:00:00:00:00:10 10.0.1.10")
            try world.bind("vm1", to: "cmp1")
            return try body(world)
        }
    }

    /// Whether the router sends packets of the machine by its gateway port, as ovn-trace follows northd's flows.
    fileprivate func leaves(to destination: String) throws -> Bool {
        let trace = try trace(to: destination)
        // Of the router's stages: where it decides last. A packet that is dropped does not come to the address resolution.
        let router = trace.components(separatedBy: "inport=\"lrp-if4\")").dropFirst().first ?? ""
        let ports = router.matches(of: /outport = "(lrp-[a-z0-9]+|cr-lrp-[a-z0-9]+)"/).map { String($0.1) }
        return router.contains("lr_in_arp_resolve") && ports.last?.hasSuffix("lrp-gw") == true
    }

    fileprivate func trace(to destination: String) throws -> String {
        let mac = try nb("--bare --columns=mac find Logical_Router_Port name=lrp-if4")
        return try Tool.run([
            "ovn-trace", "--db=\(southbound.remote)", "--detailed", "neutron-\(Names.network)",
            "inport == \"vm1\" && eth.src == 02:00:00:00:00:10 && eth.dst == \(mac) && ip4.src == 10.0.1.10 && ip4.dst == \(destination) "
                + "&& ip.ttl == 64 && icmp4.type == 8",
        ])
    }
}
