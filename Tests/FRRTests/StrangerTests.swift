import Foundation
import NetworkTypes
import Testing

@testable import FRR
@testable import VTY

/// A gateway of ours (1), a member (2) and somebody who is none (3), whose bgpd has a session with ours all the same, as by a route server.
/// Each has the VRF `v0` with VNI 5001 and the route target 64900:1.
private struct StrangersWorld {
    let gateways: [VRFGateway]
    private(set) var bgpds: [VTYClient] = []
    private let namespaces: [NetworkNamespace]

    static let vrf = VRFGateway.vrf(0)
    static let vteps = [1, 2, 3].map { IPv4Address(bits: 0x0aff_0000 + UInt32($0)) }

    init(_ label: String) async throws {
        namespaces = try ["a", "b", "c"].map { try NetworkNamespace(label + $0) }
        let hub = namespaces[0].name
        try run("ip", "-n", hub, "addr", "add", "10.255.0.1/32", "dev", "lo")
        for (other, name) in [(2, namespaces[1].name), (3, namespaces[2].name)] {
            try run("ip", "-n", hub, "link", "add", "name", "eth\(other)", "type", "veth", "peer", "name", "eth0", "netns", name)
            try run("ip", "-n", hub, "addr", "add", "10.0.\(other).1/30", "dev", "eth\(other)")
            try run("ip", "-n", hub, "link", "set", "eth\(other)", "up")
            try run("ip", "-n", hub, "route", "add", "10.255.0.\(other)/32", "via", "10.0.\(other).2")
            try run("ip", "-n", name, "addr", "add", "10.255.0.\(other)/32", "dev", "lo")
            try run("ip", "-n", name, "addr", "add", "10.0.\(other).2/30", "dev", "eth0")
            try run("ip", "-n", name, "link", "set", "eth0", "up")
            try run("ip", "-n", name, "route", "add", "10.255.0.1/32", "via", "10.0.\(other).1")
        }
        var gateways: [VRFGateway] = []
        for (index, namespace) in namespaces.enumerated() {
            gateways.append(try await VRFGateway(index + 1, in: namespace, vrfs: 1, sharesMAC: true))
            bgpds.append(try await client(gateways[index].bgpd))
            let peers: [EVPNNeighbour] =
                index == 0
                ? [try .at("10.255.0.2", "4200000002"), try .at("10.255.0.3", "4200000003")] : [try .at("10.255.0.1", "4200000001")]
            let base = EVPNBaseStanza(
                asn: try Self.asn(index), routerID: Self.vteps[index], vtep: .v4(Self.vteps[index]), peers: Set(peers),
                timers: BGPTimers(keepalive: 1, hold: 3, connectRetry: 1))
            #expect(try await bgpds[index].configure(EVPNBaseStanza.changes(from: nil, to: base)).isEmpty)
        }
        self.gateways = gateways
    }

    static func asn(_ index: Int) throws -> ASN { try ASN(parsing: "420000000\(index + 1)") }

    func stanza(
        _ index: Int, _ networks: [String], subnets: [String], installed: [AddressFamily: InstallContent] = [:],
        distinguisher: String? = nil
    ) throws -> VRFStanza {
        let target = try RouteTarget(parsing: "64900:1")
        return VRFStanza(
            asn: try Self.asn(index), vrf: Self.vrf, routerID: Self.vteps[index],
            distinguisher: try RouteDistinguisher(parsing: distinguisher ?? "10.255.0.\(index + 1):1"), importTargets: [target],
            exportTargets: [target], networks: Set(try networks.map { try IPPrefix(parsing: $0) }),
            advertisedSubnets: Set(try subnets.map { try IPPrefix(parsing: $0) }), installed: installed)
    }

    /// In the agent's order: the instance, then the VNI.
    func begin(_ index: Int, _ stanza: VRFStanza) async throws {
        #expect(try await bgpds[index].configure(VRFStanza.changes(from: nil, to: stanza)).isEmpty)
        let zebra = try await client(gateways[index].zebra)
        let vni = ZebraVRFStanza(vrf: Self.vrf, vni: try #require(VNI(value: UInt32(VRFGateway.vni(0)))))
        #expect(try await zebra.configure(ZebraVRFStanza.changes(from: nil, to: vni)).isEmpty)
    }

    /// Ours, changed as the agent changes it; what is left to do after it is read back.
    func change(to stanza: VRFStanza) async throws -> [String] {
        let running = try #require(try await running())
        #expect(try await bgpds[0].configure(VRFStanza.changes(from: running, to: stanza)).isEmpty)
        let after = try await self.running()
        #expect(after == stanza)
        return VRFStanza.changes(from: after, to: stanza)
    }

    func running() async throws -> VRFStanza? { VRFStanza.parse(try await bgpds[0].running(), vrf: Self.vrf, asn: try Self.asn(0)) }

    /// `10.2.0.11 via 10.255.0.2`, one line for each way, of what zebra put into our kernel.
    func installed() throws -> [String] {
        try ["ip", "ip -6"].flatMap { ip -> [String] in
            let text = try gateways[0].output("\(ip) -n \(Self.vrf) route show proto bgp")
            var prefix = ""
            var found: [String] = []
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ").map(String.init)
                if !line.hasPrefix("\t"), let first = words.first { prefix = first }
                guard let position = words.firstIndex(of: "via"), position + 1 < words.count else { continue }
                found.append("\(prefix) via \(words[position + 1].replacing("::ffff:", with: ""))")
            }
            return found
        }.sorted()
    }

    /// How many paths of a prefix bgpd has in our VRF.
    func paths(_ prefix: String, _ family: AddressFamily = .ipv4) async throws -> Int {
        let answer = try await bgpds[0].show("show bgp vrf \(Self.vrf) \(family) unicast json")
        return try BGPVRFTable.decode(answer).routes.count { $0.prefix.description == prefix }
    }

    /// A namespace's routes as they change.
    func watch() async throws -> (ChildProcess, String) {
        let file = gateways[0].directory.appendingPathComponent("monitor").path
        let monitor = try gateways[0].begin("ip -n \(Self.vrf) monitor route neigh", into: file)
        try await Task.sleep(for: .milliseconds(300))
        return (monitor, file)
    }
}

@Suite("A stranger announces into a VRF of ours, on real daemons", .serialized, .timeLimit(.minutes(2)))
struct StrangerTests {
    private static let members = ["10.2.0.11/32", "10.2.8.0/24", "fd10:2::11/128"]
    /// A prefix of its own, default routes, a member's host, a part of a member's subnet.
    private static let inventions = ["10.99.0.0/24", "0.0.0.0/0", "::/0", "10.2.0.11/32", "10.2.8.128/25", "fd10:2::11/128", "fd99::/64"]
    private static let everything = ["0.0.0.0/0", "::/0"]
    private static let honest = ["10.2.0.11 via 10.255.0.2", "10.2.8.0/24 via 10.255.0.2", "fd10:2::11 via 10.255.0.2"]

    private func world(_ label: String) async throws -> (StrangersWorld, VRFStanza) {
        let world = try await StrangersWorld(label)
        let ours = try world.stanza(
            0, ["10.1.0.11/32"], subnets: ["10.1.0.0/24"], installed: InstallContent.everything(of: [StrangersWorld.vteps[1]]))
        try await world.begin(0, ours)
        try await world.begin(1, try world.stanza(1, Self.members, subnets: ["10.2.0.0/16", "fd10:2::/64"]))
        #expect(try await eventually({ try world.installed() }, { $0 == Self.honest }) == Self.honest)
        return (world, ours)
    }

    @Test("nothing of it reaches the kernel, under a distinguisher of its own or under a member's, and a member's routes stay as they are")
    func inventions() async throws {
        let (world, ours) = try await world("str")
        let (monitor, file) = try await world.watch()
        let own = try world.stanza(2, Self.inventions, subnets: Self.everything, distinguisher: "10.66.66.66:66")
        try await world.begin(2, own)
        #expect(try await eventually({ try await world.paths("10.99.0.0/24") }, { $0 == 1 }) == 1, "bgpd has it: the target is right")
        #expect(try await eventually({ try await world.paths("10.2.0.11/32") }, { $0 == 2 }) == 2)
        #expect(try await eventually({ try await world.paths("::/0", .ipv6) }, { $0 == 1 }) == 1)
        try await Task.sleep(for: .seconds(1))
        #expect(try world.installed() == Self.honest)
        let spoofed = try world.stanza(2, Self.inventions, subnets: Self.everything, distinguisher: "10.255.0.2:1")
        #expect(try await world.bgpds[2].configure(VRFStanza.changes(from: own, to: spoofed)).isEmpty)
        try await Task.sleep(for: .seconds(2))
        #expect(try world.installed() == Self.honest)
        // A second look changes nothing.
        #expect(VRFStanza.changes(from: try await world.running(), to: ours).isEmpty)
        monitor.end()
        let changes = try String(contentsOfFile: file, encoding: .utf8)
        #expect(!changes.contains("10.255.0.3"), "\(changes)")
        #expect(!changes.contains("Deleted 10.2."), "\(changes)")
    }

    @Test("of several ways to one prefix, those of members are installed and the stranger's is not")
    func multipath() async throws {
        let (world, _) = try await world("ecm")
        // Ways over different ASes count as equal by this only.
        let relaxed = ["router bgp 4200000001 vrf \(StrangersWorld.vrf)", " bgp bestpath as-path multipath-relax", "exit"]
        #expect(try await world.bgpds[0].configure(relaxed).isEmpty)
        try await world.begin(2, try world.stanza(2, Self.inventions, subnets: Self.everything, distinguisher: "10.66.66.66:66"))
        #expect(try await eventually({ try await world.paths("10.2.0.11/32") }, { $0 == 2 }) == 2)
        let both = try await eventually(
            { try await world.bgpds[0].show("show bgp vrf v0 ipv4 unicast 10.2.0.11/32") }, { $0.contains("multipath") })
        #expect(both.contains("multipath"))
        try await Task.sleep(for: .seconds(1))
        #expect(try world.installed() == Self.honest)
        // Were it a member, there would be two ways.
        let generous = try world.stanza(
            0, ["10.1.0.11/32"], subnets: ["10.1.0.0/24"], installed: InstallContent.everything(of: Array(StrangersWorld.vteps[1...])))
        _ = try await world.bgpds[0].configure(VRFStanza.changes(from: try await world.running(), to: generous) + relaxed)
        let ways = try await eventually({ try world.installed() }, { $0.contains("10.2.0.11 via 10.255.0.3") })
        #expect(ways.contains("10.2.0.11 via 10.255.0.2") && ways.contains("10.2.0.11 via 10.255.0.3"))
        #expect(!ways.contains { $0.hasPrefix("default") })
    }

    @Test(
        "what it cannot be kept from here: its path to a member's prefix is preferred where it was there first, and then none is installed")
    func competition() async throws {
        let world = try await StrangersWorld("com")
        let ours = try world.stanza(
            0, ["10.1.0.11/32"], subnets: ["10.1.0.0/24"], installed: InstallContent.everything(of: [StrangersWorld.vteps[1]]))
        try await world.begin(0, ours)
        try await world.begin(2, try world.stanza(2, ["10.2.0.11/32"], subnets: Self.everything, distinguisher: "10.66.66.66:66"))
        #expect(try await eventually({ try await world.paths("10.2.0.11/32") }, { $0 == 1 }) == 1)
        try await world.begin(1, try world.stanza(1, Self.members, subnets: ["10.2.0.0/16", "fd10:2::/64"]))
        let rest = Array(Self.honest.dropFirst())
        #expect(try await eventually({ try world.installed() }, { $0 == rest }) == rest, "lost, and not led astray")
        // Nothing is left of it when it goes.
        let hermit = try world.stanza(2, [], subnets: Self.everything, distinguisher: "10.66.66.66:66")
        let running = VRFStanza.parse(try await world.bgpds[2].running(), vrf: StrangersWorld.vrf, asn: try StrangersWorld.asn(2))
        #expect(try await world.bgpds[2].configure(VRFStanza.changes(from: running, to: hermit)).isEmpty)
        #expect(try await eventually({ try world.installed() }, { $0 == Self.honest }) == Self.honest)
    }

    @Test("what a restriction refuses of a member goes from the kernel at once and comes back, and nobody's other route goes for a moment")
    func restriction() async throws {
        let (world, ours) = try await world("lim")
        let (member, other) = (StrangersWorld.vteps[1], StrangersWorld.vteps[2])
        var open = ours
        open.installed = InstallContent.everything(of: [member, other], defaults: [member])
        #expect(try await world.change(to: open) == [])
        try await world.begin(2, try world.stanza(2, ["10.2.8.64/26", "10.3.0.11/32", "fd10:3::11/128"], subnets: Self.everything))
        let third = ["10.2.8.64/26 via 10.255.0.3", "10.3.0.11 via 10.255.0.3", "fd10:3::11 via 10.255.0.3"]
        let all = (Self.honest + third).sorted()
        #expect(try await eventually({ try world.installed() }, { $0 == all }) == all)
        let (monitor, file) = try await world.watch()
        func restrict(_ restrictions: [AddressFamily: [InstallRestriction]], _ expected: [String]) async throws {
            var changed = open
            for family in AddressFamily.allCases {
                changed.installed[family] = InstallContent(
                    entries: open.installed[family]?.entries ?? [], nextHops: [member, other], defaultNextHops: [member],
                    restrictions: restrictions[family] ?? [])
            }
            let start = ContinuousClock.now
            #expect(try await world.change(to: changed) == [])
            #expect(try await eventually({ try world.installed() }, { $0 == expected.sorted() }) == expected.sorted())
            #expect(ContinuousClock.now - start < .seconds(4))
        }
        func rule(_ text: String) throws -> PrefixRule { try PrefixRule(parsing: text) }
        // A limit: these and no others of it.
        let limit = InstallRestriction(nextHops: [other], only: [try IPPrefix(parsing: "10.3.0.11/32")])
        try await restrict(
            [.ipv4: [limit], .ipv6: [InstallRestriction(nextHops: [other], only: [IPPrefix]())]],
            Self.honest + ["10.3.0.11 via 10.255.0.3"])
        // A right: nothing in what is another's.
        let right = try InstallRestriction(nextHops: [other], entries: [rule("deny 10.2.0.0/16 le 32"), rule("permit 0.0.0.0/0 le 32")])
        try await restrict([.ipv4: [right]], Self.honest + Array(third.dropFirst()))
        // Both, and of both.
        let nobody = InstallRestriction(nextHops: [member, other], only: [try IPPrefix(parsing: "10.2.8.0/24")])
        try await restrict(
            [.ipv4: [right, nobody]], ["10.2.8.0/24 via 10.255.0.2", "fd10:2::11 via 10.255.0.2", "fd10:3::11 via 10.255.0.3"])
        try await restrict([:], all)
        monitor.end()
        let changes = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        #expect(!changes.contains { $0.hasPrefix("Deleted 10.2.8.0/24") }, "\(changes)")
        #expect(changes.count { $0.hasPrefix("Deleted 10.2.0.11 ") } == 1)
    }

    @Test("members come and go, and no route of one that stays goes for a moment; a default route comes of who may originate it only")
    func renewal() async throws {
        let (world, ours) = try await world("ren")
        try await world.begin(2, try world.stanza(2, ["10.3.0.11/32", "0.0.0.0/0", "fd10:3::11/128"], subnets: Self.everything))
        #expect(try await eventually({ try await world.paths("10.3.0.11/32") }, { $0 == 1 }) == 1)
        let (monitor, file) = try await world.watch()
        func admit(_ origins: [IPv4Address], defaults: [IPv4Address] = [], _ expected: [String]) async throws {
            var changed = ours
            changed.installed = InstallContent.everything(of: origins, defaults: defaults)
            let clock = ContinuousClock()
            let start = clock.now
            #expect(try await world.change(to: changed) == [])
            #expect(try await eventually({ try world.installed() }, { $0 == expected }) == expected)
            #expect(clock.now - start < .seconds(4), "not after the delay timer of 5 seconds")
        }
        let (member, other) = (StrangersWorld.vteps[1], StrangersWorld.vteps[2])
        let third = ["10.3.0.11 via 10.255.0.3", "fd10:3::11 via 10.255.0.3"]
        try await admit([member, other], (Self.honest + third).sorted())
        try await admit([member, other], defaults: [member], (Self.honest + third).sorted())
        try await admit([member, other], defaults: [other], (Self.honest + third + ["default via 10.255.0.3"]).sorted())
        try await admit([member], Self.honest)
        try await admit([], [])
        try await admit([member], Self.honest)
        monitor.end()
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
        // Its own routes go once: when nobody was a member.
        let deleted = lines.filter { $0.hasPrefix("Deleted 10.2.0.11 ") }
        #expect(deleted.count == 1, "\(lines.joined(separator: "\n"))")
    }
}
