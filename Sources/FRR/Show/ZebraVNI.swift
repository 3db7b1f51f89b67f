import NetworkTypes

/// A VRF's L3VNI as zebra has it: one element of `show vrf vni json`.
package struct ZebraVNI: Hashable, Sendable {
    package let vrf: String
    package let vni: VNI
    /// Nil while zebra knows no device with the VNI.
    package var vxlanInterface: String?
    /// The bridge; nil while it is not in the VRF.
    package var bridge: String?
    /// Both devices are there, up and in the VRF, and EVPN is on: only then does bgpd export and import.
    package var isUp: Bool
    package var routerMAC: MACAddress?

    /// - Throws: `FRRDecodingError`.
    package static func decode(_ json: String) throws(FRRDecodingError) -> [ZebraVNI] {
        var cursor = JSONCursor(json)
        var result: [ZebraVNI] = []
        try cursor.enterObject()
        while let key = try cursor.nextKey() {
            guard key == "vrfs" else {
                try cursor.skip()
                continue
            }
            guard try cursor.entersArray() else { continue }
            while try cursor.nextElement() {
                if try cursor.entersObject(), let entry = try decode(&cursor) { result.append(entry) }
            }
        }
        try cursor.finish()
        return result
    }

    private static func decode(_ cursor: inout JSONCursor) throws(FRRDecodingError) -> ZebraVNI? {
        var vrf: String?
        var vni: VNI?
        var vxlan: String?
        var bridge: String?
        var isUp = false
        var mac: MACAddress?
        while let key = try cursor.nextKey() {
            switch key {
            case "vrf", "tenantVrf": vrf = try cursor.string()
            case "vni": vni = try cursor.string().flatMap { VNI($0) }
            case "vxlanIntf": vxlan = try cursor.nameUnlessNone()
            case "sviIntf": bridge = try cursor.nameUnlessNone()
            case "state": isUp = try cursor.string() == "Up"
            case "routerMac": mac = try cursor.string().flatMap { MACAddress($0) }
            default: try cursor.skip()
            }
        }
        guard let vrf, let vni else { return nil }
        return ZebraVNI(vrf: vrf, vni: vni, vxlanInterface: vxlan, bridge: bridge, isUp: isUp, routerMAC: mac)
    }
}

/// A tunnel endpoint that routes of a VNI go to, with the MAC that zebra has for it: from `show evpn next-hops vni all json`,
/// or `show evpn rmac vni all json`. An imported route whose next hop is not here is a black hole (FRR 8.4.4, see `ZebraVRFStanza`).
package struct EVPNEndpoint: Hashable, Sendable {
    package let vni: VNI
    package let vtep: IPAddress
    package let routerMAC: MACAddress

    package init(vni: VNI, vtep: IPAddress, routerMAC: MACAddress) {
        self.vni = vni
        self.vtep = vtep
        self.routerMAC = routerMAC
    }

    /// Reads either answer. The same VTEP, which zebra lists once for IPv4 and once, mapped, for IPv6 routes, is given once.
    /// - Throws: `FRRDecodingError`.
    package static func decode(_ json: String) throws(FRRDecodingError) -> Set<EVPNEndpoint> {
        var cursor = JSONCursor(json)
        var result: Set<EVPNEndpoint> = []
        try cursor.enterObject()
        while let key = try cursor.nextKey() {
            guard let vni = VNI(key) else {
                try cursor.skip()
                continue
            }
            guard try cursor.entersObject() else { continue }
            while try cursor.nextKey() != nil {
                guard try cursor.entersObject() else { continue }
                var vtep: IPAddress?
                var mac: MACAddress?
                while let key = try cursor.nextKey() {
                    switch key {
                    case "nexthopIp", "vtepIp": vtep = try cursor.address()?.withoutMapping
                    case "routerMac": mac = try cursor.string().flatMap { MACAddress($0) }
                    default: try cursor.skip()
                    }
                }
                if let vtep, let mac { result.insert(EVPNEndpoint(vni: vni, vtep: vtep, routerMAC: mac)) }
            }
        }
        try cursor.finish()
        return result
    }
}

extension JSONCursor {
    /// zebra spells a missing interface `None`.
    fileprivate mutating func nameUnlessNone() throws(FRRDecodingError) -> String? {
        let name = try string()
        return name == "None" ? nil : name
    }
}
