import FederationModel
import NetworkTypes

extension BaseIntent {
    /// What is new for BGP on a gateway; of a gateway that goes nothing is told.
    static func details(_ old: BaseIntent?, _ new: BaseIntent?) -> [String] {
        guard let new else { return [] }
        var words = Wording(isNew: old == nil)
        words.value("AS", old?.asn, new.asn)
        words.value("VTEP", old?.vtep, new.vtep)
        words.value("router MAC", old?.routerMAC, new.routerMAC)
        words.value("probe address", old?.probeAddress, new.probeAddress)
        words.value("BGP management", (old?.management ?? .agent).rawValue, new.management.rawValue)
        words.value("underlay MTU", old?.underlayMTU ?? Cloud.defaultUnderlayMTU, new.underlayMTU)
        words.value("maximum prefixes", old?.maximumPrefixes, new.maximumPrefixes, none: "unlimited")
        if (old?.filtersVXLAN ?? false) != new.filtersVXLAN {
            words.say(new.filtersVXLAN ? "takes VXLAN from members only" : "takes VXLAN from everybody")
        }
        if (old?.isDraining ?? false) != new.isDraining { words.say(new.isDraining ? "drains" : "drains no longer") }
        peers(old?.peers ?? [], new.peers, &words)
        return words.lines
    }

    /// Whether a session that stands ends. It does where either end is another one afterwards: address, AS, or who configures it.
    static func resetsSessions(_ old: BaseIntent?, _ new: BaseIntent?) -> Bool {
        guard let old, !old.peers.isEmpty else { return false }
        guard let new, old.asn == new.asn, old.vtep == new.vtep, old.management == new.management else { return true }
        let kept = Dictionary(new.peers.map { ($0.address, $0.asn) }, uniquingKeysWith: { first, _ in first })
        return old.peers.contains { kept[$0.address] != $0.asn }
    }

    /// A hundred clouds in a full mesh would make a hundred lines for each gateway, and nothing is to be learnt from them.
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
                    ? "peer \(peer.address) is called \(peer.name)" : "peer \(peer.name) (\(peer.address)) AS \(before.asn) → \(peer.asn)")
        }
    }
}

extension VPNIntent {
    /// What is new for a VPN on a gateway; of one that goes nothing is told.
    static func details(_ old: VPNIntent?, _ new: VPNIntent?) -> [String] {
        guard let new else { return [] }
        var words = Wording(isNew: old == nil)
        words.value("VNI", old?.encapsulation.vni, new.encapsulation.vni)
        // Behind each gateway's own address the same index: told so, a new VPN is the same line for all.
        words.value(
            "RD", old?.routeDistinguisher.description, old == nil ? new.routeDistinguisher.index : new.routeDistinguisher.description)
        words.value("VNI received besides", old?.secondary?.encapsulation.vni, new.secondary?.encapsulation.vni, none: "none")
        words.members("imports besides", old?.secondary?.importTargets ?? [], new.secondary?.importTargets ?? [])
        words.members("exports besides", old?.secondary?.exportTargets ?? [], new.secondary?.exportTargets ?? [])
        words.members("imports", old?.importTargets ?? [], new.importTargets)
        words.members("exports", old?.exportTargets ?? [], new.exportTargets)
        words.members("attaches", old?.attachments.map(\.text) ?? [], new.attachments.map(\.text))
        refusals(old?.refusals ?? [], new.refusals, &words)
        if let old { origins(old.origins, new.origins, &words) }
        words.members("originates", old?.originated ?? [], new.originated)
        words.list("import filter", old?.importFilter ?? [], new.importFilter)
        words.list("export filter", old?.exportFilter ?? [], new.exportFilter)
        words.value("maximum prefixes", old?.maximumPrefixes, new.maximumPrefixes, none: "unlimited")
        words.value("local preference", old?.localPreference, new.localPreference, none: "bgpd’s own")
        return words.lines
    }
}

extension VPNIntent {
    /// A hundred VPNs that share into one would make a hundred lines for each, and so would a hundred clouds.
    private static let refusalsTold = 5

    /// `10.4.2.0/24 for router name=blue-router with 10.3.1.0/24 only`.
    private var refusals: [String] { attachments.flatMap { attachment in attachment.refused.map { "\($0) for \(attachment.text)" } } }

    /// Of who is in a VPN from the start, the graph's part of the plan tells.
    private static func origins(_ old: [RouteOrigin], _ new: [RouteOrigin], _ words: inout Wording) {
        func tell(_ list: [RouteOrigin], without others: [RouteOrigin], _ end: String) {
            let others = Set(others)
            let told = list.filter { !others.contains($0) }
            for origin in told.prefix(refusalsTold) { words.say("takes routes of \(origin.text)\(end)") }
            if told.count > refusalsTold { words.say("takes routes of \(told.count - refusalsTold) more VTEPs\(end)") }
        }
        tell(new, without: old, "")
        tell(old, without: new, " no longer")
    }

    private static func refusals(_ old: [String], _ new: [String], _ words: inout Wording) {
        func tell(_ list: [String], without others: [String], _ end: String) {
            let others = Set(others)
            let told = list.filter { !others.contains($0) }
            for refusal in told.prefix(refusalsTold) { words.say("refuses \(refusal)\(end)") }
            if told.count > refusalsTold { words.say("refuses \(told.count - refusalsTold) more\(end)") }
        }
        tell(new, without: old, "")
        tell(old, without: new, " no longer")
    }
}

extension AttachmentIntent {
    /// `router name=blue-router`, and beyond that what is not usual of it.
    fileprivate var text: String {
        var text = selector.description
        if advertise != .hosts { text += " advertising \(advertise)" }
        if !only.isEmpty { text += " with \(only.map(\.description).joined(separator: ", ")) only" }
        if !export.isEmpty { text += " exporting \(export.map(\.description).joined(separator: ", "))" }
        return text
    }
}

extension RouteDistinguisher {
    /// `index 7` behind an IPv4 address.
    fileprivate var index: String { if case .ipv4(_, let index) = number { "index \(index)" } else { description } }
}
