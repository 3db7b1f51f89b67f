import FederationModel
import FederationViews
import Terminal

extension BGPVPNList {
    var page: Page {
        var table = Table(
            [
                .init("CLOUD"), .init("BGPVPN"), .init("PROJECT"), .init("FOR VPN"), .init("ASSOCIATED"), .init("TYPE", wide: true),
                .init("VNI", wide: true), .init("ID", wide: true), .init("REMARKS", wide: true),
            ], emptyNote: "no agent sees a BGPVPN")
        for one in bgpvpns {
            table.add([
                StyledText("\(one.cloud)"), StyledText(one.title), StyledText(one.project ?? "unknown"), one.owner,
                StyledText(one.associated, one.associations == 0 ? .faint : nil), StyledText(one.type),
                StyledText(one.vni.map { "\($0)" } ?? ""), StyledText(one.id ?? ""),
                StyledText(one.remarks.compactMap { $0.split(separator: ":").first.map(String.init) }.joined(separator: ", ")),
            ])
        }
        var page = Page()
        page.table(table)
        let free = bgpvpns.filter { $0.line != nil }
        if !free.isEmpty {
            page.gap()
            page.line("nobody’s: paste the line below “attachments” of the VPN that it is for")
            for one in free.prefix(Self.lineLimit) { page.line(StyledText("  \(one.line ?? "")   # \(one.title)")) }
            if free.count > Self.lineLimit { page.line(StyledText("  and \(free.count - Self.lineLimit) more; -o json has all", .faint)) }
        }
        for (cloud, count) in omitted.sorted(by: { $0.key < $1.key }) {
            page.line(StyledText("\(cloud) has \(count) more than its agents report", .doubtful))
        }
        if !unlisted.isEmpty {
            page.gap()
            page.line(
                StyledText(
                    "no driver lists BGPVPNs in \(unlisted.map(\.text).joined(separator: ", ")): one with which nothing is associated is not seen there",
                    .faint))
        }
        return page
    }

    private static let lineLimit = 20
}

extension [BGPVPNView] {
    var page: Page {
        var page = Page()
        for (index, one) in enumerated() {
            if index > 0 { page.gap() }
            page.line(StyledText("\(one.cloud): BGPVPN \(one.title)", .heading))
            if let id = one.id { page.field("id", StyledText(id)) }
            page.field("project", StyledText(one.project ?? "unknown"))
            page.field("for VPN", one.owner)
            if let line = one.line { page.field("to attach", StyledText(line)) }
            page.field("type", StyledText(one.type))
            page.field("routers", one.routers.map { StyledText($0) })
            page.field("networks", one.networks.map { StyledText($0) })
            page.field("ports", one.ports.map { StyledText($0) })
            if one.omitted > 0 { page.field("more", StyledText("\(one.omitted) associations")) }
            if one.associations == 0 { page.field("associated", StyledText("nothing yet", .faint)) }
            let claims = [
                one.vni.map { "VNI \($0)" }, one.importTargets.isEmpty ? nil : "import targets \(one.importTargets.joined(separator: " "))",
                one.exportTargets.isEmpty ? nil : "export targets \(one.exportTargets.joined(separator: " "))",
                one.routeDistinguishers.isEmpty ? nil : "route distinguishers \(one.routeDistinguishers.joined(separator: " "))",
            ].compactMap(\.self)
            page.field("claims", claims.map { StyledText($0) })
            page.field("remarks", one.remarks.map { StyledText($0, .doubtful) })
            page.field("seen by", StyledText("\(one.gateway)"))
        }
        return page
    }
}

extension BGPVPNView {
    fileprivate var owner: StyledText {
        vpns.isEmpty ? StyledText("nobody’s", .doubtful) : StyledText(vpns.map(\.text).joined(separator: ", "))
    }

    /// `2 routers, 1 port`; `nothing`.
    fileprivate var associated: String {
        let parts = [(routers.count, "router"), (networks.count, "network"), (ports.count, "port"), (omitted, "more")].filter { $0.0 > 0 }
        guard !parts.isEmpty else { return "nothing" }
        return parts.map { $0.1 == "more" ? "\($0.0) more" : Terminal.count($0.0, $0.1) }.joined(separator: ", ")
    }
}
