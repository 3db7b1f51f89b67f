import Federation
import FederationModel
import NetworkTypes
import Testing

@Suite("Policies as route targets", .timeLimit(.minutes(5)))
struct PolicyTests {
    private let blue = VPNName(unchecked: "blue")
    private let red = VPNName(unchecked: "red")

    private func cloud(_ name: String) -> CloudName { CloudName(unchecked: name) }

    private func attach(_ cloud: String, _ role: AttachmentRole = .member, router: String = "r") -> FederationModel.Attachment {
        FederationModel.Attachment(
            cloud: self.cloud(cloud), selector: AttachmentSelector(kind: .router, key: .name, value: router), role: role)
    }

    private func compile(_ vpns: [VPNName: VPN], labels: [String: Labels] = [:]) throws -> Compilation {
        var graph = FederationGraph(federation: FederationID(unchecked: "demo"), vpns: vpns)
        for (index, name) in ["a", "b", "c", "d"].enumerated() {
            graph.clouds[cloud(name)] = Cloud(
                labels: labels[name] ?? [:],
                gateways: [NodeName(unchecked: "gw"): Gateway(vtep: IPv4Address(bits: 0x0a00_0001 + UInt32(index)))])
        }
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        return try Compilation(graph, with: ledger, epoch: "e", revision: 1)
    }

    private func intent(_ compilation: Compilation, _ cloud: String, _ vpn: VPNName) -> VPNIntent? {
        compilation.intents[GatewayID(cloud: self.cloud(cloud), node: NodeName(unchecked: "gw"))]?.vpns[vpn]
    }

    /// `64900:1<64900:2` is export before import.
    private func targets(_ compilation: Compilation, _ cloud: String, _ vpn: VPNName) -> String {
        guard let intent = intent(compilation, cloud, vpn) else { return "none" }
        return intent.exportTargets.map(\.description).joined(separator: " ") + " < "
            + intent.importTargets.map(\.description).joined(separator: " ")
    }

    private func reaches(_ compilation: Compilation, _ vpn: VPNName) -> String {
        compilation.reaches(of: vpn).sorted().map { "\($0.from)>\($0.to)" }.joined(separator: " ")
    }

    @Test("hub and spoke: spokes reach the hub only, hubs each other too, and hubs alone originate what is for transit")
    func hubAndSpoke() throws {
        let transit = try IPPrefix(parsing: "10.0.0.0/8")
        let vpn = VPN(
            policy: .hubAndSpoke(transit: [transit]), attachments: [attach("a", .hub), attach("b", .spoke), attach("c"), attach("d", .hub)])
        let compilation = try compile([blue: vpn])
        #expect(targets(compilation, "a", blue) == "64900:10000 < 64900:10000 64900:16777216")
        #expect(targets(compilation, "b", blue) == "64900:16777216 < 64900:10000")
        #expect(targets(compilation, "c", blue) == targets(compilation, "b", blue))
        #expect(reaches(compilation, blue) == "a>b a>c a>d b>a b>d c>a c>d d>a d>b d>c")
        #expect(intent(compilation, "a", blue)?.originated == [transit])
        #expect(intent(compilation, "b", blue)?.originated == [])
    }

    @Test("a partial mesh has what its edges join, one way or both, by name or by labels")
    func partialMesh() throws {
        let edges = [
            PolicyEdge(from: .cloud(cloud("a")), to: .cloud(cloud("b"))),
            PolicyEdge(from: .cloud(cloud("c")), to: .labels(["region": "eu"]), isOneWay: true),
        ]
        let vpn = VPN(policy: .partialMesh(edges), attachments: [attach("a"), attach("b"), attach("c"), attach("d")])
        let compilation = try compile([blue: vpn], labels: ["a": ["region": "eu"], "d": ["region": "eu", "tier": "gold"]])
        #expect(reaches(compilation, blue) == "a>b b>a c>a c>d")
        #expect(targets(compilation, "c", blue) == "64900:16777218 < ")
    }

    @Test("taps learn and say nothing, and the other way round, in every pattern")
    func taps() throws {
        let edge = PolicyEdge(from: .labels(["x": "y"]), to: .labels(["x": "y"]))
        for policy in [VPNPolicy.fullMesh, .hubAndSpoke(transit: []), .partialMesh([edge])] {
            let vpn = VPN(policy: policy, attachments: [attach("a", .hub), attach("b", .importOnly), attach("c", .exportOnly)])
            let labels = ["a", "b", "c"].map { ($0, ["x": "y"]) }
            let compilation = try compile([blue: vpn], labels: Dictionary(uniqueKeysWithValues: labels))
            let expected = policy.pattern == .hubAndSpoke ? "a>b c>a" : "a>b c>a c>b"
            #expect(reaches(compilation, blue) == expected, "\(policy.pattern)")
            #expect(intent(compilation, "b", blue)?.exportTargets == [])
            #expect(intent(compilation, "c", blue)?.importTargets == [])
        }
    }

    @Test("a shared prefix is advertised in the other VPN too, by the clouds that have it, and nothing else of theirs is")
    func shares() throws {
        let prefix = try IPPrefix(parsing: "10.1.9.0/24")
        let services = VPN(
            attachments: [attach("a", router: "services"), attach("b", router: "services")],
            shares: [Share(to: red, prefixes: [prefix], clouds: [cloud("a")])])
        for policy in [VPNPolicy.fullMesh, .hubAndSpoke(transit: []), .partialMesh([])] {
            let compilation = try compile([blue: services, red: VPN(policy: policy, attachments: [attach("c"), attach("d")])])
            let selector = AttachmentSelector(kind: .router, key: .name, value: "services")
            #expect(intent(compilation, "a", red)?.attachments == [AttachmentIntent(selector: selector, only: [prefix])])
            #expect(intent(compilation, "b", red) == nil)
            let open = policy == .fullMesh ? "a>c a>d c>a c>d d>a d>c" : "a>c a>d c>a d>a"
            #expect(reaches(compilation, red) == open, "\(policy.pattern)")
            #expect(reaches(compilation, blue) == "a>b b>a")
            #expect(compilation.targets.leaks() == [])
        }
    }

    @Test("a spoke that shares another VPN's prefixes is a hub beside")
    func sharingSpoke() throws {
        let services = VPN(
            attachments: [attach("a", router: "services")], shares: [Share(to: red, prefixes: [try IPPrefix(parsing: "10.1.9.0/24")])])
        let tenants = VPN(policy: .hubAndSpoke(transit: []), attachments: [attach("a"), attach("b"), attach("c", .hub)])
        let compilation = try compile([blue: services, red: tenants])
        #expect(intent(compilation, "a", red)?.attachments.map(\.only.count) == [0, 1])
        #expect(reaches(compilation, red) == "a>b a>c b>a b>c c>a c>b")
        #expect(intent(compilation, "a", red)?.originated == [])
    }

    @Test("raw targets go to every member that learns or says anything; where they meet those of another VPN, it is a leak with both ends")
    func rawTargets() throws {
        let target = try RouteTarget(parsing: "65010:7")
        let one = VPN(attachments: [attach("a"), attach("b", .importOnly)], exportTargets: [target])
        let other = VPN(policy: .partialMesh([]), attachments: [attach("c"), attach("d", .exportOnly)], importTargets: [target])
        let compilation = try compile([blue: one, red: other])
        #expect(targets(compilation, "a", blue) == "64900:10000 65010:7 < 64900:10000")
        #expect(targets(compilation, "c", red) == "64900:16777216 < 65010:7")
        #expect(targets(compilation, "d", red) == "64900:16777217 < ")
        #expect(compilation.targets.leaks().map(\.description) == ["red in c imports 65010:7, exported by blue in a"])
    }

    @Test("AS 0 in a raw target takes everybody's routes with the number, and is told as a leak")
    func wildcard() throws {
        let compilation = try compile([
            blue: VPN(attachments: [attach("a")]),
            red: VPN(attachments: [attach("b")], importTargets: [try RouteTarget(parsing: "0:10000")]),
        ])
        #expect(
            compilation.targets.leaks().map(\.description)
                == ["red in b imports 0:10000, which also matches 64900:10000 of blue in a"])
    }

    @Test("filters, limits and preferences come with the VPN; the cloud's limit where it has none; draining with the base")
    func limits() throws {
        let filter = [PrefixRule(.deny, try IPPrefix(parsing: "10.9.0.0/16"), le: 32)]
        let vpn = VPN(
            attachments: [attach("a"), attach("b")], importFilter: filter, exportFilter: [], maximumPrefixes: nil, localPreference: 200)
        var graph = try compile([blue: vpn]).graph
        graph.clouds[cloud("a")]?.limits = CloudLimits(prefixesPerVPN: 10, prefixes: 100)
        graph.clouds[cloud("a")]?.isDraining = true
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        var compilation = try Compilation(graph, with: ledger, epoch: "e", revision: 1)
        let base = compilation.intents[GatewayID(cloud: cloud("a"), node: NodeName(unchecked: "gw"))]?.base
        #expect(base?.isDraining == true && base?.maximumPrefixes == 100)
        #expect(intent(compilation, "a", blue)?.maximumPrefixes == 10)
        #expect(intent(compilation, "b", blue)?.maximumPrefixes == nil)
        #expect(intent(compilation, "b", blue)?.importFilter == filter)
        #expect(intent(compilation, "b", blue)?.localPreference == 200)
        graph.vpns[blue]?.maximumPrefixes = 5
        compilation = try compilation.updated(to: graph, with: ledger, revision: 2)
        #expect(intent(compilation, "a", blue)?.maximumPrefixes == 5)
        #expect(compilation.intents.values.allSatisfy { $0.revision == 2 })
    }

    @Test(
        "what is done on the loss of the southbound comes with the base; a gateway that is alone withdraws nothing",
        arguments: SouthboundLoss.allCases)
    func southboundLoss(_ loss: SouthboundLoss) throws {
        var graph = try compile([blue: VPN(attachments: [attach("a"), attach("b")])]).graph
        #expect(graph.clouds[cloud("a")]?.onSouthboundLoss == .drain)
        graph.clouds[cloud("a")]?.onSouthboundLoss = loss
        func base() throws -> BaseIntent? {
            var ledger = Ledger()
            try ledger.allocate(for: graph, at: 0)
            return try Compilation(graph, with: ledger, epoch: "e", revision: 1)
                .intents[GatewayID(cloud: cloud("a"), node: NodeName(unchecked: "gw"))]?.base
        }
        #expect(try base()?.onSouthboundLoss == (loss == .withdraw ? .keep : loss))
        graph.clouds[cloud("a")]?.gateways[NodeName(unchecked: "gw2")] = Gateway(vtep: try IPv4Address(parsing: "10.255.1.2"))
        #expect(try base()?.onSouthboundLoss == loss)
    }

    @Test("an IPv6 VTEP is carried by the graph and refused by compiling, with the gateway's name")
    func ipv6() throws {
        var graph = FederationGraph(federation: FederationID(unchecked: "demo"))
        graph.clouds[cloud("a")] = Cloud(
            gateways: [NodeName(unchecked: "gw"): Gateway(vtep: .some(try IPAddress(parsing: "fd00::1")))])
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        let error = #expect(throws: CompilationError.self) { try Compilation(graph, with: ledger, epoch: "e", revision: 1) }
        #expect(error?.owner == "a/gw" && error?.what == "IPv4 VTEP address")
    }
}
