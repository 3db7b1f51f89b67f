import FederationAPI
import Terminal

extension AuditTrail {
    var page: Page {
        var table = Table(
            [
                .init("ENTRY", .trailing), .init("TIME"), .init("ADMIN"), .init("ACTION"), .init("OUTCOME"), .init("REVISION", .trailing),
                .init("DETAIL"),
            ], emptyNote: "no attempts yet")
        for entry in entries {
            let style: Style = entry.outcome == .done ? .good : .bad
            table.add([
                StyledText("\(entry.number)"), StyledText(timestamp(entry.at)), StyledText("\(entry.author)"),
                StyledText(entry.action.rawValue),
                StyledText(entry.outcome.rawValue, style), StyledText("\(entry.revision)"), StyledText(entry.detail),
            ])
        }
        var page = Page()
        page.table(table)
        if more, let last = entries.last { page.line(StyledText("older ones: fedctl history --audit --before \(last.number)", .faint)) }
        return page
    }
}
