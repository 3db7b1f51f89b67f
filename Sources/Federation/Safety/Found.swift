import FederationModel
import NetworkTypes

/// What a selector finds in a cloud, by its agents.
struct Found: Hashable {
    var routers: Set<String> = []
    var subnets: Set<IPPrefix> = []

    mutating func take(_ report: AttachmentReport) {
        routers.formUnion(report.routers)
        subnets.formUnion(report.subnets)
    }
}

/// The reports of agents, asked for single things: most of what they say is not looked at, and must cost nothing.
struct FactBook {
    private let facts: [GatewayID: GatewayReport]
    private let graph: FederationGraph

    init(_ facts: [GatewayID: GatewayReport], of graph: FederationGraph) {
        self.facts = facts
        self.graph = graph
    }

    var isEmpty: Bool { facts.isEmpty }

    func reports(of cloud: CloudName) -> [GatewayReport] {
        guard !facts.isEmpty else { return [] }
        return (graph.clouds[cloud]?.gateways.keys.sorted() ?? []).compactMap { facts[GatewayID(cloud: cloud, node: $0)] }
    }

    func reports(of vpn: VPNName, in cloud: CloudName) -> [VPNReport] { reports(of: cloud).compactMap { $0.vpns[vpn] } }

    /// Nil where no agent of the cloud has been asked.
    ///
    /// - Parameter everywhere: What is reported on other VPNs is taken too: one selector means the same in all of them.
    func found(_ selector: AttachmentSelector, of vpn: VPNName, in cloud: CloudName, everywhere: Bool = false) -> Found? {
        var found: Found?
        for report in reports(of: vpn, in: cloud) {
            for attachment in report.attachments where attachment.selector == selector { found = found ?? Found(); found?.take(attachment) }
        }
        guard everywhere || found == nil else { return found }
        for report in reports(of: cloud) {
            for attachment in report.vpns.values.lazy.flatMap(\.attachments) where attachment.selector == selector {
                found = found ?? Found()
                found?.take(attachment)
            }
        }
        return found
    }
}
