import FederationModel
import NetworkTypes

/// The routers that agents found for a selector.
struct FoundRouters: Hashable {
    var routers: Set<String> = []
    var subnets: Set<IPPrefix> = []

    mutating func take(_ report: AttachmentReport) {
        routers.formUnion(report.routers)
        subnets.formUnion(report.subnets)
    }
}

/// Lookups in agents' reports; unused parts of the reports cost nothing.
struct ReportedFacts {
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

    /// Nil if no agent of the cloud has reported.
    ///
    /// - Parameter everywhere: Whether reports on other VPNs count too: a selector means the same in all of them.
    func found(_ selector: AttachmentSelector, of vpn: VPNName, in cloud: CloudName, everywhere: Bool = false) -> FoundRouters? {
        var found: FoundRouters?
        for report in reports(of: vpn, in: cloud) {
            for attachment in report.attachments where attachment.selector == selector {
                found = found ?? FoundRouters(); found?.take(attachment)
            }
        }
        guard everywhere || found == nil else { return found }
        for report in reports(of: cloud) {
            for attachment in report.vpns.values.lazy.flatMap(\.attachments) where attachment.selector == selector {
                found = found ?? FoundRouters()
                found?.take(attachment)
            }
        }
        return found
    }
}
