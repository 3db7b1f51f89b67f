import Agent
import FederationModel
import Terminal

extension NodeStatus {
    /// For people: counts in place of prefixes, and each problem with what to do.
    var page: Page {
        var page = Page()
        page.field("gateway", StyledText(gateway.map { "\($0) of federation \(federation ?? "")" } ?? "not known: no intent has come yet"))
        page.field("agent", StyledText("\(software), running for \(age(milliseconds: now - startedAt))"))
        page.field("coordinator", coordinator.styled(at: now))
        page.field("intent", StyledText(revision.map { "revision \($0)" } ?? "none"))
        page.field("BGP base", StyledText(base, base == "applied" ? nil : .doubtful))
        page.heading("SOURCES")
        page.table(sourcesTable)
        if !silent.isEmpty {
            page.heading("SILENT")
            for source in silent {
                page.line(
                    StyledText("\(source.word) for \(age(milliseconds: now - source.since)): \(source.reason)", .bad), indentation: 2)
                page.line(StyledText(source.remedy), indentation: 4)
            }
        }
        page.heading("VPNS")
        page.table(vpnsTable)
        if !waits.isEmpty {
            page.heading("HELD")
            for wait in waits { page.line(StyledText("waits for \(wait)", .doubtful), indentation: 2) }
        }
        let problems = problems.map { ("node", $0) } + vpns.flatMap { vpn in vpn.problems.map { ("VPN \(vpn.name)", $0) } }
        if !problems.isEmpty {
            page.heading("PROBLEMS")
            for (owner, problem) in problems { page.problem(problem, of: owner) }
        }
        let repairs = vpns.flatMap { vpn in vpn.drift.map { (vpn.name, $0) } }.sorted { $0.1.repairedAt < $1.1.repairedAt }.suffix(5)
        if !repairs.isEmpty {
            page.heading("LATEST REPAIRS")
            for (vpn, drift) in repairs {
                page.line(
                    StyledText("\(age(milliseconds: now - drift.repairedAt)) ago, VPN \(vpn): \(drift.object) was \(drift.change)"),
                    indentation: 2)
            }
        }
        return page
    }

    private var sourcesTable: Table {
        var table = Table([.init("SOURCE"), .init("NEWS", .trailing), .init("SEEN")], emptyNote: "nothing was seen yet")
        for source in sources {
            table.add([
                StyledText(source.of), StyledText(source.age.map { age(milliseconds: $0) } ?? ""),
                source.seen.map { StyledText($0) } ?? StyledText("cannot be read", .bad),
            ])
        }
        return table
    }

    private var vpnsTable: Table {
        var table = Table(
            [
                .init("VPN"), .init("ROUTERS", .trailing), .init("ADVERTISED", .trailing), .init("LEARNED", .trailing),
                .init("INSTALLED", .trailing), .init("STEERED", .trailing), .init("EXEMPTED", .trailing), .init("STATE"),
            ], emptyNote: "no VPN of the federation concerns this node")
        for vpn in vpns {
            let here = vpn.routers.count(where: \.isHere)
            table.add([
                StyledText("\(vpn.name)"), StyledText("\(here)/\(vpn.routers.count)"),
                StyledText("\(vpn.advertised.count)/\(vpn.expected.count)", vpn.advertised.count < vpn.expected.count ? .doubtful : nil),
                StyledText("\(vpn.learned.count)"), StyledText("\(vpn.installed.count)"), StyledText("\(vpn.steered.count)"),
                StyledText("\(vpn.exempted.count)"),
                StyledText(vpn.state, vpn.state == "applied" ? nil : .doubtful),
            ])
        }
        return table
    }
}

extension CoordinatorLink.State {
    fileprivate func styled(at now: Int64) -> StyledText {
        let time = since.map { " for \(age(milliseconds: now - $0))" } ?? ""
        if isUp { return StyledText("connected\(time)") }
        return StyledText("not connected\(time)\(trouble.map { ": \($0)" } ?? ""); what is in force stays", .doubtful)
    }
}

extension Page {
    /// What is wrong, then what to do.
    mutating func problem(_ problem: Problem, of owner: String) {
        line(StyledText("\(owner): \(problem.message) (\(problem.word))", .bad), indentation: 2)
        line(StyledText(problem.remedy), indentation: 4)
    }
}
