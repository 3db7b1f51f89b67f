import Federation
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("The ledger: pools, reservations, VTEPs and the way back", .timeLimit(.minutes(5)))
struct LedgerReservationTests {
    private let hour: Int64 = 3_600_000

    private func vpn(_ name: String) -> VPNName { VPNName(unchecked: name) }
    private func gateway(_ text: String) throws -> GatewayID { try GatewayID(parsing: text) }

    private func graph(_ vpns: [String: VPN] = [:], pools: PoolSettings = .init(), reservations: [Reservation] = []) -> FederationGraph {
        FederationGraph(
            federation: FederationID(unchecked: "demo"), pools: pools, reservations: reservations,
            vpns: Dictionary(uniqueKeysWithValues: vpns.map { (VPNName(unchecked: $0.key), $0.value) }))
    }

    /// Cloud `a` with a pool of six addresses.
    private func graph(gateways: [String: Gateway]) throws -> FederationGraph {
        let nodes = Dictionary(uniqueKeysWithValues: gateways.map { (NodeName(unchecked: $0.key), $0.value) })
        let cloud = Cloud(vtepPool: try IPPrefix(parsing: "10.255.1.0/29"), gateways: nodes)
        return FederationGraph(federation: FederationID(unchecked: "demo"), clouds: [CloudName(unchecked: "a"): cloud])
    }

    @Test("the graph's pools go before its own, and changing them moves nothing")
    func pools() throws {
        var ledger = Ledger()
        let pools = PoolSettings(
            asns: nil, vnis: 500...600, routeTargetAdministrator: 65001, probeAddresses: try IPPrefix(parsing: "10.9.0.0/24"))
        try ledger.allocate(for: graph(["a": VPN()], pools: pools), at: 0)
        #expect(ledger.vni(of: vpn("a"))?.value == 500)
        #expect(ledger.routeTarget(of: vpn("a"))?.description == "65001:500")
        try ledger.allocate(for: graph(["a": VPN(), "b": VPN()]), at: 1)
        #expect(ledger.vni(of: vpn("a"))?.value == 500)
        #expect(ledger.vni(of: vpn("b"))?.value == 10000)
        #expect(ledger.routeTarget(of: vpn("b"))?.description == "64900:10000")
        let problems = ledger.check(graph(["a": VPN(), "b": VPN()]))
        #expect(problems.map(\.cause) == [.outsidePool, .outsidePool])
        #expect(
            problems.last?.description == """
                vpns.a.vni: VNI 500 of a is outside the current pool; \
                write it in the file to keep it, or widen the pool
                """)
        #expect(ledger.check(graph(["a": VPN(vni: VNI(value: 500), routeTarget: ledger.routeTarget(of: vpn("a"))), "b": VPN()])) == [])
    }

    @Test("the graph's quarantine is in force")
    func quarantine() throws {
        var ledger = Ledger()
        let pools = PoolSettings(vnis: 1...1, quarantine: hour)
        try ledger.allocate(for: graph(["a": VPN()], pools: pools), at: 0)
        try ledger.allocate(for: graph(pools: pools), at: 0)
        #expect(throws: AllocationError.self) { try ledger.allocate(for: graph(["b": VPN()], pools: pools), at: hour - 1) }
        try ledger.allocate(for: graph(["b": VPN()], pools: pools), at: hour)
    }

    @Test("what is reserved is never allocated, however wide the reservation, and not given either")
    func reserved() throws {
        let reservations = [
            Reservation(values: .vnis(10_000...16_777_200), reason: "old fabric"),
            Reservation(values: .routeTarget(try RouteTarget(parsing: "64900:16777201")), reason: "their hub"),
        ]
        var ledger = Ledger()
        try ledger.allocate(for: graph(["a": VPN()], reservations: reservations), at: 0)
        #expect(ledger.vni(of: vpn("a"))?.value == 16_777_201)
        #expect(ledger.routeTarget(of: vpn("a"))?.description == "64900:16777216")
        let given = graph(["a": VPN(), "b": VPN(vni: VNI(value: 10_007))], reservations: reservations)
        let error = #expect(throws: AllocationError.self) { try ledger.allocate(for: given, at: 0) }
        #expect(error?.problems.map(\.cause) == [.reserved])
        #expect(
            error?.description
                == "vpns.b.vni: VNI 10007 of b is reserved: old fabric; give b another one, or remove the reservation")
        // Reserving what is in use is found too: it cannot be both.
        let late = graph(["a": VPN()], reservations: [Reservation(values: .vnis(16_777_201...16_777_201), reason: "x")])
        #expect(throws: AllocationError.self) { try ledger.allocate(for: late, at: 0) }
    }

    @Test("reservations by command are kept in the book, refused for what is in use, and taken back")
    func byCommand() throws {
        var ledger = Ledger()
        let range = Reservation.Values.vnis(10_000...10_001)
        try ledger.reserve(Reservation(values: range, reason: "lab"), at: 5)
        try ledger.allocate(for: graph(["a": VPN()]), at: 6)
        #expect(ledger.vni(of: vpn("a"))?.value == 10_002)
        let error = #expect(throws: AllocationError.self) {
            try ledger.reserve(Reservation(values: .vnis(10_002...10_010), reason: "x"), at: 7)
        }
        #expect(
            error?.description == "vpns.a.vni: VNI 10002 is in use by a; give a another one first, or reserve other values")
        let decoded = try JSONDecoder().decode(Ledger.self, from: JSONEncoder().encode(ledger))
        #expect(decoded == ledger)
        #expect(decoded.reservations == [KeptReservation(Reservation(values: range, reason: "lab"), since: 5)])
        // A part of it is not what was reserved.
        let part = #expect(throws: AllocationError.self) { try ledger.release(.vnis(10_000...10_000)) }
        #expect(part?.description.contains("VNI 10000 is only a part of the reservation VNI 10000-10001") == true)
        try ledger.release(range)
        try ledger.allocate(for: graph(["a": VPN(), "b": VPN()]), at: 8)
        #expect(ledger.vni(of: vpn("b"))?.value == 10_000)
        let held = #expect(throws: AllocationError.self) { try ledger.release(.vnis(10_000...10_000)) }
        #expect(held?.problems.map(\.path) == ["vpns.b.vni"])
        #expect(throws: AllocationError.self) { try ledger.release(.vnis(7...7)) }
        // Ends a quarantine before its time.
        try ledger.allocate(for: graph(["a": VPN()]), at: 9)
        try ledger.release(.vnis(10_000...10_000))
        try ledger.allocate(for: graph(["a": VPN(), "c": VPN(vni: VNI(value: 10_000))]), at: 10)
    }

    @Test("gateways without a VTEP address get one of their cloud's pool, around what has one already, and keep it")
    func vteps() throws {
        var ledger = Ledger()
        let given = Gateway(vtep: try IPv4Address(parsing: "10.255.1.1"))
        var graph = try graph(gateways: ["gw1": Gateway(vtep: nil), "gw2": given, "gw3": Gateway(vtep: nil)])
        graph.reservations = [Reservation(values: .address(try IPv4Address(parsing: "10.255.1.3")), reason: "router")]
        try ledger.allocate(for: graph, at: 0)
        #expect(ledger.vtep(of: try gateway("a/gw1"))?.description == "10.255.1.2")
        #expect(ledger.vtep(of: try gateway("a/gw2"))?.description == "10.255.1.1")
        #expect(graph.vtep(of: try gateway("a/gw3"), with: ledger)?.description == "10.255.1.4")
        // Written down it stays; an address that was allocated rests before another gateway may be given it.
        graph.clouds[CloudName(unchecked: "a")]?.gateways[NodeName(unchecked: "gw1")] = Gateway(
            vtep: try IPv4Address(parsing: "10.255.1.2"))
        try ledger.allocate(for: graph, at: 1)
        graph.clouds[CloudName(unchecked: "a")]?.gateways[NodeName(unchecked: "gw1")] = nil
        try ledger.allocate(for: graph, at: 2)
        graph.clouds[CloudName(unchecked: "a")]?.gateways[NodeName(unchecked: "gw4")] = Gateway(
            vtep: try IPv4Address(parsing: "10.255.1.2"))
        let error = #expect(throws: AllocationError.self) { try ledger.allocate(for: graph, at: 3) }
        #expect(error?.problems.map(\.path) == ["clouds.a.gateways.gw4.vtep"])
        // One that only the file ever gave moves with the file.
        graph.clouds[CloudName(unchecked: "a")]?.gateways[NodeName(unchecked: "gw2")] = nil
        graph.clouds[CloudName(unchecked: "a")]?.gateways[NodeName(unchecked: "gw4")] = given
        try ledger.allocate(for: graph, at: 4)
        #expect(ledger.vtep(of: try gateway("a/gw4"))?.description == "10.255.1.1")
    }

    @Test("a pool of VTEPs that is empty, or was never given, is refused with what to do")
    func noVTEP() throws {
        var ledger = Ledger()
        let nodes = (1...7).map { ("gw\($0)", Gateway(vtep: nil)) }
        let graph = try graph(gateways: Dictionary(uniqueKeysWithValues: nodes))
        let error = #expect(throws: AllocationError.self) { try ledger.allocate(for: graph, at: 0) }
        #expect(
            error?.description == """
                clouds.a.gateways.gw7.vtep: no VTEP address left for a/gw7: 6 in use, 0 in quarantine; \
                give the gateway one with “vtep:”, or the cloud a wider pool with “vtepPool:”
                """)
    }

    @Test("the way back takes what an older ledger gave, though the file has given another value since then")
    func preferring() throws {
        var ledger = Ledger()
        try ledger.allocate(for: graph(["a": VPN(), "b": VPN()]), at: 0)
        let older = ledger
        try ledger.allocate(for: graph(["a": VPN(vni: VNI(value: 77)), "b": VPN()]), at: 1)
        var forward = ledger
        try forward.allocate(for: graph(["a": VPN(), "b": VPN()]), at: 2)
        #expect(forward.vni(of: vpn("a"))?.value == 77)
        try ledger.allocate(for: graph(["a": VPN(), "b": VPN()]), at: 2, preferring: older)
        #expect(ledger.vni(of: vpn("a"))?.value == 10_000)
        // Where somebody else has it by now, it is left to him.
        try ledger.allocate(for: graph(["b": VPN()]), at: 3)
        let later = 30 * hour
        try ledger.allocate(for: graph(["b": VPN(), "c": VPN(vni: VNI(value: 10_000))]), at: later)
        try ledger.allocate(for: graph(["a": VPN(), "b": VPN(), "c": VPN(vni: VNI(value: 10_000))]), at: later, preferring: older)
        #expect(ledger.vni(of: vpn("a")) != VNI(value: 10_000))
    }

    @Test("the targets that a policy needs: a spokes' one, and one for each cloud of a partial mesh")
    func targetOwners() throws {
        var graph = try graph(gateways: ["gw1": Gateway(vtep: nil)])
        let cloud = CloudName(unchecked: "a")
        let attachment = FederationModel.Attachment(cloud: cloud, selector: AttachmentSelector(kind: .router, key: .name, value: "r"))
        graph.vpns[vpn("hub")] = VPN(policy: .hubAndSpoke(transit: []), attachments: [attachment])
        graph.vpns[vpn("part")] = VPN(policy: .partialMesh([]), attachments: [attachment])
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        #expect(ledger.routeTarget(of: TargetOwner.vpn(vpn("hub")))?.description == "64900:10000")
        #expect(ledger.routeTarget(of: .spoke(vpn("hub")))?.description == "64900:16777216")
        #expect(ledger.routeTarget(of: .cloud(vpn("part"), cloud))?.description == "64900:16777217")
        #expect(ledger.routeTarget(of: .spoke(vpn("part"))) == nil)
        for owner in [TargetOwner.vpn(vpn("b")), .spoke(vpn("b")), .cloud(vpn("b"), cloud)] {
            #expect(try TargetOwner(parsing: owner.description) == owner)
        }
        #expect(throws: ParseError.self) { try TargetOwner(parsing: "b/x") }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        #expect(String(decoding: try encoder.encode(ledger), as: UTF8.self).contains(#""part/cloud/a":"64900:16777217""#))
    }

    @Test("no target is allocated that a raw one has")
    func rawTargets() throws {
        var ledger = Ledger()
        try ledger.allocate(for: graph(["a": VPN(), "b": VPN(importTargets: [try RouteTarget(parsing: "64900:10000")])]), at: 0)
        #expect(ledger.routeTarget(of: vpn("a"))?.description == "64900:16777216")
    }

    @Test("the list says who has what since when, what rests and until when, and what is reserved and why")
    func entries() throws {
        var ledger = Ledger()
        try ledger.reserve(Reservation(values: .asns(65_000...65_009), reason: "lab"), at: 3)
        try ledger.allocate(for: graph(["a": VPN(), "b": VPN(vni: VNI(value: 7))]), at: 10)
        let now = graph(["b": VPN(vni: VNI(value: 7))], reservations: [Reservation(values: .vnis(8...8), reason: "old")])
        try ledger.allocate(for: now, at: 20)
        let vnis = ledger.entries(of: now).filter { $0.kind == .vni }
        #expect(
            vnis == [
                LedgerEntry(kind: .vni, value: "7", owner: "b", state: .held, since: 10, reason: "set in the file"),
                LedgerEntry(
                    kind: .vni, value: "10000", owner: "a", state: .quarantined, since: 20, until: 20 + 24 * hour,
                    reason: "released by a; its agents may still use it"),
                LedgerEntry(kind: .vni, value: "8", owner: nil, state: .reserved, since: nil, reason: "old"),
            ])
        #expect(
            ledger.entries(of: now).filter { $0.kind == .asn }
                == [LedgerEntry(kind: .asn, value: "65000-65009", owner: nil, state: .reserved, since: 3, reason: "lab")])
    }

    @Test("a pool that runs out is told before it has, and targets that are easily mistaken")
    func check() throws {
        var ledger = Ledger()
        let vpns = Dictionary(uniqueKeysWithValues: (0..<92).map { ("v\($0)", VPN()) })
        let pools = PoolSettings(vnis: 1...100)
        try ledger.allocate(for: graph(vpns, pools: pools), at: 0)
        #expect(
            ledger.check(graph(vpns, pools: pools)).map(\.description)
                == ["pools.vni: only 8 of 100 VNIs are free; widen it under “pools”; allocated values stay"])
        let raw = try [
            "a": VPN(importTargets: [RouteTarget(parsing: "65010:7")]), "b": VPN(importTargets: [RouteTarget(.as4(65010, 7))]),
            "c": VPN(importTargets: [RouteTarget(parsing: "0:7")]), "d": VPN(exportTargets: [RouteTarget(parsing: "64900:3")]),
        ]
        var other = Ledger()
        try other.allocate(for: graph(raw), at: 0)
        #expect(other.check(graph(raw)).map(\.cause) == [.asdot, .twoForms, .wildcard, .rawInsidePool])
    }

    @Test("a book of the first release is read, and goes on")
    func firstRelease() throws {
        var ledger = Ledger()
        let wanted = graph(["a": VPN(), "b": VPN()])
        try ledger.allocate(for: wanted, at: 5)
        var document = try #require(JSONSerialization.jsonObject(with: JSONEncoder().encode(ledger)) as? [String: Any])
        for key in ["vteps", "pooledVTEPs", "reservations"] { document[key] = nil }
        for (key, value) in document {
            guard var register = value as? [String: Any], register["held"] != nil else { continue }
            register["since"] = nil
            document[key] = register
        }
        var old = try JSONDecoder().decode(Ledger.self, from: JSONSerialization.data(withJSONObject: document))
        #expect(old.vni(of: vpn("a")) == ledger.vni(of: vpn("a")))
        #expect(old.entries(of: wanted).allSatisfy { $0.since == 0 })
        try old.allocate(for: wanted, at: 6)
        #expect(old.routeTarget(of: vpn("b")) == ledger.routeTarget(of: vpn("b")))
    }
}
