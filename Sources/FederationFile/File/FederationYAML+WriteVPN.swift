import FederationModel
import NetworkTypes

extension FederationYAML {
    static func body(of vpn: VPN) -> [String] {
        var lines: [String] = []
        if let project = vpn.project { lines.append("project: \(YAMLText.quoted(project))") }
        if !vpn.labels.isEmpty { lines.append("labels: \(YAMLText.flow(vpn.labels))") }
        if let vni = vpn.vni { lines.append("vni: \(vni)") }
        if let target = vpn.routeTarget { lines.append("rt: \(YAMLText.quoted(target.description))") }
        if vpn.kind != .l3 { lines.append("kind: \(vpn.kind.rawValue)") }
        lines += body(of: vpn.policy)
        lines += section("attachments", vpn.attachments.map { line(of: $0) })
        if !vpn.importTargets.isEmpty { lines.append("importTargets: \(flow(vpn.importTargets))") }
        if !vpn.exportTargets.isEmpty { lines.append("exportTargets: \(flow(vpn.exportTargets))") }
        lines += section("externalOrigins", vpn.externalOrigins.map { "- " + flow($0) })
        let filters = [("import", vpn.importFilter), ("export", vpn.exportFilter)]
        lines += section(
            "filters", filters.flatMap { name, rules in section(name, rules.map { "- \(YAMLText.quoted($0.description))" }) })
        if let maximum = vpn.maximumPrefixes { lines.append("maximumPrefixes: \(maximum)") }
        if let maximum = vpn.maximumLearned { lines.append("maximumLearned: \(maximum)") }
        if let maximum = vpn.maximumLearnedPerOrigin { lines.append("maximumLearnedPerOrigin: \(maximum)") }
        if let preference = vpn.localPreference { lines.append("localPreference: \(preference)") }
        if let mtu = vpn.mtu { lines.append("mtu: \(mtu)") }
        if !vpn.anycast.isEmpty { lines.append("anycast: \(flow(vpn.anycast))") }
        if vpn.allowsOverlap { lines.append("allowOverlap: true") }
        lines += section("shares", vpn.shares.map { "- " + flow($0) })
        return lines
    }

    private static func body(of policy: VPNPolicy) -> [String] {
        let name = policy.pattern.rawValue
        switch policy {
        case .fullMesh: return []
        case .hubAndSpoke(let transit) where !transit.isEmpty: return section("policy", ["\(name): {transit: \(flow(transit))}"])
        case .partialMesh(let edges) where !edges.isEmpty:
            return section("policy", section(name, section("edges", edges.map { "- " + flow($0) })))
        case .hubAndSpoke, .partialMesh: return ["policy: \(name)"]
        }
    }

    private static func flow(_ edge: PolicyEdge) -> String {
        let (from, to) = (text(edge.from), text(edge.to))
        return YAMLText.flow(edge.isOneWay ? [("from", from), ("to", to)] : [("between", YAMLText.flow([from, to]))])
    }

    private static func text(_ pick: CloudPick) -> String {
        switch pick {
        case .cloud(let name): YAMLText.quoted(name.text)
        case .labels(let labels): YAMLText.flow(labels)
        }
    }

    /// An attachment as it stands in a file: `- {cloud: paris, …}`.
    package static func line(of attachment: Attachment) -> String { "- " + flow(attachment) }

    private static func flow(_ attachment: Attachment) -> String {
        let selector = attachment.selector
        let value = selector.key == .vni ? selector.value : YAMLText.quoted(selector.value)
        let fields = [(selector.key.rawValue, value), ("project", selector.project.map { YAMLText.quoted($0) })]
        return YAMLText.flow([
            ("cloud", YAMLText.quoted(attachment.cloud.text)),
            (selector.kind.rawValue, selector.isBareName ? value : YAMLText.flow(fields)),
            ("role", attachment.role == .member ? nil : attachment.role.rawValue),
            ("advertise", attachment.advertise == .hosts ? nil : YAMLText.flow(attachment.advertise.names)),
            ("export", attachment.export.isEmpty ? nil : flow(attachment.export)),
        ])
    }

    private static func flow(_ origin: RouteOrigin) -> String {
        YAMLText.flow([
            ("vtep", YAMLText.quoted(origin.vtep.description)), ("as", origin.asn.description),
            ("defaultRoute", origin.originatesDefault ? "true" : nil),
        ])
    }

    private static func flow(_ share: Share) -> String {
        YAMLText.flow([
            ("to", YAMLText.quoted(share.to.text)), ("prefixes", flow(share.prefixes)),
            ("clouds", share.clouds.isEmpty ? nil : flow(share.clouds)),
        ])
    }

    private static func flow(_ values: [some CustomStringConvertible]) -> String {
        YAMLText.flow(values.map { YAMLText.quoted($0.description) })
    }
}
