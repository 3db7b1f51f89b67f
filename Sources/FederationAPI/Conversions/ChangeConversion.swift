import Federation
import FederationModel
import NetworkTypes

extension PlanRequest {
    init(_ wire: WirePlanRequest) {
        let yesRemove = Int(clamping: wire.yesRemove)
        self =
            wire.hasRollbackTo
            ? .rollback(to: wire.rollbackTo, yesRemove: yesRemove)
            : .file(text: wire.text, fileName: ApplyOrder.fileName(wire.fileName), yesRemove: yesRemove)
    }
}

extension WirePlanRequest {
    init(_ request: PlanRequest) {
        switch request {
        case .file(let text, let fileName, let yesRemove):
            self.text = text
            self.fileName = fileName
            self.yesRemove = UInt32(clamping: yesRemove)
        case .rollback(let number, let yesRemove):
            rollbackTo = number
            self.yesRemove = UInt32(clamping: yesRemove)
        }
    }
}

extension ApplyOrder {
    init(_ wire: WireApplyRequest) {
        self.init(
            text: wire.text, fileName: Self.fileName(wire.fileName),
            terms: ChangeConditions(
                base: wire.hasBase ? wire.base : nil, yesRemove: Int(clamping: wire.yesRemove),
                confirmSeconds: wire.hasConfirmSeconds ? wire.confirmSeconds : nil, message: wire.message))
    }

    /// As diagnostics repeat it: NAME_MAX of Linux.
    fileprivate static func fileName(_ name: String) -> String { TextLimits.cut(name, to: 255) }
}

extension WireApplyRequest {
    init(_ order: ApplyOrder) {
        text = order.text
        fileName = order.fileName
        if let number = order.terms.base { base = number }
        yesRemove = UInt32(clamping: order.terms.yesRemove)
        if let seconds = order.terms.confirmSeconds { confirmSeconds = seconds }
        message = order.terms.message
    }
}

extension RollbackOrder {
    init(_ wire: WireRollbackRequest) {
        self.init(
            to: wire.to,
            terms: ChangeConditions(
                base: wire.hasBase ? wire.base : nil, yesRemove: Int(clamping: wire.yesRemove),
                confirmSeconds: wire.hasConfirmSeconds ? wire.confirmSeconds : nil, message: wire.message))
    }
}

extension WireRollbackRequest {
    init(_ order: RollbackOrder) {
        to = order.number
        if let number = order.terms.base { base = number }
        yesRemove = UInt32(clamping: order.terms.yesRemove)
        if let seconds = order.terms.confirmSeconds { confirmSeconds = seconds }
        message = order.terms.message
    }
}

extension ChangeResult {
    init(_ wire: WireChangeResult) throws(ConversionError) {
        self.init(
            revision: wire.revision, accepted: wire.accepted, plan: wire.hasPlan ? try convert(wire.plan, "plan", Plan.init(_:)) : nil,
            diagnostics: try convert(wire.diagnostics, "diagnostics", Diagnostic.init(_:)),
            pendingCommit: wire.hasPendingCommit ? try convert(wire.pendingCommit, "pending_commit", PendingCommit.init(_:)) : nil,
            base: wire.hasBase ? try convert(wire.base, "base", RevisionSummary.init(_:)) : .none)
    }

    /// Takes a further part of the plan in.
    mutating func append(_ wire: WireChangeResult) throws(ConversionError) {
        do {
            try plan?.append(wire.plan)
        } catch {
            throw error.within("plan")
        }
    }
}

extension WireChangeResult {
    /// - Parameter part: of its plan.
    private init(_ result: ChangeResult, _ part: WirePlan?) {
        revision = result.revision
        accepted = result.accepted
        diagnostics = result.diagnostics.map(WireDiagnostic.init(_:))
        if let part { plan = part }
        if let pending = result.pendingCommit { pendingCommit = WirePendingCommit(pending) }
        if result.base.number > 0 { base = WireRevisionSummary(result.base) }
    }

    /// As much of it as one message may have.
    init(_ result: ChangeResult) { self.init(result, result.plan?.wireParts.first) }

    /// One message, and more where the plan does not fit: they have the rest of its lists and nothing else.
    static func messages(_ result: ChangeResult) -> [WireChangeResult] {
        guard let parts = result.plan?.wireParts else { return [WireChangeResult(result, nil)] }
        return [WireChangeResult(result, parts.first)]
            + parts.dropFirst().map { part in
                var more = WireChangeResult()
                more.plan = part
                return more
            }
    }
}

extension Diagnostic {
    /// Its line is not sent: who has the file sees it there.
    init(_ wire: WireDiagnostic) throws(ConversionError) {
        self.init(
            severity: try Severity(wire.severity, "severity"), file: wire.file, line: max(1, Int(wire.line)),
            column: max(1, Int(wire.column)), length: max(1, Int(wire.length)), path: wire.path, value: wire.hasValue ? wire.value : nil,
            reason: wire.reason, remedy: wire.remedy, source: "")
    }
}

extension WireDiagnostic {
    init(_ diagnostic: Diagnostic) {
        severity = diagnostic.severity == .error ? .error : .warning
        file = diagnostic.file
        line = UInt32(clamping: diagnostic.line)
        column = UInt32(clamping: diagnostic.column)
        length = UInt32(clamping: diagnostic.length)
        path = TextLimits.cut(diagnostic.path, to: TextLimits.sentence)
        if let text = diagnostic.value { value = TextLimits.cut(text, to: TextLimits.name) }
        reason = TextLimits.cut(diagnostic.reason, to: TextLimits.sentence)
        remedy = diagnostic.remedy
    }
}

extension Diagnostic.Severity {
    fileprivate init(_ wire: WireDiagnostic.Severity, _ field: String) throws(ConversionError) {
        switch wire {
        case .error: self = .error
        case .warning: self = .warning
        case .unspecified, .UNRECOGNIZED: throw ConversionError(field: field, reason: "unknown severity \(wire.rawValue)")
        }
    }
}

extension PendingCommit {
    init(_ wire: WirePendingCommit) throws(ConversionError) {
        self.init(
            revision: wire.revision, fallback: wire.fallback, deadline: moment(wire.deadlineMilliseconds),
            author: try convert(wire.author, "author", Principal.init(_:)),
            obstacle: wire.hasObstacle ? wire.obstacle : nil)
    }
}

extension WirePendingCommit {
    init(_ pending: PendingCommit) {
        revision = pending.revision
        fallback = pending.fallback
        deadlineMilliseconds = pending.deadline
        author = WirePrincipal(pending.author)
        if let obstacle = pending.obstacle { self.obstacle = obstacle }
    }
}
