import FederationModel
import NetworkTypes
import Testing

@testable import Federation

@Suite("What members may announce, by the file")
struct OriginRightsTests {
    private let blue = vpn("blue")

    private func rights(_ viewer: String, _ change: (inout FederationGraph) -> Void) throws -> [String] {
        var graph = FederationGraph(federation: FederationID(unchecked: "demo"))
        for (number, name) in ["paris", "tokyo", "osaka"].enumerated() {
            graph.clouds[cloud(name)] = Cloud(gateways: [NodeName(unchecked: "gw1"): Gateway(vtep: IPv4Address("10.255.\(number + 1).1")!)])
        }
        graph.vpns[blue] = VPN(attachments: ["paris", "tokyo", "osaka"].map { attachment($0) })
        change(&graph)
        var ledger = Ledger()
        try ledger.allocate(for: graph, at: 0)
        let intents = try graph.intents(with: ledger, epoch: "e", revision: 1)
        let found = intents[GatewayID(cloud: cloud(viewer), node: NodeName(unchecked: "gw1"))]?.vpns[blue]?.rights
        #expect(found?.isEmpty != true && found?.contains { $0.rules.isEmpty } != true)
        return (found ?? []).map { right in
            "\(right.clouds.map(\.text).joined(separator: " ")): \(right.rules.map(\.description).joined(separator: ", "))"
        }
    }

    private func attachment(_ cloud: String, _ role: AttachmentRole = .member, export: [String] = []) -> FederationModel.Attachment {
        FederationModel.Attachment(
            cloud: CloudName(unchecked: cloud), selector: AttachmentSelector(kind: .router, key: .name, value: "\(cloud)-router"),
            role: role, export: export.compactMap { try? PrefixRule(parsing: $0) })
    }

    @Test("anything, where the file says nothing: what a router has, only its cloud knows")
    func open() throws {
        #expect(try rights("paris") { _ in } == [])
    }

    @Test("what the export rules of its attachment let out, in their order")
    func export() throws {
        let rules = ["deny 10.2.9.0/24 le 32", "permit 10.2.0.0/16 le 32"]
        let found = try rights("paris") { $0.vpns[blue]?.attachments[1] = attachment("tokyo", export: rules) }
        #expect(found == ["tokyo: deny 10.2.9.0/24 le 32, permit 10.2.0.0/16 le 32"])
        // Of several attachments, what any lets out.
        let either = try rights("paris") { graph in
            var other = attachment("tokyo", export: ["permit 10.7.0.0/16"])
            other.selector.value = "other"
            graph.vpns[blue]?.attachments[1] = attachment("tokyo", export: rules)
            graph.vpns[blue]?.attachments.append(other)
        }
        #expect(either == ["tokyo: permit 10.2.0.0/16 le 32, permit 10.7.0.0/16"])
    }

    @Test("what the VPN's export filter lets out; a hub its transit prefixes too, and a spoke not")
    func filter() throws {
        let filter = [try PrefixRule(parsing: "permit 10.0.0.0/8 ge 24 le 32")]
        #expect(try rights("paris") { $0.vpns[blue]?.exportFilter = filter } == [": permit 10.0.0.0/8 ge 24 le 32"])
        let hub = try rights("paris") {
            $0.vpns[blue]?.exportFilter = filter
            $0.vpns[blue]?.policy = .hubAndSpoke(transit: [IPPrefix("10.0.0.0/8")!])
            $0.vpns[blue]?.attachments = [attachment("paris", .spoke), attachment("tokyo", .hub), attachment("osaka", .spoke)]
        }
        #expect(hub == ["tokyo: permit 10.0.0.0/8, permit 10.0.0.0/8 ge 24 le 32"])
    }

    @Test("of who is there by a share, the shared prefixes and what is in them")
    func shares() throws {
        let found = try rights("paris") { graph in
            graph.vpns[blue]?.attachments = [attachment("paris")]
            graph.vpns[vpn("red")] = VPN(
                attachments: [attachment("tokyo")],
                shares: [Share(to: blue, prefixes: [IPPrefix("10.3.0.0/24")!, IPPrefix("10.3.9.5/32")!])])
        }
        #expect(found == ["tokyo: permit 10.3.0.0/24 le 32, permit 10.3.9.5/32"])
    }
}
