import EVPN
import FRR
import FederationModel
import NetworkTypes
import SimulatedGateway
import Testing

@Suite("What a policy makes of a VPN on a node")
struct PolicyDesignTests {
    private let blue = VPNName(unchecked: "blue")

    private func design(
        _ change: (inout GatewayIntent) -> Void = { _ in }, routers: [HostedRouter] = [Samples.router()],
        advertised: [VPNName: Set<IPPrefix>] = [:], destinations: [VPNName: Set<IPPrefix>] = [:]
    ) -> HostDesign {
        var intent = Samples.intent()
        change(&intent)
        var indexes = LocalIndexes()
        let switching = ObservedSwitch(
            ports: ["fedov1": ObservedSwitchPort(bridge: "br-ex", tag: 4095, ofport: 7)], patchPorts: ["patch-provnet-1-to-br-int": 2],
            bridges: ["br-ex"])
        return Designer.design(
            .init(intent: intent, routers: routers, destinations: destinations, advertised: advertised, switching: switching),
            indexes: &indexes)
    }

    @Test("a hub originates what its spokes lie in, and may advertise exactly that")
    func originated() throws {
        let found = try #require(design({ $0.vpns[blue]?.originated = Samples.prefixes("10.0.0.0/8", "10.1.0.0/25").sorted() })[blue])
        #expect(found.routing.networks == Samples.prefixes("10.1.0.11/32", "fd10:1::11/128", "10.0.0.0/8", "10.1.0.0/25"))
        #expect(found.routing.advertisedPrefixes == Samples.prefixes("10.0.0.0/8"), "the other one lies in a subnet that may be advertised")
    }

    @Test("a spoke steers a prefix that its own subnets lie in: what is its own never reaches the gateway port")
    func transit() {
        let flows = design(destinations: [blue: Samples.prefixes("10.0.0.0/8")])[blue]?.flows["br-ex"] ?? []
        #expect(flows.filter { $0.sourceMAC != nil && $0.action != .drop }.map(\.destination) == [IPPrefix("10.0.0.0/8")!])
    }

    @Test("what nobody may import is not advertised")
    func tap() {
        let found = design({
            $0.vpns[blue]?.exportTargets = []
            $0.vpns[blue]?.originated = Samples.prefixes("10.0.0.0/8").sorted()
        })
        #expect(found[blue]?.routing.networks == [])
    }

    @Test("a gateway that drains says so in every VPN that advertises, and in no other")
    func draining() {
        #expect(design({ $0.base.isDraining = true })[blue]?.routing.isDraining == true)
        #expect(design({ $0.base.isDraining = true }, routers: [])[blue]?.routing.isDraining == false)
        #expect(design()[blue]?.routing.isDraining == false)
    }

    @Test("a preference is of the base, by import targets; where the sessions are the operator's, it cannot be, and that is said")
    func preference() {
        let preferring: (inout GatewayIntent) -> Void = { intent in intent.vpns[VPNName(unchecked: "blue")]?.localPreference = 200 }
        #expect(
            design(preferring).base?.preferences == [
                RoutePreference(name: "fed1", sequence: 1, targets: [RouteTarget(.as2(64900, 10001))], localPreference: 200)
            ])
        let external = design({
            preferring(&$0)
            $0.base.management = .external
        })
        #expect(external[blue]?.problems.map(\.code) == [.localPreferenceNeedsSessions])
    }

    @Test("an import filter has one spelling, whatever the file's was")
    func canonical() {
        func filter(_ rules: [PrefixRule]) -> [PrefixRule]? {
            let installed = design({ $0.vpns[blue]?.importFilter = rules })[blue]?.routing.installed
            return installed.map { installed in AddressFamily.allCases.flatMap { installed[$0]?.entries ?? [] } }
        }
        let (ten, six) = (IPPrefix("10.0.0.0/8")!, IPPrefix("fd10::/16")!)
        #expect(
            filter([
                PrefixRule(.deny, six, ge: 16, le: 64), PrefixRule(.permit, ten, ge: 24, le: 32), PrefixRule(.deny, ten, ge: 24),
                PrefixRule(.permit, ten, le: 8),
            ]) == [PrefixRule(.permit, ten, ge: 24), PrefixRule(.permit, ten), PrefixRule(.deny, six, le: 64)])
        #expect(filter([]) == [PrefixRule(.permit, .everything(.ipv4), le: 32), PrefixRule(.permit, .everything(.ipv6), le: 128)])
        #expect(filter([PrefixRule(.permit, ten, ge: 40, le: 50)]) == [], "nothing is not everything")
    }

    @Test("a VRF takes routes of who may export to it, not of itself, and default routes of who may originate one")
    func origins() throws {
        let vteps = ["10.255.2.1", "10.255.3.1"].map { IPv4Address($0)! }
        func installed(_ change: (inout VPNIntent) -> Void = { _ in }) -> [AddressFamily: InstallContent] {
            design({ change(&$0.vpns[blue]!) })[blue]?.routing.installed ?? [:]
        }
        for (family, rules) in installed() {
            #expect(rules.nextHops == vteps && rules.defaultNextHops == [], "\(family)")
            #expect(!rules.entries.isEmpty)
        }
        #expect(installed().count == 2)
        let alone = installed { $0.origins.removeAll { $0.vtep != IPv4Address("10.255.1.1") } }
        #expect(alone.values.allSatisfy { $0.nextHops.isEmpty && $0.entries.isEmpty && $0.defaultNextHops.isEmpty })
        let generous = installed { $0.origins[2].originatesDefault = true }
        #expect(generous.values.allSatisfy { $0.nextHops == vteps && $0.defaultNextHops == [vteps[1]] })
        let filtered = installed {
            $0.origins[2].originatesDefault = true
            $0.importFilter = [PrefixRule(.deny, .everything(.ipv4)), PrefixRule(.permit, .everything(.ipv4), le: 32)]
        }
        #expect(filtered[.ipv4]?.defaultNextHops == [], "the file's own filter keeps it out")
        #expect(filtered[.ipv4]?.entries == [PrefixRule(.permit, .everything(.ipv4), le: 32)])
        #expect(filtered[.ipv6] == InstallContent())
        let only = installed {
            $0.origins[2].originatesDefault = true
            $0.importFilter = [PrefixRule(.permit, .everything(.ipv4))]
        }
        #expect(only[.ipv4] == InstallContent(defaultNextHops: [vteps[1]]))
    }

    // MARK: Limits

    private func hosts(_ range: Range<Int>) -> [String] { range.map { "10.1.0.\($0)/32" } }

    @Test("what is over a limit is left out, the same at each time, and said with limit, count and remedy")
    func limit() throws {
        let routers = [Samples.router(hosts: hosts(1..<11) + ["10.1.0.0/24"])]
        let found = try #require(design({ $0.vpns[blue]?.maximumPrefixes = 4 }, routers: routers)[blue])
        #expect(found.routing.networks == Samples.prefixes("10.1.0.0/24", "10.1.0.1/32", "10.1.0.2/32", "10.1.0.3/32"))
        let problem = try #require(found.problems.first)
        #expect(found.problems.count == 1 && problem.code == .prefixLimit)
        #expect(problem.message.contains("11 prefixes") && problem.message.contains("limit of 4") && problem.message.contains("7 are not"))
        #expect(problem.remedy.contains("maximumPrefixes"))
    }

    @Test("what is advertised already is never withdrawn to make room, even where the limit was lowered below it")
    func standing() {
        let standing = Samples.prefixes("10.1.0.8/32", "10.1.0.9/32", "10.1.0.10/32")
        for limit in 1...4 {
            let found = design(
                { $0.vpns[blue]?.maximumPrefixes = limit }, routers: [Samples.router(hosts: hosts(1..<11))], advertised: [blue: standing])
            #expect(found[blue]?.routing.networks == (limit < 4 ? standing : standing.union(Samples.prefixes("10.1.0.1/32"))))
        }
        let gone = design(
            { $0.vpns[blue]?.maximumPrefixes = 3 }, routers: [Samples.router(hosts: hosts(1..<9))], advertised: [blue: standing])
        #expect(
            gone[blue]?.routing.networks == Samples.prefixes("10.1.0.8/32", "10.1.0.1/32", "10.1.0.2/32"),
            "room that came free is used")
    }

    @Test("the gateway's limit holds over all VPNs together, and one VPN's surplus takes nothing from another")
    func total() {
        let red = VPNName(unchecked: "red")
        let routers = [
            Samples.router(hosts: hosts(1..<9)), Samples.router("red", mac: "fa:16:3e:00:01:21", hosts: hosts(1..<4)),
        ]
        let found = design(
            {
                $0.vpns[red] = Samples.vpn("red", vni: 10002, index: 2)
                $0.base.maximumPrefixes = 6
            }, routers: routers, advertised: [red: Samples.prefixes("10.1.0.1/32", "10.1.0.2/32", "10.1.0.3/32")])
        #expect(found[red]?.routing.networks.count == 3)
        #expect(found[blue]?.routing.networks.count == 3)
        #expect(found[blue]?.problems.map(\.code) == [.prefixLimit])
        #expect(found[blue]?.problems.first?.remedy.contains("limits.prefixes") == true)
        #expect(found[red]?.problems == [])
    }
}
