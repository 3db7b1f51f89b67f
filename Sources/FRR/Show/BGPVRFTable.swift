import NetworkTypes

/// One path of a VRF's unicast table.
package struct BGPVRFRoute: Hashable, Sendable {
    package let prefix: IPPrefix
    /// The used one first; VTEPs for imported routes, and IPv4 ones also for IPv6 routes.
    package var nextHops: [IPAddress]
    package var path: [UInt32]
    /// The neighbour whose EVPN route was imported; nil for a route of this VRF itself.
    package var peer: String?
    package var isValid: Bool
    package var isBest: Bool

    /// Originated in this VRF (`network`, `redistribute`): everything else was imported.
    package var isLocal: Bool { peer == nil }
}

/// `show bgp vrf NAME ipv4|ipv6 unicast json`: what the VRF holds, its own routes and those that its route targets let in.
package struct BGPVRFTable: Hashable, Sendable {
    package var vrf: String
    /// Grows with every change of a best path: an unchanged version is an unchanged table.
    package var version: Int64
    package var routes: [BGPVRFRoute]

    /// - Throws: `warning` where bgpd does not know the VRF.
    package static func decode(_ json: String) throws(FRRDecodingError) -> BGPVRFTable {
        var cursor = JSONCursor(json)
        var table = BGPVRFTable(vrf: "", version: 0, routes: [])
        try cursor.enterObject()
        while let key = try cursor.nextKey() {
            switch key {
            case "vrfName": table.vrf = try cursor.string() ?? ""
            case "tableVersion": table.version = try cursor.integer() ?? 0
            case "warning":
                throw .warning(try cursor.string() ?? "")
            case "routes":
                guard try cursor.entersObject() else { continue }
                while let key = try cursor.nextKey() {
                    guard let prefix = IPPrefix(key), try cursor.kind() == .array else {
                        try cursor.skip()
                        continue
                    }
                    try cursor.enterArray()
                    while try cursor.nextElement() { try table.readPath(of: prefix, &cursor) }
                }
            default: try cursor.skip()
            }
        }
        try cursor.finish()
        return table
    }

    private mutating func readPath(of prefix: IPPrefix, _ cursor: inout JSONCursor) throws(FRRDecodingError) {
        guard try cursor.entersObject() else { return }
        var attributes = BGPPathAttributes()
        while let key = try cursor.nextKey() { try attributes.read(key, &cursor) }
        routes.append(
            BGPVRFRoute(
                prefix: prefix, nextHops: attributes.nextHops, path: BGPPathAttributes.numbers(of: attributes.path),
                peer: attributes.isLocal ? nil : attributes.peer ?? "", isValid: attributes.isValid, isBest: attributes.isBest))
    }
}

/// A BGP instance: one value of `show bgp vrfs json`.
package struct BGPInstance: Hashable, Sendable {
    package let name: String
    package var routerID: IPv4Address?
    /// Nil until zebra has told bgpd of it.
    package var l3VNI: VNI?
    package var routerMAC: MACAddress?
    /// The bridge of the L3VNI, by name.
    package var interface: String?
    /// False while the kernel has no such VRF.
    package var isInKernel: Bool

    /// - Throws: `FRRDecodingError`.
    package static func decode(_ json: String) throws(FRRDecodingError) -> [String: BGPInstance] {
        var cursor = JSONCursor(json)
        var result: [String: BGPInstance] = [:]
        try cursor.enterObject()
        while let key = try cursor.nextKey() {
            guard key == "vrfs" else {
                try cursor.skip()
                continue
            }
            guard try cursor.entersObject() else { continue }
            while let name = try cursor.nextKey() {
                if try cursor.entersObject() { result[name] = try decode(name, &cursor) }
            }
        }
        try cursor.finish()
        return result
    }

    private static func decode(_ name: String, _ cursor: inout JSONCursor) throws(FRRDecodingError) -> BGPInstance {
        var instance = BGPInstance(name: name, isInKernel: false)
        while let key = try cursor.nextKey() {
            switch key {
            case "routerId": instance.routerID = try cursor.string().flatMap { IPv4Address($0) }
            case "vrfId": instance.isInKernel = try cursor.integer() ?? -1 >= 0
            case "l3vni": instance.l3VNI = try cursor.string().flatMap { VNI($0) }
            case "rmac": instance.routerMAC = try cursor.string().flatMap { MACAddress($0) }.flatMap { $0.bits == 0 ? nil : $0 }
            case "interface": instance.interface = try cursor.string().flatMap { $0 == "unknown" ? nil : $0 }
            default: try cursor.skip()
            }
        }
        return instance
    }
}
