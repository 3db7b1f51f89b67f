import NetworkTypes

/// One path of an EVPN type-5 route (RFC 9136) in bgpd's global table, where every received route stays, imported or not.
package struct EVPNPrefixRoute: Hashable, Sendable {
    package let distinguisher: RouteDistinguisher
    package let prefix: IPPrefix
    /// The VTEP of the gateway that advertises it.
    package var nextHop: IPAddress?
    /// In order.
    package var targets: [RouteTarget]
    package var routerMAC: MACAddress?
    /// Empty for local routes and those of the own AS. Sets and confederations are flattened.
    package var path: [UInt32]
    /// The neighbour that it came from, as bgpd names it; nil for a local route.
    package var peer: String?
    package var isValid: Bool
    package var isBest: Bool

    /// Originated by this bgpd.
    package var isLocal: Bool { peer == nil }
}

/// `show bgp l2vpn evpn route type prefix json`, and the same with `detail`; both nest paths twice, other releases once.
package struct EVPNPrefixRoutes: Hashable, Sendable {
    package var local: [EVPNPrefixRoute] = []
    package var received: [EVPNPrefixRoute] = []

    package init(local: [EVPNPrefixRoute] = [], received: [EVPNPrefixRoute] = []) {
        self.local = local
        self.received = received
    }

    /// Routes of other types are left out.
    /// - Throws: `FRRDecodingError`.
    package static func decode(_ json: String) throws(FRRDecodingError) -> EVPNPrefixRoutes {
        var cursor = JSONCursor(json)
        var reader = EVPNPrefixRouteReader()
        try reader.read(&cursor)
        try cursor.finish()
        return reader.routes
    }
}

/// Reads the nested table. Neighbouring routes share communities and paths: each spelling is read once and its value shared.
private struct EVPNPrefixRouteReader {
    var routes = EVPNPrefixRoutes()
    private var communities: [String: ExtendedCommunities] = [:]
    private var paths: [String: [UInt32]] = [:]

    /// What says where a path belongs: FRR puts it into the path (`…json`) or beside the paths (`…detail json`).
    private struct Identity {
        var isPrefix = true
        var address: IPAddress?
        var length: Int?

        var prefix: IPPrefix? {
            guard isPrefix, let address, let length, (0...address.family.width).contains(length) else { return nil }
            return IPPrefix(containing: address, length: length)
        }

        mutating func read(_ key: String, _ cursor: inout JSONCursor) throws(FRRDecodingError) -> Bool {
            switch key {
            case "routeType": isPrefix = try cursor.integer() == 5
            case "ip": address = try cursor.address()
            case "ipLen": length = try cursor.integer().flatMap { Int(exactly: $0) }
            default: return false
            }
            return true
        }
    }

    mutating func read(_ cursor: inout JSONCursor) throws(FRRDecodingError) {
        try cursor.enterObject()
        while let key = try cursor.nextKey() {
            guard let distinguisher = RouteDistinguisher(key) else {
                try cursor.skip()
                continue
            }
            guard try cursor.entersObject() else { continue }
            while let route = try cursor.nextKey() {
                guard route.hasPrefix("[5]:") else {
                    try cursor.skip()
                    continue
                }
                if try cursor.entersObject() { try readRoute(distinguisher, &cursor) }
            }
        }
    }

    private mutating func readRoute(_ distinguisher: RouteDistinguisher, _ cursor: inout JSONCursor) throws(FRRDecodingError) {
        var identity = Identity()
        while let key = try cursor.nextKey() {
            if try identity.read(key, &cursor) { continue }
            guard key == "paths" else {
                try cursor.skip()
                continue
            }
            guard try cursor.entersArray() else { continue }
            while try cursor.nextElement() {
                if try cursor.kind() == .array {
                    try cursor.enterArray()
                    while try cursor.nextElement() { try readPath(distinguisher, identity, &cursor) }
                } else {
                    try readPath(distinguisher, identity, &cursor)
                }
            }
        }
    }

    private mutating func readPath(
        _ distinguisher: RouteDistinguisher, _ outer: Identity, _ cursor: inout JSONCursor
    ) throws(FRRDecodingError) {
        guard try cursor.entersObject() else { return }
        var identity = outer
        var attributes = BGPPathAttributes()
        var carried = ExtendedCommunities()
        while let key = try cursor.nextKey() {
            if try identity.read(key, &cursor) { continue }
            if key == "extendedCommunity" {
                if let text = try cursor.textInside() { carried = read(text) }
            } else {
                try attributes.read(key, &cursor)
            }
        }
        guard let prefix = identity.prefix else { return }
        let route = EVPNPrefixRoute(
            distinguisher: distinguisher, prefix: prefix, nextHop: attributes.nextHops.first, targets: carried.targets,
            routerMAC: carried.routerMAC, path: read(path: attributes.path), peer: attributes.isLocal ? nil : attributes.peer ?? "",
            isValid: attributes.isValid, isBest: attributes.isBest)
        if route.isLocal { routes.local.append(route) } else { routes.received.append(route) }
    }

    private mutating func read(_ text: String) -> ExtendedCommunities {
        if let known = communities[text] { return known }
        let value = ExtendedCommunities(parsing: text)
        communities[text] = value
        return value
    }

    private mutating func read(path text: String) -> [UInt32] {
        if text.isEmpty { return [] }
        if let known = paths[text] { return known }
        let value = BGPPathAttributes.numbers(of: text)
        paths[text] = value
        return value
    }
}
