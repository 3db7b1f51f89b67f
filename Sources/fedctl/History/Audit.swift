import FederationAPI
import Terminal

/// Who tried what, the newest first.
struct Audit: Hashable, Sendable, Encodable {
    struct Entry: Hashable, Sendable, Encodable {
        var number: UInt64
        /// Milliseconds since 1970 by the coordinator's clock.
        @RFC3339 var at: Int64
        var author: String
        var action: String
        /// `done`, `refused`, `conflict`, `failed`.
        var outcome: String
        /// In force afterwards.
        var revision: UInt64
        var detail: String
    }

    var entries: [Entry]
    /// There are older ones.
    var more: Bool

    init(_ wire: WireGetAuditResponse) {
        entries = wire.entries.map {
            Entry(
                number: $0.number, at: $0.atMilliseconds, author: $0.author, action: $0.action, outcome: $0.outcome, revision: $0.revision,
                detail: $0.detail)
        }
        more = wire.more
    }

    var page: Page {
        var table = Table(
            [
                .init("ENTRY", .trailing), .init("TIME"), .init("ADMIN"), .init("ACTION"), .init("OUTCOME"), .init("REVISION", .trailing),
                .init("DETAIL"),
            ], emptyNote: "nobody tried anything yet")
        for entry in entries {
            let style: Style = entry.outcome == "done" ? .good : .bad
            table.add([
                StyledText("\(entry.number)"), StyledText(timestamp(entry.at)), StyledText(entry.author), StyledText(entry.action),
                StyledText(entry.outcome, style), StyledText("\(entry.revision)"), StyledText(entry.detail),
            ])
        }
        var page = Page()
        page.table(table)
        if more, let last = entries.last { page.line(StyledText("older ones: fedctl history --audit --before \(last.number)", .faint)) }
        return page
    }
}
