import Agent
import EVPN
import FederationModel
import Foundation
import Logging
import NetworkTypes
import SimulatedGateway
import Subprocess
import Testing

/// A network namespace of this test.
private final class Namespace: Sendable {
    let name = "fedtg-\(UInt32.random(in: 0...UInt32.max))"

    init() async throws { try await shell("ip netns add \(name); ip -n \(name) link set lo up") }

    deinit {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ip", "netns", "del", name]
        try? process.run()
        process.waitUntilExit()
    }

    var nft: [String] { ["ip", "netns", "exec", name, "nft"] }

    func listing() async throws -> String {
        try await shell("ip netns exec \(name) nft -s list ruleset")
    }
}

@discardableResult
private func shell(_ script: String) async throws -> String {
    let result = try await run(
        .path("/bin/sh"), arguments: ["-ec", script], output: .string(limit: 1 << 20), error: .string(limit: 65536))
    guard result.terminationStatus.isSuccess else { throw ShellFailure(description: "\(script): \(result.standardError)") }
    return result.standardOutput
}

private struct ShellFailure: Error { let description: String }

@Suite("The filter on VXLAN, in the kernel", .serialized, .timeLimit(.minutes(1)))
struct TunnelGuardTests {
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func filter(_ sources: [UInt32: [String]]) -> VXLANFilter {
        VXLANFilter(
            vtep: IPv4Address("10.255.1.1")!,
            sources: Dictionary(uniqueKeysWithValues: sources.map { (VNI(value: $0.key)!, $0.value.map { IPv4Address($0)! }) }))
    }

    @Test("is of all VNIs of an intent whose cloud asks for it, those of both sides of a VNI change, and without the node itself")
    func intent() {
        var blue = Samples.vpn("blue")
        blue.tunnelSources = ["10.255.1.1", "10.255.2.1"].map { IPv4Address($0)! }
        blue.secondary = Samples.binding(10777, 3)
        var intent = Samples.intent(vpns: [blue])
        #expect(VXLANFilter(intent) == nil)
        intent.base.filtersVXLAN = true
        #expect(VXLANFilter(intent) == filter([10001: ["10.255.2.1"], 10777: ["10.255.2.1"]]))
    }

    @Test(
        "is made, found whole again after a restart, mended when somebody touches it, changed at once, and taken away; others' tables stay")
    func lifecycle() async throws {
        let namespace = try await Namespace()
        try await shell("ip netns exec \(namespace.name) nft add table ip theirs")
        let first = TunnelGuard(command: namespace.nft, log: log)
        await first.keep(nil)
        #expect(await first.changes == 0)
        let many = (2...60).map { "10.255.\($0).1" }
        let wanted = filter([10001: many, 10002: ["10.255.3.1"], 10003: []])
        await first.keep(wanted)
        #expect(await first.changes == 1)
        #expect(await first.problem == nil)
        #expect(try await namespace.listing().contains("table inet ovn_federation"))
        // Another agent reads what it would have written.
        let second = TunnelGuard(command: namespace.nft, log: log)
        await second.keep(wanted)
        #expect(await second.changes == 0)
        try await shell("ip netns exec \(namespace.name) nft insert rule inet ovn_federation members accept")
        await second.keep(wanted)
        #expect(await second.changes == 0, "not before it is looked at again")
        await second.keep(wanted, at: .now + .seconds(11))
        #expect(await second.changes == 1)
        await second.keep(wanted, at: .now + .seconds(22))
        #expect(await second.changes == 1)
        await second.keep(filter([10001: ["10.255.2.1"]]))
        #expect(await second.changes == 2)
        await second.keep(nil)
        let left = try await namespace.listing()
        #expect(!left.contains("ovn_federation") && left.contains("table ip theirs"))
        await second.keep(nil, at: .now + .seconds(60))
        #expect(await second.changes == 3)
        #expect(await second.problem == nil)
    }

    @Test("lets in a member's tunnel of its VNI, and neither a stranger's nor a member's in a VNI that it is none of")
    func packets() async throws {
        let ours = try await Namespace()
        let (member, stranger) = (try await Namespace(), try await Namespace())
        let senders = [2: member.name, 66: stranger.name]
        for (from, name) in senders {
            try await shell(
                """
                ip -n \(ours.name) link add eth\(from) type veth peer name eth0 netns \(name)
                ip -n \(ours.name) address replace 10.255.1.1/32 dev lo
                ip -n \(ours.name) address add 10.0.\(from).1/30 dev eth\(from); ip -n \(ours.name) link set eth\(from) up
                ip -n \(ours.name) route add 10.255.\(from).1/32 via 10.0.\(from).2
                ip -n \(name) address add 10.255.\(from).1/32 dev lo
                ip -n \(name) address add 10.0.\(from).2/30 dev eth0; ip -n \(name) link set eth0 up
                ip -n \(name) route add 10.255.1.1/32 via 10.0.\(from).1
                """)
            for vni in [10001, 10002] {
                try await shell(
                    """
                    ip -n \(name) link add v\(vni) type vxlan id \(vni) local 10.255.\(from).1 remote 10.255.1.1 dstport 4789
                    ip -n \(name) link set v\(vni) addrgenmode none; ip -n \(name) link set v\(vni) up
                    ip -n \(name) address add 10.77.\(vni - 10000).\(from)/24 dev v\(vni)
                    ip -n \(name) neigh add 10.77.\(vni - 10000).1 lladdr 02:00:00:00:00:01 dev v\(vni)
                    """)
            }
        }
        for vni in [10001, 10002] {
            try await shell(
                """
                ip -n \(ours.name) link add vx\(vni) type vxlan id \(vni) local 10.255.1.1 dstport 4789
                ip -n \(ours.name) link set vx\(vni) addrgenmode none; ip -n \(ours.name) link set vx\(vni) up
                """)
        }
        /// How many packets arrive on our side's device, of five that each sender sends.
        func arrived() async throws -> [String: Int] {
            var counts: [String: Int] = [:]
            for (from, name) in senders {
                for vni in [10001, 10002] {
                    let counter =
                        "ip -n \(ours.name) -j -s link show vx\(vni) | sed 's/.*\"rx\":{\"bytes\":[0-9]*,\"packets\":\\([0-9]*\\).*/\\1/'"
                    let before = Int(try await shell(counter).trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
                    try await shell("ip netns exec \(name) ping -q -c 5 -i 0.02 -W 0.1 10.77.\(vni - 10000).1 || true")
                    let after = Int(try await shell(counter).trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
                    counts["\(from) \(vni)"] = after - before
                }
            }
            return counts
        }
        // IPv6 of the devices may add to it.
        let open = try await arrived()
        #expect(open.count == 4 && open.values.allSatisfy { $0 >= 5 }, "\(open)")
        let keeper = TunnelGuard(command: ours.nft, log: log)
        await keeper.keep(filter([10001: ["10.255.2.1"], 10002: []]))
        let filtered = try await arrived()
        #expect(filtered["2 10001"] ?? 0 >= 5)
        #expect(filtered.filter { $0.key != "2 10001" }.values.allSatisfy { $0 == 0 }, "\(filtered)")
        withExtendedLifetime((ours, member, stranger)) {}
    }

    @Test("says what is missing where the node has no nftables, and says nothing where none is asked for")
    func missing() async {
        let keeper = TunnelGuard(command: ["/nonexistent/nft"], log: log)
        await keeper.keep(nil)
        #expect(await keeper.problem == nil)
        await keeper.keep(filter([10001: ["10.255.2.1"]]))
        let problem = await keeper.problem
        #expect(problem?.code == .vxlanFilterFailed && problem?.remedy.contains("nftables") == true)
        await keeper.keep(nil)
        #expect(await keeper.problem == nil)
    }

    @Test("what cleanup finds and takes away: our table, whoever's else stays; a failing nft is told")
    func removal() async throws {
        let namespace = try await Namespace()
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let tunnels = TunnelGuard(command: namespace.nft, log: log)
        #expect(try await !tunnels.stands())
        try await shell("ip netns exec \(namespace.name) sh -c 'nft add table inet ovn_federation; nft add table inet other'")
        #expect(try await tunnels.stands())
        try await tunnels.remove()
        #expect(try await !tunnels.stands())
        #expect(try await namespace.listing().contains("table inet other"))
        await #expect(throws: TunnelGuard.Failure.self) { try await TunnelGuard(command: ["false"], log: log).remove() }
    }
}
