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
            guard let target = ShownRouteTargets.target(shown: text) else { continue }
            for vrf in vrfs { found[vrf, default: VRFExchange()].importTargets.insert(target) }
        }
        for (vrf, others) in bgpd.importedVRFs { found[vrf, default: VRFExchange()].importedVRFs = others }
        for zebra in zebraVNIs {
            guard let entry = vnis[zebra.vni], entry.kind == .l3 else { continue }
            found[zebra.vrf, default: VRFExchange()].vni = zebra.vni
            found[zebra.vrf, default: VRFExchange()].exportTargets = entry.exportTargets.all
        }
        for (name, asn) in bgpd.bgpVRFs where found[name] != nil { found[name]?.asn = asn }
        found[RunningConfiguration.defaultVRF]?.asn = bgpd.defaultASN
        return found
    }
}
