import FederationModel
import NetworkTypes

extension ReceivedRoute {
    package init(_ wire: WireReceivedRoute) throws(ConversionError) {
        self.init(
            prefix: try parse(wire.prefix, "prefix"), routeDistinguisher: try parse(wire.routeDistinguisher, "route_distinguisher"),
            nextHop: try parse(wire.nextHop, "next_hop"),
            routeTargets: try parse(try few(wire.routeTargets, "route_targets", TextLimits.attributes), "route_targets"),
            routerMAC: wire.hasRouterMac ? try parse(wire.routerMac, "router_mac") : nil,
            asPath: try few(wire.asPath, "as_path", TextLimits.attributes),
            isValid: wire.isValid, isBest: wire.isBest)
    }
}

extension WireReceivedRoute {
    package init(_ route: ReceivedRoute) {
        prefix = route.prefix.description
        routeDistinguisher = route.routeDistinguisher.description
        nextHop = route.nextHop.description
        routeTargets = route.routeTargets.prefix(TextLimits.attributes).map(\.description)
        if let mac = route.routerMAC { routerMac = mac.description }
        asPath = Array(route.asPath.prefix(TextLimits.attributes))
        isValid = route.isValid
        isBest = route.isBest
    }
}

extension ImportedRoute {
    package init(_ wire: WireImportedRoute) throws(ConversionError) {
        self.init(prefix: try parse(wire.prefix, "prefix"), nextHop: try parse(wire.nextHop, "next_hop"), isBest: wire.isBest)
    }
}

extension WireImportedRoute {
    package init(_ route: ImportedRoute) {
        prefix = route.prefix.description
        nextHop = route.nextHop.description
        isBest = route.isBest
    }
}

extension InstalledRoute {
    package init(_ wire: WireInstalledRoute) throws(ConversionError) {
        self.init(
            prefix: try parse(wire.prefix, "prefix"), nextHop: try parse(wire.nextHop, "next_hop"), tunnelReady: wire.tunnelReady)
    }
}

extension WireInstalledRoute {
    package init(_ route: InstalledRoute) {
        prefix = route.prefix.description
        nextHop = route.nextHop.description
        tunnelReady = route.tunnelReady
    }
}
