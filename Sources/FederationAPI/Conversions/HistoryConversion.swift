import Federation
import FederationModel

extension RevisionHistory {
    init(_ wire: WireGetHistoryResponse) throws(ConversionError) {
        self.init(
            revisions: try convert(wire.revisions, "revisions", RevisionSummary.init(_:)), more: wire.more,
            pendingCommit: wire.hasPendingCommit ? try convert(wire.pendingCommit, "pending_commit", PendingCommit.init(_:)) : nil)
    }
}

extension WireGetHistoryResponse {
    init(_ history: RevisionHistory) {
        revisions = history.revisions.map(WireRevisionSummary.init(_:))
        more = history.more
        if let pending = history.pendingCommit { pendingCommit = WirePendingCommit(pending) }
    }
}

extension RevisionSummary {
    init(_ wire: WireRevisionSummary) throws(ConversionError) {
        var size = ChangeSize()
        size.added = Int(wire.added)
        size.changed = Int(wire.changed)
        size.removed = Int(wire.removed)
        size.gateways = Int(wire.gateways)
        size.gained = Int(wire.gained)
        size.lost = Int(wire.lost)
        self.init(
            number: wire.number, author: try convert(wire.author, "author", Principal.init(_:)),
            appliedAt: moment(wire.appliedAtMilliseconds),
            message: wire.message,
            origin: RevisionOrigin(rawValue: wire.origin), restores: wire.hasRestores ? wire.restores : nil, size: size)
    }
}

extension WireRevisionSummary {
    init(_ summary: RevisionSummary) {
        number = summary.number
        author = WirePrincipal(summary.author)
        appliedAtMilliseconds = summary.appliedAt
        message = summary.message
        origin = summary.origin.rawValue
        if let number = summary.restores { restores = number }
        added = UInt32(clamping: summary.size.added)
        changed = UInt32(clamping: summary.size.changed)
        removed = UInt32(clamping: summary.size.removed)
        gateways = UInt32(clamping: summary.size.gateways)
        gained = UInt32(clamping: summary.size.gained)
        lost = UInt32(clamping: summary.size.lost)
    }
}

extension AuditTrail {
    init(_ wire: WireGetAuditResponse) throws(ConversionError) {
        self.init(entries: try convert(wire.entries, "entries", AuditEntry.init(_:)), more: wire.more)
    }
}

extension WireGetAuditResponse {
    init(_ trail: AuditTrail) {
        entries = trail.entries.map(WireAuditEntry.init(_:))
        more = trail.more
    }
}

extension AuditEntry {
    init(_ wire: WireAuditEntry) throws(ConversionError) {
        self.init(
            number: wire.number, at: moment(wire.atMilliseconds), author: try convert(wire.author, "author", Principal.init(_:)),
            action: Action(rawValue: wire.action), outcome: Outcome(rawValue: wire.outcome), revision: wire.revision, detail: wire.detail)
    }
}

extension WireAuditEntry {
    init(_ entry: AuditEntry) {
        number = entry.number
        atMilliseconds = entry.at
        author = WirePrincipal(entry.author)
        action = entry.action.rawValue
        outcome = entry.outcome.rawValue
        revision = entry.revision
        detail = entry.detail
    }
}

extension AppliedFile {
    init(_ wire: WireGetGraphResponse) throws(ConversionError) {
        self.init(
            revision: wire.revision, epoch: wire.epoch, text: wire.text,
            allocations: wire.allocations.map(Allocation.init(_:)),
            summary: wire.hasSummary ? try convert(wire.summary, "summary", RevisionSummary.init(_:)) : nil)
    }
}

extension WireGetGraphResponse {
    init(_ file: AppliedFile) {
        revision = file.revision
        epoch = file.epoch
        text = file.text
        allocations = file.allocations.map(WireAllocation.init(_:))
        if let summary = file.summary { self.summary = WireRevisionSummary(summary) }
    }
}

extension AppliedFile.Allocation {
    init(_ wire: WireAllocation) {
        self.init(kind: LedgerEntry.Kind(rawValue: wire.kind), owner: wire.owner, value: wire.value)
    }
}

extension WireAllocation {
    init(_ allocation: AppliedFile.Allocation) {
        kind = allocation.kind.rawValue
        owner = allocation.owner
        value = allocation.value
    }
}

extension RevisionComparison {
    init(_ wire: WireDiffResponse) throws(ConversionError) {
        self.init(
            plan: try convert(wire.plan, "plan", Plan.init(_:)), to: try convert(wire.to, "to", RevisionSummary.init(_:)),
            fromText: wire.fromText, toText: wire.toText, ledger: wire.ledger.map(LedgerChange.init(_:)))
    }
}

extension WireDiffResponse {
    /// One message, and more where the plan does not fit: they have the rest of its lists and nothing else.
    static func messages(_ comparison: RevisionComparison) -> [WireDiffResponse] {
        comparison.plan.wireParts.enumerated().map { number, part in
            var message = WireDiffResponse()
            message.plan = part
            guard number == 0 else { return message }
            message.to = WireRevisionSummary(comparison.to)
            message.fromText = comparison.fromText
            message.toText = comparison.toText
            message.ledger = comparison.ledger.map(WireLedgerChange.init(_:))
            return message
        }
    }
}
