import Federation
import FederationModel
import NetworkTypes
import Testing

/// A small federation that plans are made on, with what its agents would report.
struct PlanWorld {
    var graph: FederationGraph
    var snapshot: Snapshot
    /// What agents report; empty until `report()`.
    var facts: [GatewayID: GatewayReport] = [:]

    static let now: Int64 = 1_800_000_000_000

    /// Clouds with one gateway each, and VPNs in all of them. Nothing is in force yet.
    init(clouds: [String] = ["lima", "paris", "tokyo"], vpns: [String] = ["blue", "red"]) {
        graph = FederationGraph(federation: FederationID("demo")!)
        for (index, name) in clouds.enumerated() {
            graph.clouds[cloud(name)] = Cloud(
                asn: ASN(value: 65001 + UInt32(index)), underlayMTU: 9000,
                gateways: [NodeName("gw1")!: Gateway(vtep: IPv4Address("10.255.\(index + 1).1")!)])
        }
        for name in vpns { graph.vpns[vpn(name)] = VPN(attachments: clouds.map { Self.attachment($0, "\(name)-router") }) }
        snapshot = Snapshot(federation: graph.federation, epoch: "e", ledger: Ledger())
    }

    /// In force and reported.
    static func inForce() throws -> PlanWorld {
        var world = PlanWorld()
        try world.apply()
        world.report()
        return world
    }

    static func attachment(_ name: String, _ router: String, _ role: AttachmentRole = .member) -> FederationModel.Attachment {
        FederationModel.Attachment(cloud: cloud(name), selector: AttachmentSelector(kind: .router, key: .name, value: router), role: role)
    }

    /// What is planned now is in force from here on.
    mutating func apply() throws {
        let change = try planned()
        snapshot.revision += 1
        snapshot.compilation = change.compilation
        snapshot.ledger = change.ledger
    }

    func planned() throws -> PlannedChange {
        switch Planning.plan(graph, on: snapshot, facts: facts, at: Self.now) {
        case .planned(let change): return change
        case .refused(let findings):
            Issue.record("refused: \(findings)")
            throw findings[0]
        }
    }

    func plan() throws -> Plan { try planned().plan }

    func findings(_ code: FindingCode) throws -> [Finding] { try plan().findings.filter { $0.code == code } }

    /// Changes the graph, and says what is found then.
    func findings(_ code: FindingCode, _ change: (inout FederationGraph) -> Void) throws -> [Finding] {
        var copy = self
        change(&copy.graph)
        return try copy.findings(code)
    }

    /// Agents report what is in force: behind each attachment the subnet 10.CLOUD.VPN.0/24 with so many machines.
    mutating func report(hosts: Int = 2) {
        facts = [:]
        for (id, intent) in snapshot.compilation?.intents ?? [:] {
            var report = GatewayReport()
            let clouds = graph.clouds.keys.sorted(), vpns = graph.vpns.keys.sorted()
            for (name, vpn) in intent.vpns {
                let network = "10.\((clouds.firstIndex(of: id.cloud) ?? 0) + 1).\((vpns.firstIndex(of: name) ?? 0) + 1)"
                let prefixes = (0..<hosts).map { prefix("\(network).\($0 + 11)/32") }
                report.vpns[name] = VPNReport(
                    name: name,
                    attachments: vpn.attachments.map {
                        AttachmentReport(
                            selector: $0.selector, routers: ["id-of-\($0.selector.value)"], hosted: ["id-of-\($0.selector.value)"],
                            chassis: "gw1",
                            subnets: [prefix("\(network).0/24")])
                    }, expected: prefixes, advertised: prefixes)
            }
            facts[id] = report
        }
    }

    mutating func report(_ id: String, _ name: String, _ change: (inout VPNReport) -> Void) {
        change(&facts[gateway(id)]!.vpns[vpn(name)]!)
    }

    /// What an attachment finds there from now on.
    mutating func subnets(_ id: String, _ name: String, _ list: String...) {
        report(id, name) { $0.attachments[0].subnets = list.map(prefix) }
    }
}

func cloud(_ text: String) -> CloudName { CloudName(text)! }
func vpn(_ text: String) -> VPNName { VPNName(text)! }
func prefix(_ text: String) -> IPPrefix { IPPrefix(text)! }
func target(_ text: String) -> RouteTarget { RouteTarget(text)! }
func gateway(_ text: String) -> GatewayID { GatewayID(text)! }
