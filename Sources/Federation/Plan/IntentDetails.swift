import FederationModel
import NetworkTypes

extension BaseIntent {
    /// Changes of BGP on a gateway; empty for a removed gateway.
    static func details(_ old: BaseIntent?, _ new: BaseIntent?) -> [String] {
        guard let new else { return [] }
        var words = Wording(isNew: old == nil)
        words.value("AS", old?.asn, new.asn)
        words.value("VTEP", old?.vtep, new.vtep)
        words.value("router MAC", old?.routerMAC, new.routerMAC)
        words.value("probe address", old?.probeAddress, new.probeAddress)
        words.value("BGP management", (old?.management ?? .agent).rawValue, new.management.rawValue)
        words.value("failure detection", old?.failureDetection?.rawValue, new.failureDetection?.rawValue, none: "hold time")
        words.value("maximum hops of sessions", old?.maximumHops, new.maximumHops, none: "any")
        words.value("underlay MTU", old?.underlayMTU ?? Cloud.defaultUnderlayMTU, new.underlayMTU)
        words.value("maximum prefixes", old?.maximumPrefixes, new.maximumPrefixes, none: "unlimited")
        if (old?.filtersVXLAN ?? false) != new.filtersVXLAN {
            words.say(new.filtersVXLAN ? "accepts VXLAN from members only" : "accepts VXLAN from any source")
        }
        words.value(
            "on loss of the southbound", (old?.onSouthboundLoss ?? .keep).rawValue, new.onSouthboundLoss.rawValue)
        if (old?.isDraining ?? false) != new.isDraining { words.say(new.isDraining ? "drains" : "no longer drains") }
        peers(old?.peers ?? [], new.peers, &words)
        return words.lines
    }

    /// Whether established sessions reset: if address, AS or management of an end changes.
    static func resetsSessions(_ old: BaseIntent?, _ new: BaseIntent?) -> Bool {
        guard let old, !old.peers.isEmpty else { return false }
        guard let new, old.asn == new.asn, old.vtep == new.vtep, old.management == new.management else { return true }
        // bgpd resets for `ttl-security` and `ebgp-multihop` each, and peers for a BFD session that is taken down.
        if (old.maximumHops == nil) != (new.maximumHops == nil) || old.failureDetection != nil && new.failureDetection == nil {
            return true
        }
        let kept = Dictionary(new.peers.map { ($0.address, $0.asn) }, uniquingKeysWith: { first, _ in first })
        return old.peers.contains { kept[$0.address] != $0.asn }
    }

    /// Limits the number of lines: a full mesh of a hundred clouds has a hundred peers per gateway.
    private static let peersTold = 5

    private static func peers(_ old: [EVPNPeer], _ new: [EVPNPeer], _ words: inout Wording) {
        guard old != new else { return }
        let former = Dictionary(old.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        let latter = Dictionary(new.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        func tell(_ peers: [EVPNPeer], _ what: String) {
            for peer in peers.prefix(peersTold) { words.say("peer \(peer.name) (\(peer.address)) \(what)") }
            if peers.count > peersTold { words.say("\(peers.count - peersTold) more peers \(what)") }
        }
        tell(new.filter { former[$0.address] == nil }, "added")
        tell(old.filter { latter[$0.address] == nil }, "removed")
        for peer in new {
            guard let before = former[peer.address], before != peer else { continue }
            words.say(
                before.asn == peer.asn
                    ? "peer \(peer.address) renamed \(peer.name)" : "peer \(peer.name) (\(peer.address)) AS \(before.asn) → \(peer.asn)")
        }
    }
}

extension VPNIntent {
    /// Changes of a VPN on a gateway; empty for a removed VPN.
    static func details(_ old: VPNIntent?, _ new: VPNIntent?) -> [String] {
        guard let new else { return [] }
        var words = Wording(isNew: old == nil)
        words.value("VNI", old?.encapsulation.vni, new.encapsulation.vni)
        // The index is the same on all gateways: showing only the index gives all of them the same line.
        words.value(
            "RD", old?.routeDistinguisher.description, old == nil ? new.routeDistinguisher.index : new.routeDistinguisher.description)
        words.value("secondary VNI", old?.secondary?.encapsulation.vni, new.secondary?.encapsulation.vni, none: "none")
        words.members("secondary VRF imports", old?.secondary?.importTargets ?? [], new.secondary?.importTargets ?? [])
        words.members("secondary VRF exports", old?.secondary?.exportTargets ?? [], new.secondary?.exportTargets ?? [])
        words.members("imports", old?.importTargets ?? [], new.importTargets)
        words.members("exports", old?.exportTargets ?? [], new.exportTargets)
        words.members("attaches", old?.attachments.map(\.text) ?? [], new.attachments.map(\.text))
        refusals(old?.refusals ?? [], new.refusals, &words)
        if let old {
            origins(old.origins, new.origins, &words)
            rights(old.rights ?? [], new.rights ?? [], &words)
        }
        words.members("originates", old?.originated ?? [], new.originated)
        words.list("import filter", old?.importFilter ?? [], new.importFilter)
        words.list("export filter", old?.exportFilter ?? [], new.exportFilter)
        words.value("maximum prefixes", old?.maximumPrefixes, new.maximumPrefixes, none: "unlimited")
        words.value("maximum learned", old?.maximumLearned, new.maximumLearned, none: "\(VPN.defaultMaximumLearned) (default)")
        words.value(
            "maximum learned per origin", old?.maximumLearnedPerOrigin, new.maximumLearnedPerOrigin,
            none: "\(VPN.defaultMaximumLearnedPerOrigin) (default)")
        words.value("local preference", old?.localPreference, new.localPreference, none: "bgpd’s default")
        words.value("MTU", old?.mtu, new.mtu, none: "what the underlay leaves")
        return words.lines
    }
}

extension VPNIntent {
    /// Limits the number of lines for a hundred sharing VPNs or clouds.
    private static let refusalsTold = 5

    /// `10.4.2.0/24 for router name=blue-router with 10.3.1.0/24 only`.
    private var refusals: [String] { attachments.flatMap { attachment in attachment.refused.map { "\($0) for \(attachment.text)" } } }

    /// Only for existing VPNs: for new ones, the graph part of the plan shows it.
    private static func origins(_ old: [RouteOrigin], _ new: [RouteOrigin], _ words: inout Wording) {
        func tell(_ list: [RouteOrigin], without others: [RouteOrigin], _ start: String) {
            let others = Set(others)
            let told = list.filter { !others.contains($0) }
            for origin in told.prefix(refusalsTold) { words.say("\(start)accepts routes of \(origin.text)") }
            if told.count > refusalsTold { words.say("\(start)accepts routes of \(told.count - refusalsTold) more VTEPs") }
        }
        tell(new, without: old, "")
        tell(old, without: new, "no longer ")
    }

    private static func rights(_ old: [OriginRight], _ new: [OriginRight], _ words: inout Wording) {
        func tell(_ list: [OriginRight], without others: [OriginRight], _ start: String) {
            for right in list.filter({ !others.contains($0) }).prefix(refusalsTold) {
                let whom = right.clouds.isEmpty ? "everybody" : right.clouds.map(\.text).listed()
                words.say("\(start)takes of \(whom) only \(right.rules.map(\.description).joined(separator: ", "))")
            }
        }
        tell(new, without: old, "")
        tell(old, without: new, "no longer ")
    }

    private static func refusals(_ old: [String], _ new: [String], _ words: inout Wording) {
        func tell(_ list: [String], without others: [String], _ start: String) {
            let others = Set(others)
            let told = list.filter { !others.contains($0) }
            for refusal in told.prefix(refusalsTold) { words.say("\(start)refuses \(refusal)") }
            if told.count > refusalsTold { words.say("\(start)refuses \(told.count - refusalsTold) more") }
        }
        tell(new, without: old, "")
        tell(old, without: new, "no longer ")
    }
}

extension AttachmentIntent {
    /// `router name=blue-router`, with its non-default settings.
    fileprivate var text: String {
        var text = selector.description
        if advertise != .hosts { text += " advertising \(advertise)" }
        if !only.isEmpty { text += " with \(only.map(\.description).joined(separator: ", ")) only" }
        if !export.isEmpty { text += " exporting \(export.map(\.description).joined(separator: ", "))" }
        return text
    }
}

extension RouteDistinguisher {
    /// `index 7` after an IPv4 address.
    fileprivate var index: String { if case .ipv4(_, let index) = number { "index \(index)" } else { description } }
}
