import FederationViews
import Terminal
import Verification

extension ChangedVerdicts {
    /// What each pair was and is, then why those are not well that are not.
    func page() -> Page {
        var page = Page()
        page.line(
            StyledText(
                "since revision \(revision.number) (\(timestamp(revision.appliedAt)) UTC, \(revision.author)): "
                    + "\(pairs.count) of \(count(pairs.count + same, "pair")) changed", .heading))
        if let gap {
            page.line(
                StyledText(
                    "nothing was recorded from \(timestamp(gap.from)) to \(timestamp(gap.until)) UTC: what was so then is not known", .bad))
        }
        guard !pairs.isEmpty else { return page }
        page.gap()
        var table = Table(
            [.init("VPN"), .init("ORIGIN → VIEWER"), .init("THEN"), .init("NOW"), .init("BROKEN AT"), .init("CAUSE")], emptyNote: "")
        for pair in pairs.prefix(VerificationResult.mostPairs) {
            table.add([
                StyledText(pair.name.vpn.text), StyledText(pair.name.direction), Self.word(pair.before),
                pair.after?.state.styled ?? StyledText("gone", .faint), StyledText(pair.after?.cause?.step.rawValue ?? ""),
                StyledText(pair.after?.cause?.code ?? ""),
            ])
        }
        page.table(table)
        let rest = pairs.count - VerificationResult.mostPairs
        if rest > 0 { page.line(StyledText("… and \(count(rest, "more pair")) (--vpn, --cloud; -o json has all)", .faint)) }
        page.gap()
        page.append(result.explanations)
        return page
    }

    private static func word(_ judgement: JudgementView?) -> StyledText {
        guard let judgement else { return StyledText("new", .faint) }
        return VerdictState(rawValue: judgement.state)?.styled ?? StyledText(judgement.state)
    }
}
