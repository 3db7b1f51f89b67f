import FRR
import NetworkTypes

/// What bgpd and zebra hold, as far as it concerns us. Decisions and reports are both made from this, so they cannot differ.
package struct ObservedRouting: Hashable, Sendable, Codable {
    /// bgpd's default instance, whoever configured it, and our route-maps. Nil: there is neither.
    package var base: EVPNBaseStanza?
    /// BGP instances of ours, by VRF.
    package var vrfs: [String: VRFStanza]
    /// zebra's `vrf NAME / vni N`, by VRF.
    package var vniBindings: [String: VNI]
    /// The L3VNIs that bgpd has, with the values in force.
    package var vnis: [VNI: BGPVNI]
    /// The L3VNIs that are up in zebra: bgpd exports and imports only for these.
    package var vnisUp: Set<VNI>
    /// Our devices that are up in zebra, and the VRF that zebra has them in.
    package var devices: [String: String]
    /// What each VRF of bgpd exchanges with others, ours and not ours; nil: nobody looked. Nothing is planned on it.
    package var exchanges: [String: VRFExchange]?
    /// Whose passwords the agent has; nil: it was given none.
    package var passwords: KnownPasswords?
    /// bfdd answers; nil: it does not.
    package var detection: FailureDetection?
    /// Milliseconds since 1970; set by who knows the time.
    package var readAt: Int64 = 0

    package init(
        base: EVPNBaseStanza? = nil, vrfs: [String: VRFStanza] = [:], vniBindings: [String: VNI] = [:], vnis: [VNI: BGPVNI] = [:],
        vnisUp: Set<VNI> = [], devices: [String: String] = [:]
    ) {
        self.base = base
        self.vrfs = vrfs
        self.vniBindings = vniBindings
        self.vnis = vnis
        self.vnisUp = vnisUp
        self.devices = devices
    }

    /// - Parameters:
    ///   - bgpd: its running configuration.
    ///   - zebra: its running configuration.
    ///   - claimed: neighbours of the default instance that this process configured.
    ///   - importTable: VRFs by import target, as bgpd prints it.
    package init(
        bgpd: RunningConfiguration, zebra: RunningConfiguration, vnis: [VNI: BGPVNI], zebraVNIs: [ZebraVNI],
        interfaces: [String: ZebraInterface], claimed: Set<IPAddress>, importTable: [String: [String]] = [:]
    ) {
        self.init(base: EVPNBaseStanza.parse(bgpd, claimed: claimed))
        for (name, asn) in bgpd.bgpVRFs where LocalNames.index(ofVRF: name) != nil {
            vrfs[name] = VRFStanza.parse(bgpd, vrf: name, asn: asn)
        }
        for name in zebra.vrfs where LocalNames.index(ofVRF: name) != nil {
            vniBindings[name] = ZebraVRFStanza.parse(zebra, vrf: name)?.vni
        }
        self.vnis = vnis.filter { $0.value.kind == .l3 }
        exchanges = VRFExchange.all(bgpd, table: importTable, vnis: vnis, zebraVNIs: zebraVNIs)
        vnisUp = Set(zebraVNIs.filter(\.isUp).map(\.vni))
        for (name, interface) in interfaces where LocalNames.isOurs(name) && interface.isAdministrativelyUp {
            devices[name] = interface.vrf
        }
    }

    /// The AS of bgpd's default instance. Nil: there is none.
    package var asn: ASN? { base?.asn }
}
