import FRR
import NetworkTypes

/// What one VRF of bgpd takes from others and gives to them, whoever configured it.
package struct VRFExchange: Hashable, Sendable, Codable {
    /// Of its BGP instance.
    package var asn: ASN?
    package var vni: VNI?
    /// By bgpd’s import table, which decides: it has FRR’s automatic target as the wildcard that it is.
    package var importTargets: Set<RouteTarget> = []
    package var exportTargets: Set<RouteTarget> = []
    /// VRFs whose routes bgpd copies into it.
    package var importedVRFs: Set<String> = []
    /// How many targets bgpd shows that are not understood: what they import or export is not known. Nil: none.
    package var unreadableTargets: Int?

    package init() {}

    /// By VRF.
    /// - Parameters:
    ///   - bgpd: its running configuration.
    ///   - table: VRFs by import target, as bgpd prints it.
    ///   - vnis: L3VNIs with what is in force for them.
    static func all(
        _ bgpd: RunningConfiguration, table: [String: [String]], vnis: [VNI: BGPVNI], zebraVNIs: [ZebraVNI]
    ) -> [String: VRFExchange] {
        var found: [String: VRFExchange] = [:]
        for (text, vrfs) in table {
            let target = ShownRouteTargets.target(shown: text)
            for vrf in vrfs {
                if let target {
                    found[vrf, default: VRFExchange()].importTargets.insert(target)
                } else {
                    found[vrf, default: VRFExchange()].addUnreadable(1)
                }
            }
        }
        for (vrf, others) in bgpd.importedVRFs { found[vrf, default: VRFExchange()].importedVRFs = others }
        for zebra in zebraVNIs {
            guard let entry = vnis[zebra.vni], entry.kind == .l3 else { continue }
            found[zebra.vrf, default: VRFExchange()].vni = zebra.vni
            found[zebra.vrf, default: VRFExchange()].exportTargets = entry.exportTargets.all
            found[zebra.vrf, default: VRFExchange()].addUnreadable(entry.exportTargets.unreadable)
        }
        for (name, asn) in bgpd.bgpVRFs where found[name] != nil { found[name]?.asn = asn }
        found[RunningConfiguration.defaultVRF]?.asn = bgpd.defaultASN
        return found
    }

    private mutating func addUnreadable(_ count: Int) {
        if count > 0 { unreadableTargets = (unreadableTargets ?? 0) + count }
    }
}
