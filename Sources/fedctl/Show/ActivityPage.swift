import FederationViews
import NetworkTypes
import Terminal
import Verification

extension Activity {
    /// One screen.
    /// - Parameter height: lines of the terminal; the cursor takes the last one. Nil: all VPNs are shown.
    func page(height: Int?) -> Page {
        var page = Page()
        page.line(
            StyledText("\(federation)", .heading) + StyledText(", revision \(revision), ")
                + StyledText("\(connected) of \(count(agents, "agent")) connected", connected == agents ? .good : .bad)
                + StyledText(", \(timestamp(at)) UTC", .faint))
        page.line(sum)
        page.field("applied", StyledText("\(resources - pending) of \(count(resources, "resource"))", pending == 0 ? .good : .doubtful))
        page.field("settled", StyledText(settled, settledSince.map { at - $0 < 15_000 } ?? false ? .doubtful : .good))
        page.field(
            "last 5 min",
            StyledText("\(count(changes, "change")) of verdicts, \(count(repairs, "repair")), \(count(departures, "agent")) gone"))
        page.gap()
        var table = Table(
            [
                .init("VPN"), .init("FAIL", .trailing), .init("UNKNOWN", .trailing), .init("DEGRADED", .trailing),
                .init("CHANGES", .trailing), .init("LAST"), .init("WORST PAIR"), .init("CAUSE"),
            ], emptyNote: "every pair is well, and none changed in the last 5 minutes")
        let room = height.map { max(3, $0 - Self.linesBeside) } ?? vpns.count
        for vpn in vpns.prefix(room) {
            table.add([
                StyledText(vpn.name), StyledText("\(vpn.failed)", vpn.failed > 0 ? .bad : .faint),
                StyledText("\(vpn.unknown)", vpn.unknown > 0 ? .doubtful : .faint),
                StyledText("\(vpn.degraded)", vpn.degraded > 0 ? .doubtful : .faint),
                StyledText("\(vpn.changes)", vpn.changes > 0 ? .accent : .faint),
                StyledText(vpn.lastChange.map { "\(age(milliseconds: at - $0)) ago" } ?? ""), StyledText(vpn.pair ?? ""),
                StyledText(vpn.cause ?? ""),
            ])
        }
        page.table(table)
        if vpns.count > room { page.line(StyledText("… and \(count(vpns.count - room, "more VPN"))", .faint)) }
        if isCut { page.line(StyledText("there is more than is counted here: fedctl verify, fedctl events", .faint)) }
        return page
    }

    /// The head, the table's own head, what may stand below it, and the cursor's line.
    private static let linesBeside = 11

    private var sum: StyledText {
        let result = [
            (tally.ok, VerdictState.ok), (tally.programmed, .programmed), (tally.degraded, .degraded), (tally.failed, .failed),
            (tally.unknown, .unknown), (tally.waiting, .waiting), (tally.empty, .empty),
        ].filter { $0.0 > 0 }.map { StyledText("\($0.0) ") + $0.1.styled }
        return result.isEmpty ? "no pair of clouds is judged" : result.joined(separator: ", ")
    }

    private var settled: String {
        let since =
            settledSince.map { "no verdict changed for \(age(milliseconds: at - $0))" } ?? "no verdict changed in the last 5 minutes"
        guard let convergence else { return since }
        return since + "; the last revision's changes took \(age(milliseconds: convergence))"
    }
}
