import Agent
import EVPN
import FRR
import FederationAPI
import FederationModel
import Foundation
import Netlink
import NetworkTypes
import OVN
import OVSDB
import OpenFlow
import SimulatedGateway
import Testing
import TypedCommands

/// Each code is found by the code that finds it, in the situation that it is said of, and the lines of its remedy are typed in that situation.
@Suite("Every remedy of a problem works as typed", .timeLimit(.minutes(3)))
struct ProblemRemedyTests {
    private static let blue = VPNName(unchecked: "blue")
    private static let red = VPNName(unchecked: "red")
    private static let node = LocalNode(chassis: "gw1", bridgeMappings: ["physnet1": "br-ex"])

    // MARK: Situations

    private static func selected(
        _ attachments: [AttachmentIntent], _ routers: [CloudBuilder.Router], node: LocalNode = node, others: [VPNIntent] = []
    ) -> [Problem] {
        var vpn = Samples.vpn("blue")
        vpn.attachments = attachments
        let vpns = Dictionary(uniqueKeysWithValues: ([vpn] + others).map { ($0.name, $0) })
        return Selection.select(vpns, in: CloudBuilder(routers).view(), at: node).problems.values.flatMap(\.self)
    }

    private static func attachment(_ kind: AttachmentSelector.Kind, _ key: AttachmentSelector.Key, _ value: String, only: String? = nil)
        -> AttachmentIntent
    {
        AttachmentIntent(selector: .init(kind: kind, key: key, value: value), only: only.map { [IPPrefix($0)!] } ?? [])
    }

    /// What attachments lead to.
    private static func selection() -> [Problem] {
        let router = CloudBuilder.Router(name: "blue-router")
        let named = attachment(.router, .name, "blue-router")
        var taker = Samples.vpn("red", vni: 10002, index: 2), guest = Samples.vpn("guest", vni: 10003, index: 3)
        taker.attachments = [attachment(.router, .id, CloudBuilder.id(router: 1))]
        guest.attachments = [attachment(.router, .id, CloudBuilder.id(router: 1), only: "10.1.0.12/32")]
        let missing = [AttachmentSelector.Kind.router, .network, .port].flatMap { kind in
            [attachment(kind, .name, "ghost"), attachment(kind, .label, "tier=none")].flatMap { selected([$0], [router]) }
        }
        // A name that meant a router of one project, and then has another one beside it, or in its place.
        var vpn = Samples.vpn("blue")
        vpn.attachments = [named]
        func look(_ routers: [CloudBuilder.Router], pins: Pins) -> Selection {
            Selection.select([blue: vpn], in: CloudBuilder(routers).view(), at: node, pins: pins)
        }
        var own = router, strange = CloudBuilder.Router(name: "blue-router", number: 2)
        (own.project, strange.project) = ("blue", "eve")
        let pins = look([own], pins: Pins()).pins
        return missing + look([own, strange], pins: pins).problems.values.flatMap(\.self)
            + look([strange], pins: pins).problems.values.flatMap(\.self)
            + selected([named], [router, .init(name: "blue-router", number: 2)])
            + selected([named], [router], others: [taker, guest])
            + selected([attachment(.router, .name, "blue-router", only: "10.7.0.0/16")], [router])
            + selected([named], [.init(name: "blue-router", chassis: nil, hasGateway: false)])
            + selected([named], [router], node: LocalNode(chassis: "gw1", bridgeMappings: [:]))
            + selected([named], [.init(name: "blue-router", staticRoutes: ["192.168.5.0/24 10.1.0.12"])])
    }

    /// What is associated with BGPVPNs that do not fit.
    private static func associated() -> [Problem] {
        let uuid = "0f8fad5b-d9cb-469f-a165-70867728950e"
        func mark(_ members: String, _ by: String = "router") -> [String: String] {
            ["ovn_federation:bgpvpn/\(uuid)": "{\"by\":\"\(by)\"\(members)}"]
        }
        func found(_ selector: AttachmentSelector, _ change: (inout CloudBuilder.Router) -> Void) -> [Problem] {
            var router = CloudBuilder.Router(name: "blue-router")
            change(&router)
            var vpn = Samples.vpn("blue")
            vpn.attachments = [AttachmentIntent(selector: selector)]
            let view = CloudBuilder([router]).view()
            return Selection.unreadable(in: view) + Selection.select([blue: vpn], in: view, at: node).problems.values.flatMap(\.self)
        }
        let byID = AttachmentSelector(kind: .bgpvpn, key: .id, value: uuid)
        return found(byID) { $0.interfaceLabels = mark(",\"vni\":7,\"rt\":[\"64900:7\"],\"rd\":[\"65001:9\"]") }
            + found(byID) { $0.networkLabels = mark(",\"type\":\"l2\"", "network") }
            + found(byID) { $0.interfaceLabels = mark(",") }
            + found(AttachmentSelector(kind: .bgpvpn, key: .vni, value: "7")) {
                $0.interfaceLabels = mark(",\"vni\":7,\"project\":\"blue\"")
                $0.networkLabels = mark(",\"vni\":7,\"project\":\"eve\"", "network")
            }
            + found(AttachmentSelector(kind: .router, key: .label, value: "a:b=c d")) { $0.labels = ["a:b": "c d"] }
    }

    private static let wired: ObservedSwitch = {
        func port(_ number: UInt32) -> ObservedSwitchPort { ObservedSwitchPort(bridge: "br-ex", tag: 4095, ofport: number) }
        return ObservedSwitch(
            ports: ["fedov1": port(7), "fedov2": port(8)], patchPorts: ["patch-provnet-1-to-br-int": 2], bridges: ["br-ex"])
    }()

    private static func design(
        _ routers: [HostedRouter], _ destinations: [VPNName: Set<IPPrefix>] = [:], switching: ObservedSwitch = wired,
        _ change: (inout GatewayIntent) -> Void = { _ in }
    ) -> HostDesign {
        var intent = Samples.intent(vpns: [Samples.vpn("blue"), Samples.vpn("red", vni: 10002, index: 2)])
        change(&intent)
        var indexes = LocalIndexes()
        return Designer.design(.init(intent: intent, routers: routers, destinations: destinations, switching: switching), indexes: &indexes)
    }

    /// What the design of a node and the plan towards it find.
    private static func designed() -> [Problem] {
        func problems(_ design: HostDesign) -> [Problem] { design.vpns.values.flatMap(\.problems) }
        let shared = Samples.router("red", id: "blue-id", hosts: [], subnets: ["10.1.9.0/24"], connected: ["10.1.0.0/24"], isShared: true)
        let twin = Samples.router(id: "z", mac: "fa:16:3e:00:01:21", address: "172.24.1.20")
        var oneFamily = Samples.router()
        oneFamily.gatewayAddresses = [IPAddress("172.24.1.10")!]
        var bare = wired
        bare.patchPorts = [:]
        var found = problems(
            design([Samples.router(), shared], [blue: Samples.prefixes("10.2.0.11/32"), red: Samples.prefixes("10.2.0.11/32")]))
        found +=
            problems(design([Samples.router(), twin])) + problems(design([oneFamily]))
            + problems(design([Samples.router()], switching: bare))
        found += problems(design([Samples.router()], [blue: Samples.prefixes("10.255.2.1/32")]))
        found += problems(design([Samples.router()]) { $0.vpns[blue]?.maximumPrefixes = 1 })
        found += problems(
            design([]) {
                $0.vpns[blue]?.localPreference = 200
                $0.base.management = .external
            })
        let ours = Samples.intent().base.asn
        var host = SimulatedHost()
        host.routing.base = SimulatedHost.base("router bgp 4200000001\n neighbor 10.255.0.254 remote-as 65009")
        host.kernel.links["fedbr1"] = ObservedLink(kind: nil, master: nil, mac: nil, mtu: 1500, isUp: true)
        host.switching.bridges = []
        let plain = design([Samples.router()], switching: host.switching)
        found += Planner.plan(base: plain.base, asn: ours, on: host.observed).problems
        found += plain.vpns.values.flatMap { Planner.plan($0, beside: [], isBaseInForce: true, on: host.observed).problems }
        host.kernel.links["fedbr1"] = nil
        found += plain.vpns.values.flatMap { Planner.plan($0, beside: [], isBaseInForce: true, on: host.observed).problems }
        host.routing.passwords = .unreadable("cannot open /etc/none: No such file or directory")
        found +=
            Planner.plan(
                base: design([], switching: host.switching) { $0.base.failureDetection = .bfd }.base, asn: ours, on: host.observed
            ).problems
        host.kernel.links["fedbr1"] = ObservedLink(kind: .bridge, master: nil, mac: nil, mtu: 1450, isUp: true)
        var seen = host.observed
        let vtep = IPAddress("10.255.2.1")!, prefix = IPPrefix("10.2.0.11/32")!
        seen.kernel?.tunnels[10001] = [prefix: TunnelRoute(prefix: prefix, nextHop: vtep, isReady: true)]
        seen.kernel?.paths = ForwardingPaths(
            overrides: [
                10001: [
                    RouteOverride(what: "a route", prefix: prefix, removal: "ip route del blackhole 10.2.0.11/32 table 10001 metric 1"),
                    RouteOverride(what: "a rule", prefix: prefix, removal: "ip rule del pref 500"),
                ]
            ], underlay: [vtep: UnderlayPath(device: "uplink", mtu: 1400)])
        found += plain.vpns.values.flatMap { Planner.plan($0, beside: [], isBaseInForce: true, on: seen).problems }
        host.asn = ASN("65001")
        found += Planner.plan(base: plain.base, asn: ours, on: host.observed).problems
        host.asn = nil
        return found + Planner.plan(base: nil, asn: ours, on: host.observed).problems
    }

    /// What keeps an agent from advertising.
    private static func undeliverable() -> [Problem] {
        func problems(_ change: (inout World) -> Void) -> [Problem] {
            var world = World()
            change(&world)
            world.run()
            return world.core.problems[blue] ?? []
        }
        return problems { $0.refusesFlows = true } + problems { $0.routers[0].isGatewayUp = false }
            + problems {
                $0.routers[0].hosts = ["10.1.0.11", "10.1.0.12"]
                $0.routers[0].distributed = ["10.1.0.11"]
                $0.routers[0].down = [1]
            }
    }

    /// What the running agent finds.
    private static func running() -> [Problem] {
        var world = World()
        world.refuses = red
        world.routers[0].isTranslated = true
        world.northbound.sets = [
            AddressSet(
                uuid: OVSDBUUID(high: 9, low: 9), name: ExemptionPlan.setName(router: CloudBuilder.id(router: 1), family: .ipv4),
                addresses: [], federatedRouter: nil)
        ]
        world.run()
        let nat = world.core.report(of: Samples.vpn("blue"), RoutingTables())
        let own =
            [Reporter.unreachable("closed"), Reporter.notForwarding(.forwarding(.ipv6, "all"))]
            + [Reporter.filtersSources(.reversePathFilter("all"), "1")] + filtered()
            + [TunnelGuard.notInForce(TunnelGuard.Failure(reason: "cannot start nft"))]
        var lost = NextHopTests.world(known: [])
        for _ in 0..<15 {
            lost.now += 1_000
            lost.run()
        }
        var diverting = NextHopTests.world(known: [IPAddress("172.24.1.1")!])
        diverting.routers[0].staticRoutes.append("10.2.0.0/24 10.1.0.12")
        diverting.routers[0].policies = ["10 drop ip4.dst == 10.2.0.0/24", "20 drop tcp"]
        diverting.routers[0].disabledPorts = ["lrp-t1"]
        diverting.run()
        return nat.problems + (world.core.problems[red] ?? []) + (diverting.core.problems[blue] ?? []) + own + learned()
            + (lost.core.problems[blue] ?? [])
    }

    /// What it finds in what others announce.
    private static func learned() -> [Problem] {
        var intent = World.both
        intent.vpns[blue]?.maximumLearnedPerOrigin = 1
        intent.vpns[blue]?.origins = [
            RouteOrigin(vtep: IPv4Address("10.255.2.1")!, asn: ASN("4200000002")!, cloud: CloudName(unchecked: "tokyo"))
        ]
        intent.vpns[blue]?.rights = [OriginRight(rules: [PrefixRule(.permit, IPPrefix("10.2.0.0/24")!, le: 32)])]
        var world = World(stored: intent)
        let tokyo = IPAddress("10.255.2.1")!
        for prefix in Samples.prefixes("10.2.0.11/32", "10.2.0.12/32") {
            world.host.kernel.tunnels[LocalNames(index: 1).table, default: [:]][prefix] = TunnelRoute(
                prefix: prefix, nextHop: tokyo, isReady: true)
        }
        world.run()
        var tables = RoutingTables()
        tables.imported["fed1"] = [ImportedRoute(prefix: IPPrefix("10.9.0.1/32")!, nextHop: tokyo, isBest: true)]
        return intent.vpns[blue].map { world.core.report(of: $0, tables).problems } ?? []
    }

    /// What a firewall is complained of.
    private static func filtered() -> [Problem] {
        ForwardFilter(
            [.init(name: "chain FORWARD", remedy: "nft insert rule ip filter FORWARD iifname '\"fed*\"' accept", drops: true)],
            unread: "nft fails"
        ).problems([1: .init()])
    }

    /// What stands in the way in Open vSwitch.
    private static func contested() async throws -> [Problem] {
        let flows = design([Samples.router()], [blue: Samples.prefixes("10.2.0.11/32")]).vpns.values.flatMap { $0.flows["br-ex"] ?? [] }
        let everything = FlowMatch(destination: IPPrefix("10.0.0.0/8"))
        let contest = SwitchContest(
            bridge: "br-provider",
            rules: [
                FoundRule(cookie: 7, priority: 3000, match: everything),
                FoundRule(cookie: 8, priority: 3000, match: everything, isConditional: true),
            ], ports: [PortState(number: 7, name: "fedov1", forwardsNothing: true)])
        let directory = "/tmp/conntrack-\(getpid())"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for name in ["nf_conntrack_count", "nf_conntrack_max"] {
            try "1000\n".write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
        }
        return contest.problems(of: Set(flows), routerMAC: Samples.intent().base.routerMAC).values.flatMap(\.self)
            + (await ConnectionTracking(directory: directory, kernel: directory).problems())
    }

    /// More than a report holds.
    private static func many() -> [Problem] {
        TextLimits.cut((0...100).map { Problem(told: "word", message: "\($0)", remedy: "") }).filter { $0.code != nil }
    }

    /// What is said while databases lack what is there.
    private static func held() -> [Problem] {
        let changes: [(inout World) -> Void] = [
            { $0.cloud.chassis = ["gw2"] }, { $0.routers[0].isInSouthbound = false }, { $0.routers[0].isInNorthbound = false },
        ]
        return changes.flatMap { change in
            var world = World()
            world.routers[0].isTranslated = true
            world.run()
            change(&world)
            world.run()
            world.now += 3_000
            world.run()
            return world.core.baseProblems + world.core.problems.values.joined()
        }
    }

    // MARK: Tests

    @Test("every code, on a node that has what the situation has")
    func typed() async throws {
        let problems =
            Self.selection() + Self.associated() + Self.designed() + Self.undeliverable() + Self.running() + Self.held() + Self.many()
            + (try await Self.contested())
        let missing = Set(ProblemCode.allCases).subtracting(problems.compactMap(\.code))
        #expect(missing.isEmpty, "no situation here shows \(missing): add one, so that its remedy is typed")

        let bench = try Bench("p")
        try bench.ip("link add fedbr1 type bridge")
        try bench.ip("link add uplink mtu 1400 type bridge")
        try bench.ip("route add blackhole 10.2.0.11/32 table 10001 metric 1")
        try bench.ip("rule add pref 500 to 10.2.0.0/24 blackhole")
        try bench.must(["nft", "add table ip filter"], inside: true)
        try bench.must(["nft", "add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }"], inside: true)
        try bench.startRouting(["router bgp 4200000001", " neighbor 10.255.0.254 remote-as 65000", "exit"])
        try bench.startOVN([["lr-add", "neutron-\(CloudBuilder.id(router: 1))"], ["ls-add", "public"], ["lsp-add", "public", "g1"]])
        try bench.startSwitch(bridges: ["br-int", "br-provider"])
        try bench.type("ovs-vsctl add-port br-provider fedov1 -- set interface fedov1 type=dummy")
        var typed: Set<String> = []
        for problem in problems {
            #expect(TypedCommand.stray(in: problem.remedy) == nil, "\(problem.word): \(problem.remedy)")
            for command in TypedCommand.all(in: problem.remedy) where typed.insert(command.line).inserted {
                do { try bench.type(command.line) } catch { Issue.record("\(problem.word): \(error)") }
            }
        }
        #expect(typed.count > 8, "\(typed)")
    }
}
