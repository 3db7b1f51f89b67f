import NetworkTypes

/// A plan as lines for a terminal, without colours.
package struct PlanText: Hashable, Sendable {
    /// The kind of line, for its colour.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case heading, added, changed, removed, detail, error, warning
    }

    /// One line, without its end.
    package struct Line: Hashable, Sendable {
        package var kind: Kind
        /// With indentation and mark (`+ `, `~ `, `- `); free of terminal controls.
        package var text: String
    }

    package private(set) var lines: [Line] = []

    /// - Parameters:
    ///   - limit: The maximum of items per part; the rest is counted.
    ///   - headline: Nil for the plan's own.
    package init(_ plan: Plan, limit: Int = .max, headline: String? = nil) {
        add(.heading, headline ?? plan.headline)
        part("graph", plan.objects, limit) { change, text in
            text.add(Kind(change.kind), "\(change.kind.mark) \(change.object)")
            for detail in change.details { text.add(.detail, "      \(detail)") }
        }
        part("gateways", GatewayGroup.groups(of: plan.gateways), limit) { group, text in
            let gateways = group.gateways.map(\.description)
            text.add(Kind(group.kind), "\(group.kind.mark) \(group.resource.title) on \(gateways.listed(limit: limit))")
            for detail in group.details { text.add(.detail, "      \(detail)") }
            if group.resetsSessions { text.add(.warning, "      its EVPN sessions reset") }
        }
        let reaches =
            ReachSummary.byVPN(plan.gained).flatMap { part in part.lines.map { (kind: GraphChange.Kind.added, vpn: part.vpn, text: $0) } }
            + ReachSummary.byVPN(plan.lost).flatMap { part in part.lines.map { (kind: GraphChange.Kind.removed, vpn: part.vpn, text: $0) } }
        part("reachability (origin → viewer)", reaches.sorted { ($0.vpn, $0.kind.rawValue) < ($1.vpn, $1.kind.rawValue) }, limit) {
            reach, text in
            text.add(Kind(reach.kind), "\(reach.kind.mark) \(reach.vpn): \(reach.text)")
        }
        part("findings", plan.findings, limit) { finding, text in
            let place = finding.path.isEmpty ? "" : "\(finding.path): "
            text.add(
                finding.severity == .error ? .error : .warning,
                "\(finding.severity.rawValue) \(finding.code.rawValue): \(place)\(finding.reason)")
            text.add(.detail, "      remedy: \(finding.remedy)")
        }
    }

    /// All lines as text.
    package var text: String { lines.map { $0.text + "\n" }.joined() }

    private mutating func add(_ kind: Kind, _ text: String) {
        lines.append(Line(kind: kind, text: kind == .heading ? printable(text) : "  " + printable(text)))
    }

    private mutating func part<Item>(_ title: String, _ items: [Item], _ limit: Int, _ tell: (Item, inout PlanText) -> Void) {
        guard !items.isEmpty else { return }
        add(.heading, title)
        for item in items.prefix(limit) { tell(item, &self) }
        if items.count > limit { add(.detail, "… and \(items.count - limit) more") }
    }
}

extension PlanText.Kind {
    init(_ kind: GraphChange.Kind) {
        self =
            switch kind {
            case .added: .added
            case .changed: .changed
            case .removed: .removed
            }
    }
}

extension GraphChange.Kind {
    /// `+`, `~` or `-`.
    package var mark: String {
        switch self {
        case .added: "+"
        case .changed: "~"
        case .removed: "-"
        }
    }
}

extension Plan {
    /// `plan on revision 4 of demo: 3 changes, 4 gateways; 12 reachable pairs gained, 2 lost; 10 prefixes withdrawn; --yes-remove 12; 1 error`
    var headline: String { "plan on revision \(base) of \(federation): \(sum)" }

    /// The totals: `3 changes, 4 gateways; 12 reachable pairs gained, 2 lost; --yes-remove 2`, `nothing changes`. If anything is lost, the
    /// number for `--yes-remove` is included, whether it is required or not.
    package var sum: String {
        func count(_ number: Int, _ one: String, _ many: String) -> String { "\(number) \(number == 1 ? one : many)" }
        let errors = findings.count { $0.severity == .error }, warnings = findings.count - errors
        var parts: [String] = []
        if !isEmpty {
            parts.append("\(count(objects.count, "change", "changes")), \(count(affected.count, "gateway", "gateways"))")
            parts.append("\(count(gained.count, "reachable pair", "reachable pairs")) gained, \(lost.count) lost")
        } else if changesText {
            parts.append("only the file’s text changes (comments, layout)")
        } else {
            parts.append(errors > 0 ? "no plan can be made" : "nothing changes")
        }
        if withdrawals > 0 { parts.append("\(count(withdrawals, "prefix", "prefixes")) withdrawn") }
        if !resets.isEmpty { parts.append("sessions of \(count(resets.count, "gateway", "gateways")) reset") }
        if removals > 0 { parts.append("--yes-remove \(removals)") }
        if errors > 0 { parts.append(count(errors, "error", "errors")) }
        if warnings > 0 { parts.append(count(warnings, "warning", "warnings")) }
        return parts.joined(separator: "; ")
    }
}
