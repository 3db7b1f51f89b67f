import FederationAPI
import FederationModel
import FederationViews
import Terminal

extension [AgentView] {
    /// - Parameter now: milliseconds since 1970.
    func page(now: Int64) -> Page {
        var table = Table(
            [
                .init("AGENT"), .init("STATE"), .init("SEEN", .trailing), .init("APPLIED", .trailing), .init("SESSIONS", .trailing),
                .init("VPNS", .trailing), .init("PROBLEMS", .trailing), .init("VTEP", wide: true), .init("AS", .trailing, wide: true),
                .init("RECONCILES", .trailing, wide: true), .init("WRITES", .trailing, wide: true), .init("REPAIRS", .trailing, wide: true),
                .init("SOFTWARE"),
            ], emptyNote: "no gateways yet: fedctl apply -f FILE")
        for agent in self {
            let intended = agent.resources.filter { $0.intended != nil }
            let applied = intended.count { !$0.isPending }
            let peers = Swift.max(agent.intended?.peers.count ?? 0, agent.sessions.count)
            table.add([
                StyledText(agent.gateway.description), agent.state,
                StyledText(agent.lastSeen.map { age(milliseconds: now - $0) } ?? "never"),
                StyledText("\(applied)/\(intended.count)", applied < intended.count ? .doubtful : nil),
                StyledText("\(agent.established)/\(peers)", agent.established < peers ? .doubtful : nil), StyledText("\(agent.vpns.count)"),
                StyledText("\(agent.problemCount)", agent.problemCount > 0 ? .bad : nil),
                StyledText(agent.intended?.vtep.description ?? ""),
                StyledText(agent.intended?.asn.description ?? ""), StyledText(agent.writes.map { "\($0.reconciles)" } ?? ""),
                StyledText(agent.writes.map { "\($0.all)" } ?? ""), StyledText("\(agent.vpns.reduce(0) { $0 + $1.drift.count })"),
                StyledText(agent.software),
            ])
        }
        var page = Page()
        page.table(table)
        return page
    }
}

extension WriteCounters {
    var all: UInt64 { netlink &+ ovsdb &+ vty &+ openflow }
}

extension AgentView {
    fileprivate var state: StyledText { Presence(connected: connected, lastSeen: lastSeen).styled }

    /// Everything there is to say of one agent.
    /// - Parameter now: milliseconds since 1970.
    func description(now: Int64) -> Page {
        var page = Page()
        page.heading(StyledText("agent \(gateway)"))
        page.field("state", state)
        page.field("last seen", StyledText(lastSeen.map { "\(age(milliseconds: now - $0)) ago" } ?? "never"))
        if !software.isEmpty { page.field("software", StyledText(software)) }
        if let intended {
            page.field("AS", StyledText("\(intended.asn)"))
            page.field("VTEP", StyledText("\(intended.vtep)"))
            page.field("router MAC", StyledText("\(intended.routerMAC)"))
            page.field("probe address", StyledText("\(intended.probeAddress)"))
            page.field("BGP", StyledText(intended.management == .agent ? "managed by the agent" : "managed by the operator"))
            page.field("underlay MTU", StyledText("\(intended.underlayMTU)"))
        }
        if let writes {
            page.field("reconciles", StyledText("\(writes.reconciles)"))
            page.field("writes", "netlink \(writes.netlink), OVSDB \(writes.ovsdb), vty \(writes.vty), OpenFlow \(writes.openflow)")
        }
        page.heading("RESOURCES")
        page.table(resourceTable, indentation: 2)
        page.heading("EVPN SESSIONS")
        page.table(sessionTable, indentation: 2)
        page.append(problems.page(title: "PROBLEMS"))
        page.append(silencePage(now: now))
        for vpn in vpns { page.append(vpn.page(now: now)) }
        return page
    }

    private func silencePage(now: Int64) -> Page {
        var page = Page()
        guard !silentSources.isEmpty else { return page }
        page.heading("SILENT SOURCES")
        for silence in silentSources {
            page.field(silence.source, StyledText("not heard for \(age(milliseconds: now - silence.since)): \(silence.reason)", .bad))
            page.field("remedy", StyledText(silence.remedy))
        }
        return page
    }

    private var resourceTable: Table {
        var table = Table([.init("RESOURCE"), .init("STATE"), .init("INTENDED"), .init("APPLIED")], emptyNote: "none")
        for resource in resources {
            table.add([
                StyledText(resource.resource.description), resource.state, StyledText(resource.intended ?? "none"),
                StyledText(resource.acknowledged ?? "none"),
            ])
        }
        return table
    }

    private var sessionTable: Table {
        var table = Table(
            [.init("PEER"), .init("ADDRESS"), .init("AS", .trailing), .init("STATE"), .init("PREFIXES", .trailing)], emptyNote: "none")
        for session in sessions {
            let name = intended?.peers.first { $0.address == session.address }?.name
            let isUp = session.state == "Established"
            table.add([
                StyledText(name ?? ""), StyledText("\(session.address)"), StyledText("\(session.asn)"),
                StyledText(session.state, isUp ? .good : .bad), StyledText("\(session.prefixesReceived)"),
            ])
        }
        return table
    }
}

extension ResourceStatus {
    var state: StyledText {
        if let rejection { return StyledText("refused: \(rejection)", .bad) }
        if intended == nil { return StyledText("to be removed", .doubtful) }
        return isPending ? StyledText("pending", .doubtful) : StyledText("applied", .good)
    }
}

extension AgentView.VPN {
    fileprivate func page(now: Int64) -> Page {
        var page = Page()
        page.heading(StyledText("VPN \(name)"))
        for attachment in attachments { page.field("attachment", StyledText("\(attachment.selector): ") + attachment.place) }
        if let effective {
            page.field(
                "L3VNI", StyledText("\(effective.encapsulation.vni) is \(effective.isUp ? "up" : "down")", effective.isUp ? .good : .bad))
            page.field("RD", StyledText(effective.routeDistinguisher?.description ?? "none"))
            page.field("imports", StyledText(effective.importTargets.map(\.description).joined(separator: ", ")))
            page.field("exports", StyledText(effective.exportTargets.map(\.description).joined(separator: ", ")))
        } else {
            page.field("L3VNI", StyledText("bgpd does not have this VPN", .bad))
        }
        page.field(
            "prefixes",
            "expected \(expected), advertised \(advertised), imported \(imported), installed \(installed), steered \(steered)")
        page.field(
            "repairs",
            drift.suffix(5).reversed().map { StyledText("\(age(milliseconds: now - $0.repairedAt)) ago: \($0.object) was \($0.change)") })
        page.append(problems.page(title: nil))
        return page
    }
}

extension AttachmentReport {
    /// Where it was found.
    var place: StyledText {
        guard !routers.isEmpty else { return StyledText("matches nothing in OVN", .bad) }
        let place = hostedHere ? "hosted here" : chassis.map { "hosted by \($0)" } ?? "hosted by no node"
        return StyledText(([place] + subnets.map(\.description)).joined(separator: ", "))
    }
}

extension [Problem] {
    /// - Parameters:
    ///   - title: a heading; nil shows them as fields.
    ///   - gateway: whose they are, before the sentence.
    func page(title: StyledText?, of gateway: String = "") -> Page {
        var page = Page()
        guard !isEmpty else { return page }
        if let title { page.heading(title) }
        for problem in self {
            // What changes nothing is no problem of today.
            let isWarning = problem.code == .attachmentNamesake || problem.code == .distributedFloatingIP
            // The words of another machine: what is to be typed, “fedctl verify” says.
            page.field(
                isWarning ? "agent warning" : "agent problem",
                StyledText("\(gateway)\(problem.message) (\(problem.word))", isWarning ? .doubtful : .bad))
            page.field("remedy", StyledText(problem.remedy))
        }
        return page
    }
}
