import FederationModel
import NetworkTypes

/// All gateways of one cloud in one VPN, and which of them decide.
struct Side {
    let cloud: CloudName
    let sites: [Site]
    let selectors: [AttachmentSelector]
    /// What its gateways are to export and import.
    let exports: Set<RouteTarget>
    let imports: Set<RouteTarget>
    /// Those with a gateway port of the VPN.
    let hosting: [Site]
    /// A gateway port is bound to one node at a time. So where every attachment is seen to be hosted, a silent or
    /// idle gateway of the same cloud carries nothing and says nothing; otherwise each of them may be the one.
    let deciding: [Site]
    /// Prefixes that the cloud is to originate: hosts, subnets, and what a hub originates for its spokes. Sorted.
    let expected: [IPPrefix]

    init(cloud: CloudName, sites: [Site]) {
        self.cloud = cloud
        self.sites = sites
        let selectors = Set(sites.flatMap(\.intent.attachments).map(\.selector))
        self.selectors = selectors.sorted()
        exports = Set(sites.flatMap(\.intent.exportTargets))
        imports = Set(sites.flatMap(\.intent.importTargets))
        hosting = sites.filter(\.hosts)
        let isCovered = selectors.allSatisfy { selector in sites.contains { $0.attachment(selector)?.hostedHere == true } }
        deciding = isCovered ? hosting : sites
        expected = deciding.reduce(into: Set()) { $0.formUnion($1.expected) }.sorted()
    }

    /// What was expected when its gateways were last heard, for verdicts that know no better.
    var lastExpected: [IPPrefix] {
        Set(sites.flatMap { site in site.testimony?.report.vpns[site.intent.name]?.expected ?? [] }).sorted()
    }
}

/// Which sides of a VPN the policy joins: what one exports, the other imports.
struct Joins {
    private let exporters: [RouteTarget: [Int]]

    init(_ sides: [Side]) {
        var exporters: [RouteTarget: [Int]] = [:]
        for (index, side) in sides.enumerated() {
            for target in side.exports { exporters[target, default: []].append(index) }
        }
        self.exporters = exporters
    }

    /// The places of those that the viewer is to learn from.
    func origins(of viewer: Side) -> [Int] {
        Set(viewer.imports.flatMap { exporters[$0] ?? [] }).sorted()
    }
}
