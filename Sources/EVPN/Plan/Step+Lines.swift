import FRR

extension Step {
    /// What is written to bgpd or zebra, as lines of configuration; empty for the other surfaces.
    /// - Throws: where bgpd's default instance has another AS.
    package func lines() throws(BGPConflict) -> [String] {
        switch self {
        case .configureBase(let from, let to): try EVPNBaseStanza.changes(from: from, to: to)
        case .removeBase(let running): try EVPNBaseStanza.changes(from: running, to: nil)
        case .configureVRF(let from, let to): VRFStanza.changes(from: from, to: to)
        case .restateTargets(let stanza, let vni): stanza.restatement(of: vni)
        case .removeVRF(let stanza): VRFStanza.changes(from: stanza, to: nil)
        case .announceRoutes(let stanza): stanza.reannouncement
        case .bindVNI(let vrf, let vni): ZebraVRFStanza.changes(from: nil, to: ZebraVRFStanza(vrf: vrf, vni: vni))
        case .unbindVNI(let vrf, let vni): ZebraVRFStanza.changes(from: ZebraVRFStanza(vrf: vrf, vni: vni), to: nil)
        default: []
        }
    }
}
