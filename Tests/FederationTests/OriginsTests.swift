import FederationModel
import NetworkTypes
import Testing

@testable import Federation

@Suite("Who may export to a VPN")
struct OriginsTests {
    private let blue = vpn("blue")

    /// Three clouds with one gateway, and `osaka` with two.
    private func graph(_ change: (inout VPN) -> Void = { _ in }) -> FederationGraph {
        var graph = FederationGraph(federation: FederationID(unchecked: "demo"))
        for (number, name) in ["lima", "paris", "tokyo", "osaka"].enumerated() {
            graph.clouds[cloud(name)] = Cloud(
                asn: ASN(value: 65001 + UInt32(number)),
                gateways: ["gw1": Gateway(vtep: IPv4Address("10.255.\(number + 1).1")!)].reduce(into: [:]) {
                    $0[NodeName(unchecked: $1.key)] = $1.value
                })
        }
        graph.clouds[cloud("osaka")]?.gateways[NodeName(unchecked: "gw2")] = Gateway(vtep: IPv4Address("10.255.4.2")!)
        var blue = VPN(attachments: ["paris", "tokyo", "osaka"].map { attachment($0) })
        change(&blue)
        graph.vpns[self.blue] = blue
        return graph
    }

    private func attachment(_ cloud: String, _ role: AttachmentRole = .member) -> FederationModel.Attachment {
        FederationModel.Attachment(
            cloud: CloudName(unchecked: cloud), selector: AttachmentSelector(kind: .router, key: .name, value: "\(cloud)-router"),
            role: role)
    }

    private func intents(_ graph: FederationGraph) throws -> [GatewayID: GatewayIntent] {
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        return try graph.intents(with: ledger, epoch: "e", revision: 1)
    }

    private func origins(_ graph: FederationGraph, _ cloud: String, vpn: VPNName? = nil) throws -> [String]? {
        let id = GatewayID(cloud: CloudName(unchecked: cloud), node: NodeName(unchecked: "gw1"))
        return try intents(graph)[id]?.vpns[vpn ?? blue]?.origins.map { "\($0.vtep) \($0.asn)" }
    }

    private let members = ["10.255.2.1 65002", "10.255.3.1 65003", "10.255.4.1 65004", "10.255.4.2 65004"]

    @Test("in a full mesh, every gateway of every member, and no gateway of a cloud that is none")
    func mesh() throws {
        for cloud in ["paris", "tokyo", "osaka"] { #expect(try origins(graph(), cloud) == members) }
        #expect(try origins(graph(), "lima") == nil)
        #expect(try intents(graph()).values.allSatisfy { $0.vpns.values.allSatisfy { $0.origins.allSatisfy { !$0.originatesDefault } } })
    }

    @Test("spokes take the hub's routes, and not each other's")
    func spokes() throws {
        let graph = graph {
            $0.policy = .hubAndSpoke(transit: [])
            $0.attachments = [attachment("paris", .hub), attachment("tokyo", .spoke), attachment("osaka", .spoke)]
        }
        #expect(try origins(graph, "tokyo") == [members[0]])
        #expect(try origins(graph, "paris") == members)
    }

    @Test("who only learns exports nothing, and who only exports takes nothing")
    func taps() throws {
        let graph = graph { $0.attachments = [attachment("paris", .importOnly), attachment("tokyo", .exportOnly), attachment("osaka")] }
        #expect(try origins(graph, "paris") == Array(members[1...]))
        #expect(try origins(graph, "tokyo") == [])
        #expect(try origins(graph, "osaka") == Array(members[1...]))
    }

    @Test("edges say it of a partial mesh, each in its direction")
    func edges() throws {
        let graph = graph {
            $0.policy = .partialMesh([PolicyEdge(from: .cloud(cloud("paris")), to: .cloud(cloud("tokyo")), isOneWay: true)])
        }
        #expect(try origins(graph, "tokyo") == [members[0]])
        #expect(try origins(graph, "paris") == [] && origins(graph, "osaka") == [])
    }

    @Test("who is in a VPN by a share is let in by its members, and not by others that share")
    func shares() throws {
        var graph = graph { $0.attachments = [attachment("paris")] }
        for (name, owner) in [("red", "tokyo"), ("green", "osaka")] {
            var router = attachment(owner)
            router.selector.value = name
            graph.vpns[vpn(name)] = VPN(
                attachments: [router], shares: [Share(to: blue, prefixes: [IPPrefix("10.\(name.count).0.0/24")!])])
        }
        #expect(try origins(graph, "paris") == members)
        #expect(try origins(graph, "tokyo") == [members[0]])
        #expect(try origins(graph, "osaka") == [members[0]])
    }

    @Test("another fabric's VTEPs are those that the file names, with default routes where it says so, and raw targets alone let nobody in")
    func external() throws {
        let target = RouteTarget("65010:7")!
        #expect(try origins(graph { $0.importTargets = [target] }, "paris") == members)
        let named = graph {
            $0.importTargets = [target]
            $0.externalOrigins = [RouteOrigin(vtep: IPv4Address("10.255.9.1")!, asn: ASN(value: 65010)!, originatesDefault: true)]
        }
        #expect(try origins(named, "paris") == members + ["10.255.9.1 65010"])
        let intent = try intents(named).values.first { $0.gateway.cloud == cloud("paris") }
        #expect(intent?.vpns[blue]?.origins.filter(\.originatesDefault).map(\.asn.value) == [65010])
    }

    @Test("a member that comes, goes, moves or changes its AS is news to all members, and to nobody else")
    func news() throws {
        var ledger = Ledger()
        let before = graph()
        try ledger.allocate(for: before, at: 0)
        let old = try Compilation(before, with: ledger, epoch: "e", revision: 1)
        let changes: [(inout FederationGraph) -> Void] = [
            { $0.vpns[blue]?.attachments.removeLast() }, { $0.vpns[blue]?.attachments.append(attachment("lima")) },
            { $0.clouds[cloud("osaka")]?.gateways[NodeName(unchecked: "gw2")] = nil },
            { $0.clouds[cloud("tokyo")]?.gateways[NodeName(unchecked: "gw1")]?.vtep = .v4(IPv4Address("10.255.3.9")!) },
            { $0.clouds[cloud("tokyo")]?.asn = ASN(value: 65009) },
            { $0.vpns[blue]?.externalOrigins = [RouteOrigin(vtep: IPv4Address("10.255.9.1")!, asn: ASN(value: 65010)!)] },
        ]
        for (number, change) in changes.enumerated() {
            var graph = before
            change(&graph)
            var ledger = ledger
            try ledger.allocate(for: graph, at: 1)
            let new = try old.updated(to: graph, with: ledger, revision: 2)
            let cold = try Compilation(graph, with: ledger, epoch: "e", revision: 2)
            #expect(new.intents == cold.intents, "change \(number)")
            let told = new.differences(since: old).filter { ($0.value.changed + $0.value.added).contains(.vpn(blue)) }.keys.map(\.cloud)
            #expect(Set(told).isSuperset(of: [cloud("paris"), cloud("tokyo")]), "change \(number)")
            if number != 1 { #expect(!told.contains(cloud("lima")), "change \(number)") }
        }
    }

    @Test("tunnels come from all members where the cloud asks for a filter, those among them that only learn")
    func tunnels() throws {
        var graph = graph {
            $0.attachments = [attachment("paris", .importOnly), attachment("tokyo"), attachment("osaka")]
            $0.externalOrigins = [RouteOrigin(vtep: IPv4Address("10.255.9.1")!, asn: ASN(value: 65010)!)]
        }
        graph.clouds[cloud("tokyo")]?.filtersVXLAN = true
        for (id, intent) in try intents(graph) {
            let asks = id.cloud == cloud("tokyo")
            #expect(intent.base.filtersVXLAN == asks)
            let sources = ["10.255.2.1", "10.255.3.1", "10.255.4.1", "10.255.4.2", "10.255.9.1"]
            #expect((intent.vpns[blue]?.tunnelSources.map { $0.description } ?? []) == (asks ? sources : []))
        }
    }

    @Test("a plan says whose routes are taken, or are no longer")
    func plan() throws {
        let intents = try intents(graph())
        let old = try #require(intents.values.first { $0.gateway.cloud == cloud("paris") }?.vpns[blue])
        var new = old
        new.origins.removeFirst(3)
        #expect(VPNIntent.details(nil, old).allSatisfy { !$0.contains("takes routes") })
        #expect(VPNIntent.details(new, old).contains("accepts routes of 10.255.2.1 (AS 65002)"))
        #expect(VPNIntent.details(old, new).contains("no longer accepts routes of 10.255.2.1 (AS 65002)"))
    }
}
