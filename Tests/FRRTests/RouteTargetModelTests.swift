import Federation
import FederationModel
import NetworkTypes
import Testing

@testable import FRR

@Suite("Which route targets import what, held against a real bgpd", .serialized, .timeLimit(.minutes(1)))
struct RouteTargetModelTests {
    private struct Targets: Equatable {
        var imports: Set<RouteTarget> = []
        var exports: Set<RouteTarget> = []
    }

    /// Near each other on purpose: equal numbers under different administrators, a four-byte AS whose low half or whose bytes are
    /// those of another form, numbers that are equal modulo 65536 or 16777216, the VRFs' own VNIs, and AS 0, which FRR takes for any.
    private static let pool: [RouteTarget] = {
        var pool: [RouteTarget] = []
        for number: UInt32 in [7, 5001, 65535, 65536 + 7, 1 << 24 + 7, .max] {
            pool += [64900, 64901, 0].map { RouteTarget(.as2($0, number)) }
            guard let short = UInt16(exactly: number) else { continue }
            pool += [65536 + 64900, 2 * 65536 + 64900, 64900 << 16 | 7, 4_200_000_001].map { RouteTarget(.as4($0, short)) }
            pool += [65536 + 64900, 4_200_000_001, 0xc000_0201].map { RouteTarget(.ipv4(IPv4Address(bits: $0), short)) }
        }
        return pool
    }()

    private func some(_ chance: inout SeededGenerator) -> Set<RouteTarget> {
        // AS 0 takes so much that it would hide all else; it has its turns.
        let pool = Int.random(in: 0..<8, using: &chance) == 0 ? Self.pool : Self.pool.filter { !$0.isWildcard }
        return Set(pool.shuffled(using: &chance).prefix(Int.random(in: 1...4, using: &chance)))
    }

    private func lines(_ pair: VRFGatewayPair, _ index: Int, _ vrf: Int, from old: Targets, to new: Targets) -> [String] {
        var lines = ["router bgp \(pair.asns[index]) vrf \(VRFGateway.vrf(vrf))", " address-family l2vpn evpn"]
        // New ones first: a VRF without any would take the automatic one for a moment.
        lines += new.imports.subtracting(old.imports).sorted().map { "  route-target import \($0)" }
        lines += new.exports.subtracting(old.exports).sorted().map { "  route-target export \($0)" }
        lines += old.imports.subtracting(new.imports).sorted().map { "  no route-target import \($0)" }
        lines += old.exports.subtracting(new.exports).sorted().map { "  no route-target export \($0)" }
        return lines + [" exit-address-family", "exit"]
    }

    private func name(_ index: Int, _ vrf: Int) -> VPNName { VPNName(unchecked: "\(index == 0 ? "left" : "right")-\(vrf)") }
    private let cloud = CloudName(unchecked: "here")

    private func table(_ targets: [[Targets]]) -> TargetTable {
        var table = TargetTable()
        for (index, side) in targets.enumerated() {
            for (vrf, targets) in side.enumerated() {
                table.replace(
                    name(index, vrf), with: [.init(cloud: cloud, imports: targets.imports.sorted(), exports: targets.exports.sorted())])
            }
        }
        return table
    }

    /// The VRFs of the other side that a VRF takes routes of, by the table's list of leaks: every VRF is a VPN of its own here.
    private func predicted(_ table: TargetTable, count: Int) -> [[Set<Int>]] {
        var predicted = [[Set<Int>]](repeating: .init(repeating: [], count: count), count: 2)
        let leaks = table.leaks()
        for index in 0..<2 {
            let own = Dictionary(uniqueKeysWithValues: (0..<count).map { (name(index, $0), $0) })
            let others = Dictionary(uniqueKeysWithValues: (0..<count).map { (name(1 - index, $0), $0) })
            for leak in leaks {
                if let vrf = own[leak.importer.vpn], let other = others[leak.exporter.vpn] { predicted[index][vrf].insert(other) }
            }
        }
        return predicted
    }

    @Test("560 random sets of targets in VRFs with L3VNIs import exactly what the table says")
    func sets() async throws {
        let (vrfs, rounds) = (20, 14)
        let pair = try await VRFGatewayPair(asns: [4_200_000_001, 4_200_000_002], vrfs: vrfs, label: "rt")
        var chance = SeededGenerator(state: 20_261_126)
        var current = [[Targets]](repeating: .init(repeating: Targets(), count: vrfs), count: 2)
        var (sets, imports, differences) = (0, 0, 0)
        for round in 0..<rounds {
            var wanted = current
            for index in 0..<2 {
                for vrf in 0..<vrfs {
                    wanted[index][vrf] = Targets(imports: some(&chance), exports: some(&chance))
                    sets += 1
                }
                let lines = (0..<vrfs).flatMap { self.lines(pair, index, $0, from: current[index][$0], to: wanted[index][$0]) }
                #expect(try await pair.bgpds[index].configure(lines).isEmpty, "round \(round)")
            }
            current = wanted
            let predicted = predicted(table(wanted), count: vrfs)
            for index in 0..<2 {
                // An import goes with the arrival of its route: when every route is here with its new targets, so are the imports.
                let exports = Dictionary(uniqueKeysWithValues: (0..<vrfs).map { ($0, wanted[1 - index][$0].exports.sorted()) })
                let received = try await eventually({ try await pair.received(index) }, { $0 == exports })
                #expect(received == exports, "round \(round)")
                for vrf in 0..<vrfs {
                    // What is no longer imported goes when bgpd's queue comes to it.
                    let imported = try await eventually({ try await pair.imported(index, vrf) }, { $0 == predicted[index][vrf] }, tries: 40)
                    imports += imported.count
                    if imported != predicted[index][vrf] {
                        differences += 1
                        let here = wanted[index][vrf].imports.sorted()
                        let there = imported.symmetricDifference(predicted[index][vrf]).map { wanted[1 - index][$0].exports.sorted() }
                        Issue.record("round \(round): \(here) against \(there): imported \(imported), predicted \(predicted[index][vrf])")
                    }
                }
            }
        }
        #expect(sets >= 500)
        #expect(differences == 0)
        // Neither nothing nor everything: both would prove nothing.
        #expect(imports > sets && imports < sets * vrfs / 2)
        withExtendedLifetime(pair) {}
    }

    @Test("with automatic targets, two ASes that are equal modulo 65536 leak the VPNs that share a VNI, and the table names them")
    func automatic() async throws {
        let pair = try await VRFGatewayPair(asns: [4_200_000_001, 4_200_065_537], vrfs: 2, label: "au")
        // What bgpd says that it uses, once both VNIs are up.
        let effective = try await eventually(
            { try BGPVNI.decode(try await pair.bgpds[0].show("show bgp l2vpn evpn vni json")) }, { $0.count == 2 })
        for vrf in 0..<2 {
            let number = try #require(VNI(value: UInt32(VRFGateway.vni(vrf))))
            let vni = try #require(effective[number])
            let automatic = RouteTarget(.as2(UInt16(truncatingIfNeeded: pair.asns[0]), number.value))
            #expect(vni.exportTargets.isExactly([automatic]))
            #expect(!vni.importTargets.isExactly([RouteTarget(.as2(64900, number.value))]))
        }
        for index in 0..<2 {
            for vrf in 0..<2 {
                let imported = try await eventually({ try await pair.imported(index, vrf) }, { !$0.isEmpty })
                #expect(imported == [vrf], "leaked by the number of the VNI alone")
            }
        }
        // The same in the table: the import is of any administrator, and the export's is the AS modulo 65536.
        let targets = pair.asns.map { asn in
            (0..<2).map { vrf in
                let number = UInt32(VRFGateway.vni(vrf))
                return Targets(
                    imports: [RouteTarget(.as2(0, number))], exports: [RouteTarget(.as2(UInt16(truncatingIfNeeded: asn), number))])
            }
        }
        #expect(predicted(table(targets), count: 2) == [[[0], [1]], [[0], [1]]])

        // Explicit ones close it, though the VNIs are still the same.
        for index in 0..<2 {
            for vrf in 0..<2 {
                let target = RouteTarget(.as2(64900, UInt32(100 * index + vrf + 1)))
                let new = Targets(imports: [target], exports: [target])
                #expect(try await pair.bgpds[index].configure(lines(pair, index, vrf, from: Targets(), to: new)).isEmpty)
            }
        }
        for index in 0..<2 {
            for vrf in 0..<2 {
                let imported = try await eventually({ try await pair.imported(index, vrf) }, { $0.isEmpty })
                #expect(imported.isEmpty)
            }
        }
        withExtendedLifetime(pair) {}
    }

    @Test("targets, and none of them, are seen to be in force, and automatic ones not; to set them anew is not refused and changes nothing")
    func restatement() async throws {
        let pair = try await VRFGatewayPair(asns: [4_200_000_001, 4_200_000_002], vrfs: 2, label: "rs")
        let bgpd = pair.bgpds[0]
        func effective() async throws -> [VNI: BGPVNI] { try BGPVNI.decode(try await bgpd.show("show bgp l2vpn evpn vni json")) }
        func running(_ vrf: String) async throws -> VRFStanza? {
            VRFStanza.parse(try await bgpd.running(), vrf: vrf, asn: try ASN(parsing: "4200000001"))
        }
        let automatic = try await eventually(effective, { $0.count == 2 })
        for index in 0..<2 {
            let vni = try #require(VNI(value: UInt32(VRFGateway.vni(index))))
            let lost = try #require(automatic[vni])
            let wanted = try VRFStanza.example {
                $0.vrf = VRFGateway.vrf(index)
                $0.distinguisher = try RouteDistinguisher(parsing: "10.255.0.1:\(index + 1)")
                if index == 1 { ($0.importTargets, $0.exportTargets) = ([], []) }
            }
            #expect(!wanted.hasTargetsInForce(lost))
            #expect(try await bgpd.configure(VRFStanza.changes(from: try await running(wanted.vrf), to: wanted)).isEmpty)
            let found = try await eventually(effective, { $0[vni].map(wanted.hasTargetsInForce) ?? false })
            #expect(found[vni].map(wanted.hasTargetsInForce) == true, "\(String(describing: found[vni]))")
            // As if they had been lost.
            let rejections = try await bgpd.configure(wanted.restatement(of: lost))
            #expect(rejections.isEmpty, "\(rejections) of \(wanted.restatement(of: lost).joined(separator: "|"))")
            #expect(try await running(wanted.vrf) == wanted)
            let restated = try await eventually(effective, { $0[vni].map(wanted.hasTargetsInForce) ?? false })
            #expect(restated[vni].map(wanted.hasTargetsInForce) == true)
        }
        withExtendedLifetime(pair) {}
    }

    @Test("bgpd reads a four-byte AS that fits two bytes as an address, as the table knows")
    func asdot() async throws {
        let namespace = try NetworkNamespace("dot")
        let daemons = try await Daemons(in: namespace)
        let bgpd = try await client(daemons.bgpd)
        let written = RouteTarget(.as4(100, 5))
        let lines = ["router bgp 4200000001 vrf fed1", " address-family l2vpn evpn", "  route-target import \(written)", "exit"]
        #expect(try await bgpd.configure(["router bgp 4200000001", "exit"] + lines).isEmpty)
        let running = try await bgpd.show("show running-config")
        #expect(running.contains("route-target import \(written.asConfigured)\n"), "\(running)")
        #expect(TargetTable.imports(written, RouteTarget(.ipv4(IPv4Address(bits: 100), 5))))
        withExtendedLifetime(daemons) {}
    }

    private func eventually<T>(_ what: () async throws -> T, _ holds: (T) -> Bool, tries: Int = 300) async throws -> T {
        var value = try await what()
        for _ in 0..<tries where !holds(value) {
            try await Task.sleep(for: .milliseconds(50))
            value = try await what()
        }
        return value
    }
}
