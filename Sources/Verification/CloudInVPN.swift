import FederationModel
import NetworkTypes

/// All gateways of one cloud in one VPN, and the deciding ones. A class, because each of hundreds of pairs refers to it. It is immutable.
final class CloudInVPN: Sendable {
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
    /// Of the deciding ones.
    let vteps: Set<IPAddress>
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
        vteps = Set(deciding.map(\.vtep))
        expected = deciding.reduce(into: Set()) { $0.formUnion($1.expected) }.sorted()
    }

    /// Whether the cloud should originate the prefix, or a part of it.
    func expects(within prefix: IPPrefix) -> Bool {
        // Parts of a prefix follow it in order.
        var (low, high) = (0, expected.count)
        while low < high {
            let middle = (low + high) / 2
            if expected[middle] < prefix { low = middle + 1 } else { high = middle }
        }
        return low < expected.count && prefix.contains(expected[low])
    }

    /// Whether a gateway of the cloud has one of these VTEPs.
    func hasVTEP(in vteps: Set<IPv4Address>) -> Bool { !vteps.isEmpty && sites.contains { vteps.contains($0.base.vtep) } }

    /// The prefixes expected at the last report, for verdicts without current facts.
    var lastExpected: [IPPrefix] {
        Set(sites.flatMap { $0.latest?.expected ?? [] }).sorted()
    }
}

/// What follows from a VPN's intents alone: its connected clouds, of which one exports what the other imports.
struct Joins: Sendable {
    private let exporters: [RouteTarget: [Int]]
    /// Those of the VPN's gateways, by VTEP.
    let distinguishers: [IPAddress: [RouteDistinguisher]]

    init(_ sides: [CloudInVPN]) {
        var exporters: [RouteTarget: [Int]] = [:]
        for (index, side) in sides.enumerated() {
            for target in side.exports { exporters[target, default: []].append(index) }
        }
        self.exporters = exporters
        distinguishers = Dictionary(
            sides.flatMap(\.sites).map { ($0.vtep, $0.intent.bindings.map(\.routeDistinguisher)) }, uniquingKeysWith: +)
    }

    /// The positions of the viewer's origins.
    func origins(of viewer: CloudInVPN) -> [Int] {
        Set(viewer.imports.flatMap { exporters[$0] ?? [] }).sorted()
    }
}
