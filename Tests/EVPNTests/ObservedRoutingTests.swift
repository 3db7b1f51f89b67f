import EVPN
import FRR
import FederationModel
import Foundation
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("What bgpd and zebra hold, as facts", .timeLimit(.minutes(1)))
struct ObservedRoutingTests {
    private let vni = VNI(value: 10001)!

    private func observe(bgpd: String, zebra: String = "", vnis: [BGPVNI] = [], zebraVNIs: String = "{}", interfaces: String = "{}") throws
        -> ObservedRouting
    {
        ObservedRouting(
            bgpd: RunningConfiguration(parsing: bgpd), zebra: RunningConfiguration(parsing: zebra),
            vnis: Dictionary(uniqueKeysWithValues: vnis.map { ($0.vni, $0) }), zebraVNIs: try ZebraVNI.decode(zebraVNIs),
            interfaces: try ZebraInterface.decode(interfaces), claimed: [])
    }

    @Test("is what is there, of our VRFs and devices only, whatever is wanted")
    func facts() throws {
        let found = try observe(
            bgpd: """
                router bgp 65009
                 neighbor 10.0.1.0 remote-as 65010
                exit
                router bgp 65009 vrf fed1
                 bgp router-id 10.255.1.1
                 address-family l2vpn evpn
                  rd 10.255.1.1:1
                  route-target import 64900:10001
                 exit-address-family
                exit
                router bgp 65009 vrf fedora
                exit
                """,
            zebra: "vrf fed1\n vni 10001\nexit-vrf\nvrf fed2\nexit-vrf\nvrf ops\n vni 99\nexit-vrf\n",
            vnis: [BGPVNI(vni: vni, kind: .l3), BGPVNI(vni: VNI(value: 10002)!, kind: .l2)],
            zebraVNIs: #"{"vrfs":[{"vrf":"fed1","vni":10001,"state":"Up"},{"vrf":"fed2","vni":10002,"state":"Down"}]}"#,
            interfaces: """
                {"fedbr1":{"vrfName":"fed1","administrativeStatus":"up"},"fedbr2":{"vrfName":"fed2","administrativeStatus":"down"},
                "eth0":{"administrativeStatus":"up"}}
                """)
        #expect(found.asn == ASN("65009") && found.vrfs.keys.sorted() == ["fed1"])
        #expect(found.vrfs["fed1"]?.asn == ASN("65009") && found.vrfs["fed1"]?.importTargets == [RouteTarget(.as2(64900, 10001))])
        #expect(found.vniBindings == ["fed1": vni])
        #expect(found.vnis.keys.sorted() == [vni] && found.vnisUp == [vni])
        #expect(found.devices == ["fedbr1": "fed1"])
        #expect(try observe(bgpd: "").asn == nil)
    }

    @Test("what VRFs exchange is told of all, by bgpd’s import table, with automatic targets as the wildcards that they are")
    func exchanges() throws {
        var automatic = BGPVNI(
            vni: VNI(value: 4242)!, kind: .l3, importTargets: ShownRouteTargets(targets: [RouteTarget("59905:4242")!]),
            exportTargets: ShownRouteTargets(targets: [RouteTarget("59905:4242")!]))
        automatic.inKernel = true
        let found =
            ObservedRouting(
                bgpd: RunningConfiguration(
                    parsing: """
                        router bgp 4200000001
                         address-family ipv4 unicast
                          import vrf fed1
                          import vrf route-map NOTHING
                         exit-address-family
                        exit
                        router bgp 65009 vrf customer
                         address-family ipv6 unicast
                          import vrf management
                         exit-address-family
                        exit
                        """), zebra: RunningConfiguration(parsing: ""), vnis: [automatic.vni: automatic],
                zebraVNIs: try ZebraVNI.decode(#"{"vrfs":[{"vrf":"customer","vni":4242,"state":"Up"}]}"#), interfaces: [:], claimed: [],
                importTable: ["0:4242": ["customer"], "*:77": ["customer"], "64900:10001": ["fed1", "customer"], "not a target": ["fed1"]]
            ).exchanges ?? [:]
        let customer = try #require(found["customer"])
        #expect(customer.asn == ASN("65009") && customer.vni == automatic.vni)
        #expect(customer.importTargets == [.any(4242), .any(77), RouteTarget("64900:10001")!])
        #expect(customer.exportTargets == [RouteTarget("59905:4242")!] && customer.importedVRFs == ["management"])
        #expect(found["fed1"]?.importTargets == [RouteTarget("64900:10001")!])
        #expect(found["fed1"]?.unreadableTargets == 1 && customer.unreadableTargets == nil, "“not a target”")
        #expect(found["default"]?.importedVRFs == ["fed1"] && found["default"]?.asn == ASN("4200000001"))
    }

    @Test("what is written for a whole VPN is read back as what was wanted, and a recording of it plans the same")
    func recording() throws {
        var host = SimulatedHost()
        var indexes = LocalIndexes()
        let make = designer(
            Samples.intent(), [Samples.router()], [VPNName(unchecked: "blue"): Samples.prefixes("10.2.0.11/32")], indexes: &indexes)
        for _ in 0..<8 {
            let (seen, design) = (host.observed, make(host.observed))
            let replayed = try JSONDecoder().decode(ObservedHost.self, from: JSONEncoder().encode(seen))
            let plans = try [seen, replayed].map { host in
                let base = Planner.plan(base: design.base, asn: Samples.intent().base.asn, on: host)
                let steps =
                    base.steps
                    + design.vpns.values.flatMap { Planner.plan($0, isBaseInForce: base.isSettled, on: host).steps }
                return (steps, try steps.map { try $0.lines() })
            }
            #expect(plans[0].0 == plans[1].0 && plans[0].1 == plans[1].1)
            for step in plans[0].0 { host.apply(step) }
            host.settle()
        }
        #expect(host.violations == [])
        let stanza = try #require(host.routing.vrfs["fed1"])
        #expect(try observe(bgpd: stanza.render.joined(separator: "\n")).vrfs["fed1"] == stanza)
    }

    @Test("targets that are configured and not in force are taken away and set again, and the VRF is never without one")
    func restatement() throws {
        var indexes = LocalIndexes()
        let design = Designer.design(.init(intent: Samples.intent(), routers: [], destinations: [:], switching: nil), indexes: &indexes)
        let wanted = try #require(design.vpns.values.first?.routing)
        let good = BGPVNI(
            vni: vni, kind: .l3, importTargets: ShownRouteTargets(targets: wanted.importTargets),
            exportTargets: ShownRouteTargets(targets: wanted.exportTargets))
        #expect(wanted.hasTargetsInForce(good))
        var nothing = wanted
        nothing.importTargets = []
        for stanza in [wanted, nothing] {
            var lost = good
            lost.importTargets = ShownRouteTargets(others: ["*:10001"])
            #expect(!stanza.hasTargetsInForce(lost))
            let lines = try Step.restateTargets(stanza, of: lost).lines().filter { $0.contains("route-target") }
                .map { $0.trimmingCharacters(in: .whitespaces) }
            var (set, wasUnset): (Set<String>, Set<String>) = ([], [])
            set.formUnion(stanza.render.map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0.hasPrefix("route-target import") })
            let before = set
            for line in lines {
                if line.hasPrefix("no ") { wasUnset.insert(String(line.dropFirst(3))) }
                if line.hasPrefix("no ") { set.remove(String(line.dropFirst(3))) } else { set.insert(line) }
                #expect(!set.isEmpty, "FRR would take the automatic target: \(lines)")
            }
            #expect(set == before && wasUnset.isSuperset(of: before), "\(lines)")
        }
    }

    @Test("a target that is in force and not configured is set and taken away again, and nothing else is touched for it")
    func extraTarget() throws {
        var indexes = LocalIndexes()
        let design = Designer.design(.init(intent: Samples.intent(), routers: [], destinations: [:], switching: nil), indexes: &indexes)
        let wanted = try #require(design.vpns.values.first?.routing)
        let extra = RouteTarget(.as2(64900, 777))
        let shown = BGPVNI(
            vni: vni, kind: .l3, importTargets: ShownRouteTargets(targets: wanted.importTargets.union([extra])),
            exportTargets: ShownRouteTargets(targets: wanted.exportTargets))
        #expect(!wanted.hasTargetsInForce(shown))
        let lines = try Step.restateTargets(wanted, of: shown).lines().map { $0.trimmingCharacters(in: .whitespaces) }
        let set = try #require(lines.firstIndex(of: "route-target import \(extra)"))
        let unset = try #require(lines.firstIndex(of: "no route-target import \(extra)"))
        #expect(set < unset)
        for target in wanted.importTargets { #expect(!lines.contains("no route-target import \(target)")) }
        #expect(!lines.contains { $0.contains("route-target export") })
    }
}
