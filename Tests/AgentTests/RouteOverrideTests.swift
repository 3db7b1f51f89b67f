import EVPN
import Foundation
import Netlink
import NetworkTypes
import Testing

@testable import Agent

@Suite("Others' routes and rules that are better than those of VRFs", .timeLimit(.minutes(1)))
struct RouteOverrideTests {
    private static func prefix(_ text: String) -> IPPrefix { IPPrefix(text)! }

    /// fed1 as it is in two-clouds: its own subnet, a learned address, and the unreachable defaults.
    private static let own: [KernelRoute] = [
        KernelRoute(
            table: 10001, prefix: prefix("10.2.0.0/24"), protocolNumber: 250,
            nextHops: [NextHop(gateway: IPAddress("172.24.2.10")!, interface: "fedin1", isOnLink: true)]),
        KernelRoute(
            table: 10001, prefix: prefix("10.1.0.11/32"), protocolNumber: 186, metric: 20,
            nextHops: [NextHop(gateway: IPAddress("10.255.1.1")!, interface: "fedbr1", isOnLink: true)]),
        KernelRoute(
            table: 10001, prefix: prefix("0.0.0.0/0"), kind: .unreachable, protocolNumber: 250, metric: 4_278_198_272),
    ]
    private static let links = [
        KernelLink(index: 7, name: "fed1", kind: .vrf(table: 10001)),
        KernelLink(index: 8, name: "fedin1", kind: .veth(peer: nil), master: "fed1"),
    ]

    private static func rule(_ priority: UInt32, _ action: Rule.Action, to: String? = nil, from: String? = nil) -> Rule {
        var rule = Rule(family: .ipv4, priority: priority, action: action)
        rule.destination = to.map(prefix)
        rule.source = from.map(prefix)
        return rule
    }

    private static let l3mdev: Rule = {
        var rule = Rule(family: .ipv4, priority: 1000, action: .lookup(table: 0))
        rule.isL3Master = true
        return rule
    }()

    private func found(
        _ routes: [KernelRoute] = [], rules: [Rule] = [], others: [KernelRoute] = []
    ) -> [RouteOverride] {
        let overrides = RouteOverrides(
            Self.own + routes, [Self.rule(0, .lookup(table: 255))] + rules + [Self.l3mdev, Self.rule(32766, .lookup(table: 254))],
            links: Self.links)
        var kernel = ObservedKernel(
            routes: [
                VRFRoute(table: 10001, prefix: Self.prefix("10.2.0.0/24"), target: .via(IPAddress("172.24.2.10")!, link: "fedin1")),
                VRFRoute(table: 10001, prefix: Self.prefix("0.0.0.0/0"), target: .unreachable),
            ])
        kernel.paths = ForwardingPaths(overrides: overrides.all(with: others))
        // zebra took its own away when it heard of the other one: what is steered to counts all the same.
        return kernel.overrides(of: 10001, to: [Self.prefix("10.1.0.11/32")])
    }

    @Test("a route of others wins by a longer prefix, or by its metric; each is named with the line that removes it")
    func routes() {
        #expect(found() == [])
        let blackhole = KernelRoute(table: 10001, prefix: Self.prefix("10.1.0.11/32"), kind: .blackhole, protocolNumber: 3, metric: 1)
        #expect(
            found([blackhole]) == [
                RouteOverride(
                    what: "route blackhole 10.1.0.11/32 metric 1 in table 10001", prefix: Self.prefix("10.1.0.11/32"),
                    removal: "ip route del blackhole 10.1.0.11/32 table 10001 metric 1", metric: 1)
            ])
        func via(_ text: String, metric: UInt32? = nil, number: UInt8 = 4, device: String = "eth9") -> KernelRoute {
            KernelRoute(
                table: 10001, prefix: Self.prefix(text), protocolNumber: number, metric: metric, nextHops: [NextHop(interface: device)])
        }
        #expect(found([via("10.2.0.128/25")]).map(\.what) == ["route 10.2.0.128/25 dev eth9 in table 10001"])
        // It gives way, or concerns nothing of ours.
        #expect(found([via("10.1.0.11/32", metric: 21), via("10.1.0.0/24"), via("192.168.0.0/16")]) == [])
        // Better than the unreachable default: packets would leave the VRF.
        #expect(found([via("0.0.0.0/0")]).map(\.removal) == ["ip route del default table 10001"])
        // What the kernel adds for an address of a device of ours comes with that.
        #expect(found([via("10.2.0.5/32", number: 2, device: "fedin1")]) == [])
        #expect(found([via("10.2.0.5/32", number: 2)]).count == 1)
        #expect(found([KernelRoute(table: 10001, prefix: Self.prefix("10.1.0.11/32"), kind: .other(9), protocolNumber: 3)]).count == 1)
    }

    @Test("a rule is in the way if it is asked first, matches, and what it leads to takes the packets")
    func rules() {
        let blackhole = found(rules: [Self.rule(500, .blackhole, to: "10.1.0.0/24")])
        #expect(blackhole.map(\.removal) == ["ip rule del pref 500 to 10.1.0.0/24 blackhole"])
        #expect(blackhole.first?.what == "rule 500, “to 10.1.0.0/24 blackhole”,")
        #expect(found(rules: [Self.rule(500, .blackhole, to: "10.77.0.0/24")]) == [])
        #expect(found(rules: [Self.rule(500, .blackhole, from: "10.2.0.0/25")]).count == 1)
        #expect(found(rules: [Self.rule(500, .nothing)]) == [])
        // The main table has a default route.
        #expect(found(rules: [Self.rule(500, .lookup(table: 254))]).count == 1)
        // Another table is in the way as far as it has routes there.
        let tailscale = Self.rule(500, .lookup(table: 52))
        #expect(found(rules: [tailscale]) == [])
        let other = KernelRoute(table: 52, prefix: Self.prefix("10.0.0.0/8"), protocolNumber: 3, nextHops: [NextHop(interface: "ts0")])
        #expect(found(rules: [tailscale], others: [other]).count == 1)
        var marked = tailscale
        marked.isForMarked = true
        #expect(found(rules: [marked], others: [other]) == [])
        var local = Self.rule(500, .blackhole)
        local.inInterface = "lo"
        #expect(found(rules: [local]) == [])
        // The VRF, and what is in it.
        for device in ["fed1", "fedin1"] {
            local.inInterface = device
            #expect(found(rules: [local]).count == 1, "\(device)")
        }
    }

    @Test("the line that removes a rule removes no other one of the same priority")
    func removal() throws {
        var inverted = Self.rule(500, .lookup(table: 52), to: "10.77.0.0/16")
        inverted.isInverted = true
        let route = KernelRoute(table: 52, prefix: Self.prefix("10.0.0.0/8"), protocolNumber: 3, nextHops: [NextHop(interface: "ts0")])
        let all = [Self.rule(500, .blackhole, to: "10.1.0.0/24"), Self.rule(500, .goTo(priority: 32766), from: "10.2.0.0/24"), inverted]
        for rule in all {
            let removal = try #require(found(rules: [rule], others: [route]).first?.removal)
            let process = Process(), pipe = Pipe()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
            let other = "ip rule add pref 500 to 192.0.2.0/24 lookup 99"
            process.arguments = ["-n", "sh", "-ec", "\(other); ip rule add pref 500 \(rule); \(removal); ip rule show pref 500"]
            process.standardOutput = pipe
            try process.run()
            process.waitUntilExit()
            let left = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            #expect(process.terminationStatus == 0 && left.split(separator: "\n").count == 1 && left.contains("192.0.2.0/24"), "\(left)")
        }
    }

    @Test("what WireGuard's wg-quick adds for 0.0.0.0/0 takes all packets without its mark")
    func wireGuard() {
        var all = Self.rule(999, .lookup(table: 51820))
        (all.isForMarked, all.isInverted) = (true, true)
        let tunnel = KernelRoute(table: 51820, prefix: Self.prefix("0.0.0.0/0"), protocolNumber: 3, nextHops: [NextHop(interface: "wg0")])
        #expect(found(rules: [all], others: [tunnel]).count == 1)
        // The main table without its default: what is in it may hold a prefix of a VPN.
        var specific = Self.rule(998, .lookup(table: 254))
        specific.suppressedLength = 0
        func main(_ prefix: String) -> KernelRoute {
            KernelRoute(table: 254, prefix: Self.prefix(prefix), protocolNumber: 3, nextHops: [NextHop(interface: "eth0")])
        }
        #expect(found(rules: [specific], others: [main("0.0.0.0/0"), main("192.0.2.0/24")]) == [])
        #expect(found(rules: [specific], others: [main("10.1.0.0/16")]).count == 1)
        let overrides = RouteOverrides(Self.own, [specific, all, Self.l3mdev], links: Self.links)
        #expect(overrides.tablesAskedBefore == [254, 51820])
    }

    @Test("a goto beyond the kernel's rule for VRFs misses it, if there is a rule where it leads")
    func goTo() {
        #expect(found(rules: [Self.rule(500, .goTo(priority: 32766))]).count == 1)
        #expect(found(rules: [Self.rule(500, .goTo(priority: 1000)), Self.rule(501, .goTo(priority: 30000))]) == [])
    }

    @Test("another VRF's table is a leak between VPNs; its own may be asked for by its device")
    func otherVRF() {
        let other = KernelRoute(table: 10002, prefix: Self.prefix("0.0.0.0/0"), kind: .unreachable, protocolNumber: 250)
        func asked(_ table: UInt32, in incoming: String? = nil, out outgoing: String? = nil) -> Int {
            var rule = Self.rule(500, .lookup(table: table))
            (rule.inInterface, rule.outInterface) = (incoming, outgoing)
            return found(rules: [rule], others: Self.own + [other]).count
        }
        #expect(asked(10002, in: "fed1") == 1 && asked(10002, out: "fed1") == 1 && asked(10002) == 1)
        #expect(asked(10001, in: "fed1") == 0 && asked(10001, out: "fed1") == 0 && asked(10002, in: "eth0") == 0)
    }

    @Test("without the kernel's rule for VRFs no VRF is asked")
    func l3mdevGone() {
        let overrides = RouteOverrides(
            Self.own, [Self.rule(0, .lookup(table: 255)), Self.rule(32766, .lookup(table: 254))], links: Self.links)
        #expect(overrides.all(with: [])[10001]?.last?.removal == "ip rule add l3mdev pref 1000")
    }

    @Test("a VPN's packets must fit the way to each gateway that something leads to")
    func narrow() {
        var kernel = ObservedKernel()
        let vtep = IPAddress("10.255.2.1")!
        kernel.tunnels[10001] = [
            Self.prefix("10.2.0.11/32"): TunnelRoute(prefix: Self.prefix("10.2.0.11/32"), nextHop: vtep, isReady: true)
        ]
        func problems(_ mtu: Int) -> [String] {
            kernel.paths = ForwardingPaths(underlay: [vtep: UnderlayPath(device: "uplink", mtu: mtu)])
            var host = World()
            host.run()
            var seen = host.host.observed
            seen.kernel?.tunnels = kernel.tunnels
            seen.kernel?.paths = kernel.paths
            return host.core.design!.vpns.values.filter { $0.index == 1 }.flatMap {
                Planner.plan($0, isBaseInForce: true, on: seen).problems.map(\.message)
            }
        }
        #expect(problems(1500) == [] && problems(9000) == [])
        #expect(problems(1400).first?.contains("1400 bytes through uplink to VTEP 10.255.2.1; VPN blue sends up to 1500") == true)
    }
}
