import FederationModel
import Foundation
import Logging
import NetworkTypes
import Subprocess
import Testing

@testable import Agent

/// A network namespace of this test, with real nft and iptables in it.
private final class Namespace: Sendable {
    let name = "fedff-\(UInt32.random(in: 0...UInt32.max))"

    init() async throws { try await shell("ip netns add \(name)") }

    deinit {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ip", "netns", "del", name]
        try? process.run()
        process.waitUntilExit()
    }

    func type(_ lines: String) async throws { try await shell("ip netns exec \(name) sh -ec '\(lines)'") }

    /// What the agent's watch finds, of nftables.
    func watch() -> ForwardWatch {
        ForwardWatch(command: ["ip", "netns", "exec", name, "nft"], log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// iptables' own chain, asked in the namespace.
    func legacy(_ family: AddressFamily) throws -> ForwardFilter.BaseChain? {
        let home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), here = open("/run/netns/\(name)", O_RDONLY | O_CLOEXEC)
        defer {
            close(home)
            close(here)
        }
        typealias Setns = @convention(c) (Int32, Int32) -> Int32
        let setns = unsafeBitCast(try #require(dlsym(dlopen(nil, RTLD_NOW), "setns")), to: Setns.self)
        try #require(setns(here, 0x4000_0000) == 0)
        defer { #expect(setns(home, 0x4000_0000) == 0) }
        return LegacyForwardChain.read(family)
    }
}

@discardableResult
private func shell(_ script: String) async throws -> String {
    let result = try await run(
        .path("/bin/sh"), arguments: ["-ec", script], output: .string(limit: 1 << 20), error: .string(limit: 65536))
    try #require(result.terminationStatus.isSuccess, "\(script): \(result.standardError)")
    return result.standardOutput
}

private let hasLegacy = FileManager.default.isExecutableFile(atPath: "/usr/sbin/iptables-legacy")

@Suite("A firewall that drops what VRFs forward is found, and one that does not is left alone", .timeLimit(.minutes(1)))
struct ForwardFilterTests {
    /// One VPN, as the kernel forwards it.
    private static let prefixes = Set(["10.1.0.11/32", "10.2.0.0/24"].compactMap(IPPrefix.init))
    private static let vpns = [1: ForwardFilter.Prefixes(local: prefixes, remote: prefixes)]

    /// As Docker 28 leaves it: the policy drops, and what is accepted is of Docker's bridge.
    private static let docker = """
        nft add table ip filter
        nft "add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }"
        nft add chain ip filter DOCKER-USER
        nft add rule ip filter DOCKER-USER counter return
        nft add chain ip filter DOCKER-FORWARD
        nft add rule ip filter DOCKER-FORWARD oifname docker0 ct state established,related counter accept
        nft add rule ip filter DOCKER-FORWARD iifname docker0 counter accept
        nft add rule ip filter FORWARD counter jump DOCKER-USER
        nft add rule ip filter FORWARD counter jump DOCKER-FORWARD
        """

    @Test("Docker's policy, until the printed line is typed")
    func docker() async throws {
        let namespace = try await Namespace()
        try await namespace.type(Self.docker)
        let problem = try #require(await namespace.watch().filter().problems(Self.vpns).first)
        #expect(problem.code == .forwardingFiltered)
        #expect(problem.message.contains("chain FORWARD of nftables' table ip filter drops by its policy"))
        let line = try #require(problem.remedy.split(separator: "`").dropFirst().first)
        // In a script of its own: the line has quotes.
        let file = "/tmp/\(namespace.name).sh"
        try String(line).write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        try await namespace.type("sh \(file)")
        #expect(await namespace.watch().filter().problems(Self.vpns) == [])
    }

    @Test("rules at the end that refuse, and what is accepted before by device or by address")
    func rules() async throws {
        for (rules, passes) in [
            ("reject", false), ("iifname \\\"fed*\\\" accept; nft add rule inet f passing drop", true), ("iifname != fed1 drop", true),
            ("ct state established accept; nft add rule inet f passing reject", false),
            ("ip saddr 10.0.0.0/8 accept; nft add rule inet f passing drop", true), ("ip daddr 203.0.113.0/24 drop", true),
            ("oifname { fedin1, eth0 } drop", false), ("iifname eth0 oifname eth1 drop", true), ("tcp dport 22 drop", true),
        ] {
            let namespace = try await Namespace()
            try await namespace.type(
                """
                nft add table inet f
                nft "add chain inet f passing { type filter hook forward priority 0; policy accept; }"
                nft add rule inet f passing \(rules)
                """)
            let problems = await namespace.watch().filter().problems(Self.vpns)
            #expect(problems.isEmpty == passes, "\(rules): \(problems)")
        }
    }

    @Test("iptables over nftables: its REJECT refuses, what is not known may, and what only marks or logs does not")
    func iptablesOverNFT() async throws {
        for (rule, code) in [
            ("-j REJECT", ProblemCode.forwardingFiltered), ("-m comment --comment end -j DROP", .forwardingFiltered), ("-j LOG", nil),
            ("-p tcp -j REJECT", nil), ("-j NFLOG", nil), ("-p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu", nil),
        ] {
            let namespace = try await Namespace()
            try await namespace.type("iptables-nft -A FORWARD \(rule)")
            #expect(await namespace.watch().filter().problems(Self.vpns).first?.code == code, "\(rule)")
        }
        func read(_ statements: String) throws -> ProblemCode? {
            let ruleset = """
                {"nftables": [{"chain": {"family": "ip", "table": "t", "name": "c", "hook": "forward", "policy": "accept"}},
                {"rule": {"family": "ip", "table": "t", "chain": "c", "expr": [\(statements)]}}]}
                """
            return ForwardFilter(try NFTForwardChains.read(Data(ruleset.utf8))).problems(Self.vpns).first?.code
        }
        #expect(try read(#"{"counter": null}, {"xt": {"type": "target", "name": "NEW"}}"#) == .firewallUnreadable)
        #expect(try read("null") == .firewallUnreadable && read(#"null, {"drop": null}"#) == nil)
        #expect(try read(#"{"counter": null}"#) == nil)
    }

    @Test("what is accepted by addresses counts if they hold what the VPN forwards; a part of it, or a set that is not read, is a doubt")
    func addresses() async throws {
        for (rule, code) in [
            ("ip saddr 192.168.50.0/24 accept", ProblemCode.forwardingFiltered), ("ip saddr 10.0.0.0/8 accept", nil),
            ("ip daddr { 10.1.0.0/24, 10.2.0.0/16 } accept", nil), ("ip saddr 10.1.0.0/16 accept", .firewallUnreadable),
            ("ip saddr != 192.168.50.0/24 accept", nil), ("ip6 saddr fd10::/16 accept", .forwardingFiltered),
            ("ip saddr @some accept", .firewallUnreadable), ("ip saddr 10.0.0.0/8 ip daddr 192.168.50.1 accept", .forwardingFiltered),
        ] {
            let namespace = try await Namespace()
            try await namespace.type(
                """
                nft add table inet f
                nft "add chain inet f passing { type filter hook forward priority 0; policy drop; }"
                nft "add set inet f some { type ipv4_addr; }"
                nft "add rule inet f passing \(rule)"
                """)
            #expect(await namespace.watch().filter().problems(Self.vpns).first?.code == code, "\(rule)")
            try await namespace.type("nft flush chain inet f passing; nft \"add chain inet f passing { policy accept; }\"")
            #expect(await namespace.watch().filter().problems(Self.vpns) == [])
        }
        // What drops a part of the VPN's prefixes.
        var rule = ForwardFilter.Rule(verdict: .drop)
        rule.addresses = [.init(.ipv4, Self.prefixes.filter { $0.length == 32 })]
        let chain = ForwardFilter.BaseChain(name: "c", remedy: "r", drops: false, rules: [rule])
        #expect(ForwardFilter([chain]).problems(Self.vpns).map(\.code) == [.firewallUnreadable])
    }

    @Test("what drops all that goes to this side’s subnets drops, though the VPN has others at the other side")
    func directions() {
        let local = IPPrefix("10.1.0.0/24")!, remote = IPPrefix("10.2.0.11/32")!
        func code(_ prefix: IPPrefix, isSource: Bool) -> ProblemCode? {
            var rule = ForwardFilter.Rule(verdict: .drop)
            rule.addresses = [.init(.ipv4, [prefix], isSource: isSource)]
            return ForwardFilter([.init(name: "c", remedy: "r", drops: false, rules: [rule])])
                .problems([1: .init(local: [local], remote: [remote])]).first?.code
        }
        for isSource in [true, false] {
            #expect(code(local, isSource: isSource) == .forwardingFiltered && code(remote, isSource: isSource) == .forwardingFiltered)
        }
        #expect(code(IPPrefix("10.1.0.11/32")!, isSource: false) == .firewallUnreadable)
        #expect(code(IPPrefix("10.9.0.0/24")!, isSource: false) == nil)
    }

    @Test("a verdict map is what its elements are, one with a name of its own is a doubt, and so is a set of devices")
    func verdictMaps() async throws {
        let namespace = try await Namespace()
        let file = "/tmp/\(namespace.name).nft"
        defer { try? FileManager.default.removeItem(atPath: file) }
        for (rule, dropsByPolicy, code) in [
            ("iifname vmap { fed1 : drop, eth0 : accept }", false, ProblemCode.forwardingFiltered),
            ("iifname vmap { eth0 : drop, eth1 : jump other }", false, nil),
            ("iifname vmap { \"fed*\" : jump other }", false, .forwardingFiltered),
            ("iifname vmap { \"fed*\" : accept }", true, nil), ("iifname vmap { eth0 : accept }", true, .forwardingFiltered),
            ("oifname . iifname vmap { fedbr1 . fed1 : goto other }", false, .forwardingFiltered),
            ("oifname . iifname vmap { fedbr1 . eth0 : drop }", false, nil),
            ("ip daddr vmap { 10.0.0.0/8 : drop, 192.0.2.1 : accept }", false, .forwardingFiltered),
            ("ip daddr vmap { 10.1.0.0/16 : drop }", false, .firewallUnreadable),
            ("ct state vmap { established : accept, invalid : drop }", false, nil),
            ("ct state vmap { established : accept, invalid : drop }", true, .forwardingFiltered),
            ("meta l4proto tcp iifname vmap { fed1 : drop }", false, nil),
            ("iifname vmap { eth0 : accept, * : drop }", false, .forwardingFiltered), ("iifname vmap { fed1 : continue }", false, nil),
            ("iifname vmap @m_device", false, .firewallUnreadable), ("iifname vmap @m_device", true, .firewallUnreadable),
            ("ip saddr vmap @m_source", false, .firewallUnreadable), ("ct mark vmap @m_mark", false, nil),
            ("iifname @s_device drop", false, .firewallUnreadable), ("iifname @s_device accept", true, .firewallUnreadable),
            ("iifname @s_device jump other", false, .firewallUnreadable), ("iifname @s_device goto other", false, .firewallUnreadable),
            ("iifname @s_device return\n            drop", false, .firewallUnreadable),
            ("meta mark set 1 drop", false, .forwardingFiltered),
        ] {
            try """
            flush ruleset
            table inet f {
            map m_device { type ifname : verdict; elements = { "fed1" : drop } ; }
            map m_source { type ipv4_addr : verdict; elements = { 10.1.0.11 : drop } ; }
            map m_mark { type mark : verdict; elements = { 1 : drop } ; }
            set s_device { type ifname; elements = { "fed1" } ; }
            chain other { drop; }
            chain passing {
            type filter hook forward priority 0; policy \(dropsByPolicy ? "drop" : "accept");
            \(rule)
            }
            }

            """.write(toFile: file, atomically: true, encoding: .utf8)
            try await namespace.type("nft -f \(file)")
            let problems = await namespace.watch().filter().problems(Self.vpns)
            #expect(problems.first?.code == code, "\(rule), \(dropsByPolicy): \(problems)")
        }
    }

    @Test("where a program decides, nobody knows")
    func queues() async throws {
        for (policy, rule, code) in [
            ("ACCEPT", "-j NFQUEUE --queue-num 1", ProblemCode.firewallUnreadable), ("DROP", "-j NFQUEUE", .firewallUnreadable),
            ("ACCEPT", "-p udp -j NFQUEUE", nil), ("ACCEPT", "-i eth0 -j NFQUEUE", nil),
        ] {
            let namespace = try await Namespace()
            try await namespace.type("iptables-nft -P FORWARD \(policy); iptables-nft -A FORWARD \(rule)")
            #expect(await namespace.watch().filter().problems(Self.vpns).first?.code == code, "\(rule)")
            guard hasLegacy else { continue }
            let second = try await Namespace()
            try await second.type("iptables-legacy -P FORWARD \(policy); iptables-legacy -A FORWARD \(rule)")
            #expect(ForwardFilter([try #require(try second.legacy(.ipv4))]).problems(Self.vpns).first?.code == code, "\(rule)")
        }
        // This kernel may lack nftables' own: as nft prints `queue flags bypass to 0`.
        let ruleset = """
            {"nftables": [{"chain": {"family": "ip", "table": "t", "name": "c", "hook": "forward", "policy": "accept"}},
            {"rule": {"family": "ip", "table": "t", "chain": "c", "expr": [{"queue": {"num": 0, "flags": "bypass"}}]}}]}
            """
        #expect(ForwardFilter(try NFTForwardChains.read(Data(ruleset.utf8))).problems(Self.vpns).map(\.code) == [.firewallUnreadable])
    }

    @Test("a failing or missing nft is no open firewall, unless the kernel has no tables of nftables")
    func unread() async throws {
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        for command in [["/nonexistent/nft"], ["false"], ["echo", "rubbish"]] {
            let problem = await ForwardWatch(command: command, hasNetfilter: { true }, log: log).filter().problems(Self.vpns).last
            #expect(problem?.code == .firewallUnreadable && problem?.remedy.contains("`apt-get install nftables`") == true, "\(command)")
            #expect(await ForwardWatch(command: command, hasNetfilter: { false }, log: log).filter().unread == nil)
        }
    }

    @Test("iptables' own tables, of both families", .enabled(if: hasLegacy))
    func legacy() async throws {
        let namespace = try await Namespace()
        #expect(try namespace.legacy(.ipv4).map { ForwardFilter([$0]).problems(Self.vpns) } ?? [] == [])
        try await namespace.type(
            """
            for t in iptables-legacy ip6tables-legacy; do
            $t -P FORWARD DROP
            $t -N USER
            $t -A USER -i docker0 -j ACCEPT
            $t -A FORWARD -j USER
            $t -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
            done
            """)
        for (family, program) in [(AddressFamily.ipv4, "iptables-legacy"), (.ipv6, "ip6tables-legacy")] {
            func problems() throws -> [String] {
                ForwardFilter([try #require(try namespace.legacy(family))]).problems(Self.vpns).map(\.remedy)
            }
            #expect(try problems().first?.contains("`\(program) -I FORWARD -i fed+ -j ACCEPT`") == true)
            try await namespace.type("\(program) -A USER -i fed+ -j ACCEPT")
            #expect(try problems() == [])
            try await namespace.type("\(program) -I FORWARD -o fedbr+ -j DROP")
            #expect(try problems().count == 1)
            try await namespace.type("\(program) -F FORWARD; \(program) -P FORWARD DROP")
            try await namespace.type("\(program) -A FORWARD -s \(family == .ipv4 ? "10.0.0.0/9" : "fd10::/16") -j ACCEPT")
            let chain = try #require(try namespace.legacy(family))
            let addresses = ForwardFilter.Addresses(family, [IPPrefix(family == .ipv4 ? "10.0.0.0/9" : "fd10::/16")!], isSource: true)
            #expect(chain.rules.first?.addresses == [addresses])
        }
    }

    @Test("rubbish in place of a table is no table, and is not read beyond its end")
    func rubbish() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let info = (0..<84).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let entries = (0..<Int.random(in: 0...400)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            var small = info
            for place in stride(from: 36, to: 76, by: 4) {
                small.replaceSubrange(place..<place + 4, with: [UInt8.random(in: 0...255), 0, 0, 0])
            }
            _ = LegacyTable(.ipv4, info: small, entries: entries).forward
            _ = LegacyTable(.ipv6, info: info, entries: entries).forward
        }
    }
}
