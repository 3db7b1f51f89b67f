import FederationModel
import NetworkTypes

extension FederationGraph {
    /// Changes of the federation's own settings.
    func settingsDetails(to new: FederationGraph) -> [String] {
        guard federation != new.federation || pools != new.pools || reservations != new.reservations else { return [] }
        var words = Wording(isNew: false)
        words.value("name", federation, new.federation)
        words.value("AS pool", pools.asns?.text, new.pools.asns?.text, none: "default")
        words.value("VNI pool", pools.vnis?.text, new.pools.vnis?.text, none: "default")
        words.value(
            "route target administrator", pools.routeTargetAdministrator, new.pools.routeTargetAdministrator, none: "default")
        words.value("route target numbers", pools.routeTargetNumbers?.text, new.pools.routeTargetNumbers?.text, none: "default")
        words.value("probe addresses", pools.probeAddresses, new.pools.probeAddresses, none: "default")
        words.value(
            "quarantine", pools.quarantine.map(TimeSpan.text), new.pools.quarantine.map(TimeSpan.text), none: "default")
        words.members("reserves", reservations.map(\.told), new.reservations.map(\.told))
        if words.lines.isEmpty { words.say("reservations reordered") }
        return words.lines
    }
}

extension Reservation {
    fileprivate var told: String { "\(values) (\(reason))" }
}

extension Cloud {
    static func details(_ old: Cloud?, _ new: Cloud?) -> [String] {
        guard let new else { return [] }
        let before = old ?? Cloud()
        var words = Wording(isNew: old == nil)
        words.value("AS", before.asn, new.asn, none: "allocated")
        words.value("labels", before.labels.listed, new.labels.listed)
        words.value("BGP management", before.bgp.management.rawValue, new.bgp.management.rawValue)
        words.members("peers with route server", before.bgp.routeServers.map(\.text), new.bgp.routeServers.map(\.text))
        words.value("failure detection", before.bgp.failureDetection?.rawValue, new.bgp.failureDetection?.rawValue, none: "hold time")
        words.value("maximum hops of sessions", before.bgp.maximumHops, new.bgp.maximumHops, none: "any")
        words.value("underlay MTU", before.underlayMTU, new.underlayMTU, none: "\(defaultUnderlayMTU) (default)")
        words.value("VTEP pool", before.vtepPool, new.vtepPool)
        words.value("prefixes per VPN", before.limits.prefixesPerVPN, new.limits.prefixesPerVPN, none: "unlimited")
        words.value("prefixes", before.limits.prefixes, new.limits.prefixes, none: "unlimited")
        words.value(
            "learned prefixes per VPN", before.limits.learnedPerVPN, new.limits.learnedPerVPN,
            none: "\(VPN.defaultMaximumLearned) (default)")
        words.value(
            "learned prefixes per origin", before.limits.learnedPerOrigin, new.limits.learnedPerOrigin,
            none: "\(VPN.defaultMaximumLearnedPerOrigin) (default)")
        if before.filtersVXLAN != new.filtersVXLAN {
            words.say(new.filtersVXLAN ? "accepts VXLAN from members only" : "accepts VXLAN from any source")
        }
        words.value("on loss of the southbound", before.onSouthboundLoss.rawValue, new.onSouthboundLoss.rawValue)
        if before.isDraining != new.isDraining { words.say(new.isDraining ? "drains" : "no longer drains") }
        return words.lines
    }
}

extension Gateway {
    static func details(_ old: Gateway?, _ new: Gateway?) -> [String] {
        guard let new else { return [] }
        var words = Wording(isNew: old == nil)
        words.value("VTEP", old?.vtep, new.vtep, none: "allocated")
        words.value("router MAC", old?.routerMAC, new.routerMAC, none: "allocated")
        words.value("probe address", old?.probeAddress, new.probeAddress, none: "allocated")
        return words.lines
    }
}

extension VPN {
    static func details(_ old: VPN?, _ new: VPN?) -> [String] {
        guard let new else { return [] }
        let before = old ?? VPN()
        var words = Wording(isNew: old == nil)
        words.value("VNI", before.vni, new.vni, none: "allocated")
        words.value("route target", before.routeTarget, new.routeTarget, none: "allocated")
        words.value("project", before.project, new.project)
        words.value("labels", before.labels.listed, new.labels.listed)
        words.value("policy", before.policy.pattern.rawValue, new.policy.pattern.rawValue)
        words.members("originates transit", before.policy.transit, new.policy.transit)
        words.members("connects", before.policy.edges.map(\.text), new.policy.edges.map(\.text))
        words.members("imports", before.importTargets, new.importTargets)
        words.members("exports", before.exportTargets, new.exportTargets)
        words.members("accepts routes of", before.externalOrigins.map(\.text), new.externalOrigins.map(\.text))
        words.list("import filter", before.importFilter, new.importFilter)
        words.list("export filter", before.exportFilter, new.exportFilter)
        words.value("maximum prefixes", before.maximumPrefixes, new.maximumPrefixes, none: "unlimited")
        words.value("maximum learned", before.maximumLearned, new.maximumLearned, none: "the clouds’ limits")
        words.value(
            "maximum learned per origin", before.maximumLearnedPerOrigin, new.maximumLearnedPerOrigin, none: "the clouds’ limits")
        words.value("local preference", before.localPreference, new.localPreference, none: "bgpd’s default")
        words.value("MTU", before.mtu, new.mtu, none: "what the underlay leaves")
        words.members("allows anycast", before.anycast, new.anycast)
        if before.allowsOverlap != new.allowsOverlap {
            words.say(new.allowsOverlap ? "allows overlaps" : "no longer allows overlaps")
        }
        words.members("shares", before.shares.map(\.text), new.shares.map(\.text))
        if old != nil, words.lines.isEmpty { words.say("reordered only") }
        return words.lines
    }
}

extension CloudPick {
    var text: String {
        switch self {
        case .cloud(let name): name.text
        case .labels(let labels): labels.listed ?? "every cloud"
        }
    }
}

extension PolicyEdge {
    /// `paris ↔ tokyo`, `paris → region=asia`.
    var text: String { "\(from.text) \(isOneWay ? "→" : "↔") \(to.text)" }
}

extension Share {
    fileprivate var text: String {
        let whose = clouds.isEmpty ? "" : " of \(clouds.map(\.text).joined(separator: ", "))"
        return "\(prefixes.map(\.description).joined(separator: ", "))\(whose) with \(to)"
    }
}

extension Attachment {
    func details(from old: Attachment?) -> [String] {
        var words = Wording(isNew: old == nil)
        words.value("role", (old?.role ?? .member).rawValue, role.rawValue)
        words.value("advertises", old?.advertise ?? .hosts, advertise)
        words.list("export filter", old?.export ?? [], export)
        return words.lines
    }
}
