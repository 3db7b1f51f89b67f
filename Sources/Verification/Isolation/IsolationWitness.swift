import FederationModel
import NetworkTypes

/// An import path that no policy allows: routes of `exporter` get into `importer`.
package struct IsolationWitness: Hashable, Sendable, Codable {
    package struct Route: Hashable, Sendable, Codable, Comparable {
        package var prefix: IPPrefix
        package var nextHop: IPAddress
        package var routeDistinguisher: RouteDistinguisher

        package init(prefix: IPPrefix, nextHop: IPAddress, routeDistinguisher: RouteDistinguisher) {
            self.prefix = prefix
            self.nextHop = nextHop
            self.routeDistinguisher = routeDistinguisher
        }

        package static func < (a: Self, b: Self) -> Bool {
            (a.prefix, a.nextHop, a.routeDistinguisher) < (b.prefix, b.nextHop, b.routeDistinguisher)
        }
    }

    package var breach: IsolationBreach
    /// The strongest evidence of it.
    package var level: IsolationLevel
    package var exporter: LocalVRF
    package var importer: LocalVRF
    /// As exported, and as imported; these differ where a wildcard matches. Nil: no target explains it.
    package var exported: RouteTarget?
    package var imported: RouteTarget?
    /// A route that took this path.
    package var route: Route?
    /// Where it is set up or seen; by intent, a gateway of the importer. Sorted, the first `gatewayLimit`.
    package var gateways: [GatewayID]
    package var gatewayCount: Int
    package var sentence: String
    /// What to do, with commands.
    package var remedy: String

    package static let gatewayLimit = 8

    package init(
        breach: IsolationBreach, level: IsolationLevel, exporter: LocalVRF, importer: LocalVRF, exported: RouteTarget?,
        imported: RouteTarget?, route: Route?, gateways: [GatewayID], gatewayCount: Int, sentence: String, remedy: String
    ) {
        self.breach = breach
        self.level = level
        self.exporter = exporter
        self.importer = importer
        self.exported = exported
        self.imported = imported
        self.route = route
        self.gateways = gateways
        self.gatewayCount = gatewayCount
        self.sentence = sentence
        self.remedy = remedy
    }

    /// The VPNs that it concerns: one, or two.
    package var vpns: [VPNName] {
        [exporter, importer].compactMap { if case .vpn(let name) = $0 { name } else { nil } }
    }

    /// The worst first: routes that were seen, then what bgpd has in force, then intents; tenants with tenants before others.
    package static func isWorse(_ a: Self, _ b: Self) -> Bool {
        func order(_ witness: Self) -> (Int, Int, Int) {
            let level =
                switch witness.level {
                case .routes: 0
                case .configuration: 1
                case .intent: 2
                }
            return (level, witness.route == nil ? 1 : 0, witness.vpns.count > 1 ? 0 : 1)
        }
        let (one, two) = (order(a), order(b))
        if one != two { return one < two }
        if a.exporter != b.exporter { return a.exporter < b.exporter }
        if a.importer != b.importer { return a.importer < b.importer }
        if a.imported != b.imported { return (a.imported?.description ?? "") < (b.imported?.description ?? "") }
        if a.exported != b.exported { return (a.exported?.description ?? "") < (b.exported?.description ?? "") }
        return (a.breach.rawValue, a.gateways.first?.description ?? "") < (b.breach.rawValue, b.gateways.first?.description ?? "")
    }
}
