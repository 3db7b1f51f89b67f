import FederationViews
import Terminal
import Verification

extension PastVerification {
    /// That it is history, the sum, each pair with its state and since when, and why those were not well that were not.
    func page(onlyFailed: Bool) -> Page {
        var page = Page()
        page.line(StyledText("as of \(timestamp(at)) UTC: from the history, not of now", .doubtful))
        if let gap {
            page.line(
                StyledText(
                    "nothing was recorded from \(timestamp(gap.from)) to \(timestamp(gap.until)) UTC: the coordinator did not run, had just "
                        + "started, or could not write; what was so is not known", .bad))
        }
        page.gap()
        guard result.size > 0 else {
            page.line("no pair was judged then")
            return page
        }
        page.line(result.sum)
        page.gap()
        let shown = verdicts.count > VerificationResult.mostPairs ? verdicts.filter(\.judgement.state.isUnwell) : verdicts
        if onlyFailed && verdicts.isEmpty {
            page.line("no failed, unknown or degraded pairs")
            return page
        }
        var table = Table(
            [.init("VPN"), .init("ORIGIN → VIEWER"), .init("STATE"), .init("SINCE (UTC)"), .init("BROKEN AT"), .init("CAUSE")],
            emptyNote: "no failed, unknown or degraded pairs")
        for pair in shown.prefix(VerificationResult.mostPairs) {
            table.add([
                StyledText(pair.name.vpn.text), StyledText(pair.name.direction), pair.judgement.state.styled,
                StyledText(timestamp(pair.since)),
                StyledText(pair.judgement.step?.rawValue ?? ""), StyledText(pair.judgement.code),
            ])
        }
        page.table(table)
        let rest = verdicts.count - min(shown.count, VerificationResult.mostPairs)
        if rest > 0 { page.line(StyledText("… and \(count(rest, "more pair")) (--vpn, --cloud; -o json has all)", .faint)) }
        reasons(to: &page)
        return page
    }

    private static let mostReasons = 10

    /// Each sentence once, with how many pairs it is of; the most first.
    private func reasons(to page: inout Page) {
        let groups = Dictionary(grouping: verdicts.filter { !$0.judgement.sentence.isEmpty }) { $0.judgement }
            .sorted { ($0.value.count, $1.key.sentence) > ($1.value.count, $0.key.sentence) }
        for (judgement, pairs) in groups.prefix(Self.mostReasons) {
            page.gap()
            let others = pairs.count > 1 ? " and \(count(pairs.count - 1, "more pair"))" : ""
            page.line(judgement.state.styled + StyledText(" \(pairs[0].name.vpn): \(pairs[0].name.direction)\(others)", .heading))
            page.field("why", StyledText(judgement.sentence))
            page.field("cause", StyledText([judgement.step?.place, judgement.code].compactMap(\.self).joined(separator: ", ")))
        }
        if groups.count > Self.mostReasons {
            page.gap()
            page.line(StyledText("… and \(count(groups.count - Self.mostReasons, "more reason"))", .faint))
        }
    }
}
