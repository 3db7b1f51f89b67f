import FederationModel
import NetworkTypes

/// All gateways of one cloud in one VPN, and the deciding ones.
struct CloudInVPN {
    let cloud: CloudName
    let sites: [GatewayInVPN]
    let selectors: [AttachmentSelector]
    /// The intended exports and imports of its gateways.
    let exports: Set<RouteTarget>
    let imports: Set<RouteTarget>
    /// The gateways that host a gateway port of the VPN.
    let hosting: [GatewayInVPN]
    /// A gateway port is bound to one node at a time. So if every router of every attachment is hosted, a silent or
    /// idle gateway of the same cloud does not matter; otherwise any of them may be the host.
    let deciding: [GatewayInVPN]
    /// Prefixes that the cloud should originate: hosts, subnets, and a hub's transit prefixes. Sorted.
    let expected: [IPPrefix]

    init(cloud: CloudName, sites: [GatewayInVPN]) {
        self.cloud = cloud
        self.sites = sites
        let selectors = Set(sites.flatMap(\.intent.attachments).map(\.selector))
        self.selectors = selectors.sorted()
        exports = Set(sites.flatMap(\.intent.exportTargets))
        imports = Set(sites.flatMap(\.intent.importTargets))
        hosting = sites.filter(\.hosts)
        let isCovered = selectors.allSatisfy { selector in
            let reports = sites.compactMap { site in site.attachment(selector).map { (site, $0) } }
            let routers = Set(reports.flatMap(\.1.routers))
            // A label may mean routers on several nodes, and each node names them all.
            let hosted = Set(reports.filter(\.0.knowsBindings).flatMap(\.1.hosted))
            return !hosted.isEmpty && routers.isSubset(of: hosted)
        }
        deciding = isCovered ? hosting : sites
        expected = deciding.reduce(into: Set()) { $0.formUnion($1.expected) }.sorted()
    }

    /// The prefixes expected at the last report, for verdicts without current facts.
    var lastExpected: [IPPrefix] {
        Set(sites.flatMap { site in site.observation?.report.vpns[site.intent.name]?.expected ?? [] }).sorted()
    }
}

/// The connected clouds of a VPN: one exports what the other imports.
struct Joins {
    private let exporters: [RouteTarget: [Int]]

    init(_ sides: [CloudInVPN]) {
        var exporters: [RouteTarget: [Int]] = [:]
        for (index, side) in sides.enumerated() {
            for target in side.exports { exporters[target, default: []].append(index) }
        }
        self.exporters = exporters
    }

    /// The positions of the viewer's origins.
    func origins(of viewer: CloudInVPN) -> [Int] {
        Set(viewer.imports.flatMap { exporters[$0] ?? [] }).sorted()
    }
}
