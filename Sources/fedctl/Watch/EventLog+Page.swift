import FederationAPI
import FederationViews
import Terminal
import Verification

extension EventLog {
    /// A line each, under the date of each day.
    func page(for request: EventRequest, wide: Bool) -> Page {
        var page = Page()
        if let since = request.since, since < keptSince {
            page.line(StyledText("events are kept since \(timestamp(keptSince)) UTC", .faint))
        } else if more {
            page.line(StyledText("there are older ones: --since TIME, --limit N", .faint))
        }
        if events.isEmpty { page.line(StyledText("no events", .faint)) }
        var day: Substring = ""
        for event in events {
            let time = timestamp(event.at)
            if day != time.prefix(10) {
                day = time.prefix(10)
                page.line(StyledText("\(day)", .heading))
            }
            for line in EventView(event).lines(wide: wide) { page.line(line) }
        }
        return page
    }
}

extension EventView {
    /// The line of the event; and with `wide` its other pairs, one a line.
    func lines(wide: Bool) -> [StyledText] {
        guard wide, case .verdictsChanged(let transition) = source.kind, transition.pairCount > 1 else { return [line] }
        let others = transition.pairs.dropFirst().map { StyledText("    \($0.vpn) \($0.direction)", .faint) }
        let rest = transition.pairCount - transition.pairs.count
        return [line] + others + (rest > 0 ? [StyledText("    … and \(rest) more", .faint)] : [])
    }
}
