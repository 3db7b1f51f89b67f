import NetworkTypes

/// A VNI as bgpd knows it: one value of `show bgp l2vpn evpn vni json`.
package struct BGPVNI: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable {
        case l2 = "L2"
        case l3 = "L3"
    }

    package let vni: VNI
    /// An L3VNI becomes an L2VNI when its `vrf`/`vni` line goes and its device stays.
    package var kind: Kind
    package var distinguisher: RouteDistinguisher?
    /// In effect, whatever the configuration says: FRR can lose an explicit target and keep the automatic one.
    package var importTargets = ShownRouteTargets()
    package var exportTargets = ShownRouteTargets()
    package var routerMAC: MACAddress?
    package var originator: IPAddress?
    package var inKernel: Bool
    /// Later releases only.
    package var vrf: String?

    package init(
        vni: VNI, kind: Kind, distinguisher: RouteDistinguisher? = nil, importTargets: ShownRouteTargets = ShownRouteTargets(),
        exportTargets: ShownRouteTargets = ShownRouteTargets(), routerMAC: MACAddress? = nil, inKernel: Bool = false
    ) {
        self.vni = vni
        self.kind = kind
        self.distinguisher = distinguisher
        self.importTargets = importTargets
        self.exportTargets = exportTargets
        self.routerMAC = routerMAC
        self.inKernel = inKernel
    }

    /// - Throws: `FRRDecodingError`.
    package static func decode(_ json: String) throws(FRRDecodingError) -> [VNI: BGPVNI] {
        var cursor = JSONCursor(json)
        var result: [VNI: BGPVNI] = [:]
        try cursor.enterObject()
        while let key = try cursor.nextKey() {
            guard let vni = VNI(key) else {
                try cursor.skip()
                continue
            }
            guard try cursor.entersObject() else { continue }
            result[vni] = try decode(vni, &cursor)
        }
        try cursor.finish()
        return result
    }

    private static func decode(_ vni: VNI, _ cursor: inout JSONCursor) throws(FRRDecodingError) -> BGPVNI {
        var entry = BGPVNI(vni: vni, kind: .l2, inKernel: false)
        while let key = try cursor.nextKey() {
            switch key {
            case "type": entry.kind = try cursor.string().flatMap(Kind.init(rawValue:)) ?? .l2
            case "rd": entry.distinguisher = try cursor.string().flatMap { RouteDistinguisher($0) }
            case "rmac": entry.routerMAC = try cursor.string().flatMap { MACAddress($0) }
            case "originatorIp": entry.originator = try cursor.address()
            case "inKernel": entry.inKernel = try cursor.boolean() ?? false
            case "tenantVrf", "vrf": entry.vrf = try cursor.string()
            // The list says RTs where the answer for one VNI says Rts (8.4.4).
            case "importRTs", "importRts": entry.importTargets = ShownRouteTargets(parsing: try cursor.strings())
            case "exportRTs", "exportRts": entry.exportTargets = ShownRouteTargets(parsing: try cursor.strings())
            default: try cursor.skip()
            }
        }
        return entry
    }
}

/// Which VRFs import a route target, as bgpd's import table has it: `show bgp l2vpn evpn vrf-import-rt json`.
/// This is what decides, not what the configuration or the VNI's entry show.
package enum EVPNImportTable {
    /// VRF names by target, as printed (automatic targets and wildcards included).
    /// - Throws: `FRRDecodingError`.
    package static func decode(_ json: String) throws(FRRDecodingError) -> [String: [String]] {
        var cursor = JSONCursor(json)
        var result: [String: [String]] = [:]
        try cursor.enterObject()
        while let target = try cursor.nextKey() {
            guard try cursor.entersObject() else { continue }
            while let key = try cursor.nextKey() {
                if key == "vrfs" { result[target] = try cursor.strings() } else { try cursor.skip() }
            }
        }
        try cursor.finish()
        return result
    }
}
