import NetworkTypes
import Testing

@testable import FRR
@testable import VTY

/// An agent's way of working on bgpd: look, compare, change, and forget everything when it restarts.
private struct Hand {
    let bgpd: VTYClient
    var claimed: Set<IPAddress> = []
    /// Every line that was ever sent.
    var sent: [String] = []

    /// - Returns: what stood in the way.
    mutating func configure(_ base: EVPNBaseStanza, _ vrfs: [VRFStanza]) async throws -> BGPConflict? {
        let asn = try #require(base.asn)
        var running = try await bgpd.running()
        do throws(BGPConflict) {
            let before = EVPNBaseStanza.parse(running, claimed: claimed)
            let lines = try EVPNBaseStanza.changes(from: before, to: base)
            claimed.formUnion(Set(base.peers.map(\.address)).subtracting(running.neighbours))
            sent += lines
            await send(lines)
        } catch {
            return error
        }
        running = try await bgpd.running()
        for name in ["fed1", "fed2"] {
            let lines = VRFStanza.changes(
                from: VRFStanza.parse(running, vrf: name, asn: asn), to: vrfs.first { $0.vrf == name })
            sent += lines
            await send(lines)
        }
        return nil
    }

    private func send(_ lines: [String]) async {
        do {
            let rejections = try await bgpd.configure(lines)
            #expect(rejections.isEmpty, "\(VTYRejection.summary(rejections)) of \(lines)")
        } catch {
            Issue.record("\(error)")
        }
    }
}

@Suite("What the operator wrote in bgpd, beside a federation that is edited", .serialized, .timeLimit(.minutes(2)))
struct OperatorLinesTests {
    private func vrf(_ name: String, _ base: EVPNBaseStanza, _ chance: inout SeededGenerator) throws -> VRFStanza {
        VRFStanza(
            asn: try #require(base.asn), vrf: name, routerID: try IPv4Address(parsing: "10.255.0.1"),
            distinguisher: try RouteDistinguisher(parsing: "10.255.0.1:\(name.last ?? "1")"),
            importTargets: [try RouteTarget(parsing: "64900:\(Int.random(in: 1...3, using: &chance))")],
            exportTargets: [try RouteTarget(parsing: "64900:7")], networks: [try IPPrefix(parsing: "10.1.0.11/32")],
            advertisedSubnets: [try IPPrefix(parsing: "10.1.0.0/24")])
    }

    private func edit(_ chance: inout SeededGenerator, as asns: [String]) throws -> (EVPNBaseStanza, [VRFStanza]) {
        var base = try EVPNBaseStanza.example()
        base.asn = try ASN(parsing: asns.randomElement(using: &chance) ?? "65001")
        let addresses = OperatorConfiguration.peers + ["10.255.0.4"]
        base.peers = []
        for address in addresses where Bool.random(using: &chance) {
            base.peers.insert(try .at(address, OperatorConfiguration.peerASN, Bool.random(using: &chance) ? "tokyo/gw1" : nil))
        }
        var vrfs: [VRFStanza] = []
        for name in ["fed1", "fed2"] where Bool.random(using: &chance) { vrfs.append(try vrf(name, base, &chance)) }
        return (base, vrfs)
    }

    @Test(
        "no sequence of edits, AS changes, refusals, rollbacks and restarts removes or changes a line of it, or adds one that is not ours",
        arguments: 1...12)
    func edits(_ seed: UInt64) async throws {
        var chance = SeededGenerator(state: seed)
        let namespace = try NetworkNamespace("op\(seed)")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        let theirs = OperatorConfiguration(&chance)
        #expect(try await bgpd.configure(theirs.lines).isEmpty)
        let before = try await bgpd.running().places
        var hand = Hand(bgpd: bgpd)
        var former: [(EVPNBaseStanza, [VRFStanza])] = []
        for round in 0..<25 {
            let isRollback = round > 3 && Int.random(in: 0..<4, using: &chance) == 0
            // Mostly the AS that runs; the others are refused.
            let wanted =
                try isRollback ? #require(former.randomElement(using: &chance)) : edit(&chance, as: [theirs.asn, theirs.asn, "65009"])
            former.append(wanted)
            let instance = try await bgpd.running().defaultASN
            let conflict = try await hand.configure(wanted.0, wanted.1)
            #expect((conflict != nil) == (instance.map { $0 != wanted.0.asn } ?? false), "round \(round)")
            let now = try await bgpd.running()
            for (line, count) in before { #expect(now.places[line, default: 0] >= count, "round \(round) took away \(line)") }
            for (line, count) in now.places where count > before[line, default: 0] {
                #expect(
                    isOurs(line, wanted: former.flatMap { $0.0.peers.map(\.address.description) }, before), "round \(round) added \(line)")
            }
            if Int.random(in: 0..<5, using: &chance) == 0 { hand = Hand(bgpd: bgpd, sent: hand.sent) }
        }
        #expect(!hand.sent.contains { $0.hasPrefix("no router bgp ") && !$0.contains(" vrf fed") })
        withExtendedLifetime(daemons) {}
    }

    private func isOurs(_ line: ConfigurationLine, wanted peers: [String], _ before: [ConfigurationLine: Int]) -> Bool {
        let block = line.path.first ?? ""
        if block.contains(" vrf fed") || block.hasPrefix("route-map FED-") || block.contains(" FED-") { return true }
        guard block.hasPrefix("router bgp "), !block.contains(" vrf ") else { return false }
        if let neighbour = line.neighbour { return EVPNBaseStanza.groups.contains(neighbour) || peers.contains(neighbour) }
        let hadInstance = before.keys.contains { $0.opensDefaultInstance }
        return line.text == "advertise-all-vni" || line.text.hasPrefix("bgp router-id ") || (!hadInstance && line.opensDefaultInstance)
    }

    @Test("a bgpd that was never configured, or lost its instance, answers that it has none, and gets one")
    func bare() async throws {
        let namespace = try NetworkNamespace("bare")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        let questions = ["vni json", "summary json", "route type prefix json"].map { "show bgp l2vpn evpn \($0)" }
        let base = try EVPNBaseStanza.example()
        for _ in 0..<2 {
            for question in questions { #expect(try await bgpd.showDefaultInstance(question) == nil) }
            #expect(try await bgpd.running().defaultASN == nil)
            #expect(try await bgpd.configure(EVPNBaseStanza.changes(from: nil, to: base)).isEmpty)
            #expect(try await bgpd.running().defaultASN == base.asn)
            for question in questions { #expect(try await bgpd.showDefaultInstance(question) != nil) }
            // By the operator's hand.
            #expect(try await bgpd.configure(["no router bgp \(try #require(base.asn))"]).isEmpty)
        }
        // An instance of a VRF is none of its own.
        #expect(try await bgpd.configure(["router bgp 65001 vrf ops", "exit"]).isEmpty)
        for question in questions { #expect(try await bgpd.showDefaultInstance(question) == nil) }
        // Any other refusal is one.
        await #expect(throws: VTYError.self) { _ = try await bgpd.showDefaultInstance("show bgp vrf none ipv4 unicast json") }
        withExtendedLifetime(daemons) {}
    }

    @Test("lines that come to bgpd after ours mean what they would have meant before")
    func startScript() async throws {
        let namespace = try NetworkNamespace("late")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        #expect(try await bgpd.configure(EVPNBaseStanza.changes(from: nil, to: try .example())).isEmpty)
        #expect(try await bgpd.configure(["router bgp 4200000001", " neighbor 10.0.1.0 remote-as 4200009999", "exit"]).isEmpty)
        let families = try await bgpd.show("show bgp neighbors 10.0.1.0 json")
        #expect(families.contains("ipv4Unicast"), "the underlay's session carries no IPv4 routes")
        withExtendedLifetime(daemons) {}
    }

    @Test("a refusal is told by its first telling sentence, once")
    func refusal() async throws {
        let namespace = try NetworkNamespace("ref")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        #expect(try await bgpd.configure(["router bgp 65001", "exit"]).isEmpty)
        let rejections = try await bgpd.configure(try EVPNBaseStanza.example().render)
        #expect(rejections.count > 10)
        #expect(
            VTYRejection.summary(rejections)
                == "“router bgp 4200000001”: BGP is already running; AS is 65001 (and \(rejections.count - 1) more lines)")
        withExtendedLifetime(daemons) {}
    }
}
