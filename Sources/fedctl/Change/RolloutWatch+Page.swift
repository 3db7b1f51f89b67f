import FederationViews
import Terminal

extension RolloutWatch {
    /// One row per gateway, those that are not done first, and why below each that refused.
    ///
    /// - Parameter limit: lines of the page at most, at least 3; nil: as many as there are.
    func table(limit: Int? = nil) -> Page {
        // What is odd first: it must be seen where not everything is.
        let order = rows.sorted { ($0.state.rank, $0.gateway) < ($1.state.rank, $1.gateway) }
        var shown = order
        // The titles take a line; what does not fit takes one.
        if let limit, order.reduce(1, { $0 + $1.height }) > limit {
            var room = max(1, limit - 2)
            shown = Array(
                order.prefix { row in
                    room -= row.height
                    return room >= 0
                })
        }
        return page(of: shown, hidden: Array(order.dropFirst(shown.count)))
    }

    /// The last word of a wait: every gateway that is not done, and no more of the others than a plan names.
    func summary(wide: Bool) -> Page {
        let done = rows.filter { $0.state == .applied }
        let others = rows.filter { $0.state != .applied }.sorted { ($0.state.rank, $0.gateway) < ($1.state.rank, $1.gateway) }
        let named = wide ? done : Array(done.prefix(max(0, Self.summaryLimit - others.count)))
        return page(of: others + named, hidden: Array(done.dropFirst(named.count)))
    }

    private static let summaryLimit = 20

    private func page(of shown: [Row], hidden: [Row]) -> Page {
        var page = Page()
        guard !rows.isEmpty else { return page }
        var table = Table(
            [.init("CLOUD/GATEWAY"), .init("RESOURCES", .trailing), .init("STATE"), .init("FOR", .trailing)], emptyNote: "")
        for row in shown {
            table.add([
                StyledText("\(row.gateway)"), StyledText("\(row.applied)/\(row.total)"), StyledText(row.state.word, row.state.style),
                StyledText(row.duration.map(age(milliseconds:)) ?? ""),
            ])
        }
        var notes: [Int: [StyledText]] = [:]
        for (number, row) in shown.enumerated() where !row.rejections.isEmpty {
            notes[number] = row.rejections.map { StyledText("\($0.resource): ", .bad) + StyledText($0.reason) }
        }
        page.table(table, notes: notes)
        if !hidden.isEmpty {
            let applied = hidden.count { $0.state == .applied }
            let word = applied == hidden.count ? "all applied" : "\(applied) of them applied"
            page.line(StyledText("… and \(hidden.count) more, \(word)", .faint))
        }
        return page
    }

    /// `3 of 90 gateways: 87 applied`.
    var progress: String {
        let done = rows.count { $0.state == .applied }
        return "\(done) of \(count(rows.count, "gateway")) applied revision \(revision)"
    }

    /// What a wait came to, and what to do about it.
    ///
    /// - Parameter seconds: how long it was.
    func verdict(after seconds: Int, base: UInt64) -> (good: StyledText?, bad: Page) {
        var bad = Page()
        if let status, status.revision != revision, !hasChangedVNIs {
            bad.append(
                CommandError(
                    "revision \(status.revision) came into force in the meantime; progress is now shown for it",
                    remedy: "see who applied it: fedctl history --limit 3", severity: .warning
                ).page)
        }
        // Their reasons are in the table, or were told.
        if let first = rejected.first {
            let back = base == revision ? "" : "; to undo the change: fedctl rollback \(base)"
            bad.append(
                CommandError(
                    "\(count(rejected.count, "gateway")) of \(rows.count) rejected revision \(revision): \(rejected.map(\.gateway).listed(limit: Self.summaryLimit))",
                    remedy: "see the reason: fedctl describe agent \(first.gateway)\(back)"
                ).page)
        }
        let missing = missing
        if let first = missing.first(where: { $0.state.isAway }) ?? missing.first {
            let names = missing.map { row in
                row.state.isAway
                    ? "\(row.gateway) (\(row.state.word)\(row.duration.map { " for \(age(milliseconds: $0))" } ?? ""))"
                    : "\(row.gateway) (\(row.applied) of \(row.total); \(row.missing.prefix(3).map(\.description).joined(separator: ", "))\(row.missing.count > 3 ? ", …" : "") not yet)"
            }
            let noun = "\(count(missing.count, "gateway")) of \(rows.count) \(missing.count == 1 ? "has" : "have")"
            let step =
                first.state.isAway
                ? "start its agent: on \(first.gateway.node) of \(first.gateway.cloud): systemctl status fed-agent"
                : "see its state: fedctl describe agent \(first.gateway)"
            bad.append(
                CommandError(
                    "\(noun) not applied revision \(revision) after \(seconds) s: \(names.listed(limit: Self.summaryLimit))",
                    remedy: "the revision stays in force, and they apply it when they can; \(step); then: fedctl status", severity: .warning
                ).page)
        }
        if let first = vniChanges.first, rejected.isEmpty, missing.isEmpty {
            bad.append(
                CommandError(
                    "\(count(vniChanges.count, "VNI")) \(vniChanges.count == 1 ? "has" : "have") not changed yet after \(seconds) s: "
                        + first.line(isOnProbation: false).plain + (vniChanges.count > 1 ? "; …" : ""),
                    remedy: "no traffic is lost, and the change continues; check again: fedctl status", severity: .warning
                ).page)
        }
        guard rejected.isEmpty, missing.isEmpty, vniChanges.isEmpty else { return (nil, bad) }
        return (
            StyledText("applied by every agent (\(status?.agents.count ?? 0))", .good)
                + StyledText("; fedctl verify tells whether packets pass", .faint),
            bad
        )
    }
}

extension RolloutWatch.Row {
    /// In lines.
    fileprivate var height: Int { 1 + rejections.count }

    /// For whom no terminal redraws: `paris/gw1 applied 2 of 2 resources after 3s`.
    var event: StyledText {
        let time = duration.map { age(milliseconds: $0) } ?? ""
        switch state {
        case .applied: return StyledText("\(gateway) applied \(count(total, "resource"))", .good) + StyledText(" after \(time)")
        case .rejected:
            let reasons = rejections.map { "\($0.resource): \($0.reason)" }.joined(separator: "; ")
            return StyledText("\(gateway) rejected \(rejections.count) of \(count(total, "resource")) ", .bad)
                + StyledText("after \(time): \(reasons)")
        case .pending, .silent, .neverConnected: return StyledText("\(gateway) has applied \(applied) of \(count(total, "resource"))")
        }
    }
}

extension RolloutWatch.Row.State {
    /// What needs an admin's eye comes first.
    fileprivate var rank: Int {
        switch self {
        case .rejected: 0
        case .silent, .neverConnected: 1
        case .pending: 2
        case .applied: 3
        }
    }

    fileprivate var style: Style {
        switch self {
        case .applied: .good
        case .pending, .silent, .neverConnected: .doubtful
        case .rejected: .bad
        }
    }
}

extension RolloutWatch: Encodable {
    private enum CodingKeys: CodingKey {
        case state, gateways, vniChanges
    }

    /// `state` is `applied`, `pending` (somebody did not answer in time) or `rejected`.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(!rejected.isEmpty ? "rejected" : isDone ? "applied" : "pending", forKey: .state)
        try container.encode(rows, forKey: .gateways)
        if !vniChanges.isEmpty { try container.encode(vniChanges, forKey: .vniChanges) }
    }
}
