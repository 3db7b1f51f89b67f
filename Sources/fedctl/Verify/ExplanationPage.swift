import FederationViews
import Terminal
import Verification

extension PairExplanation {
    var exitStatus: ExitStatus { ExitStatus([forth.state] + (back.map { [$0.state] } ?? [])) }

    /// The way of the packets, then the way of their answers.
    func page(from: PairQuestion.End, to: PairQuestion.End) -> Page {
        var page = forth.page("packets of \(from) to \(to)")
        page.gap()
        if let back {
            page.append(back.page("answers of \(to) to \(from)"))
        } else {
            page.line(StyledText("answers of \(to) to \(from): ", .heading) + "the policy of the VPN connects the clouds one way only")
        }
        page.gap()
        page.line(Probes(self).note)
        return page
    }
}

extension PairWalk {
    fileprivate func page(_ title: String) -> Page {
        var page = Page()
        page.line(state.styled + StyledText(" \(vpn): \(title)", .heading))
        if let prefix {
            page.line(
                StyledText(
                    "followed: \(prefix) of \(origin)\(prefixes > 1 ? ", one of \(count(prefixes, "prefix", plural: "prefixes"))" : "")",
                    .faint))
        }
        for (index, step) in steps.enumerated() {
            page.field("\(index + 1) \(step.step.rawValue)", step.lines)
        }
        guard let cause else { return page }
        page.gap()
        page.field(state.placeTitle, StyledText("\(cause.step.place), \(cause.code)"))
        page.field("evidence", cause.evidence.map { StyledText($0) })
        page.field("remedy", [StyledText](remedy: cause.remedy))
        return page
    }
}

extension WalkedStep {
    private static let limit = 4

    /// The state before the first fact; at most four facts.
    fileprivate var lines: [StyledText] {
        let shown = evidence.prefix(Self.limit).map { StyledText($0) }
        let rest = evidence.count > Self.limit ? [StyledText("… \(evidence.count - Self.limit) more (-o json has all)", .faint)] : []
        switch state {
        case .passed:
            guard let first = shown.first else { return [StyledText("ok", .good)] }
            return [StyledText("ok  ", .good) + first] + shown.dropFirst().map { StyledText("    ") + $0 }
                + rest.map { StyledText("    ") + $0 }
        case .broken: return [StyledText("BROKEN  ", .bad) + (shown.first ?? "")]
        case .unknown: return [StyledText("UNKNOWN  ", .doubtful) + (shown.first ?? "")]
        case .unchecked: return [StyledText("–", .faint)]
        }
    }
}
