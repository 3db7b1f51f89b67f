import Federation
import FederationAPI
import FederationFile
import Terminal

/// What the coordinator says to a file or a rollback, as it is shown: each remark at its place in the file, or at the argument.
struct ChangeReply: Sendable {
    let result: ChangeResult
    /// Of the file and of the plan's findings, at their places in the file.
    private(set) var diagnostics: [Diagnostic]
    private(set) var findings: [Finding]
    /// What was typed instead of a file.
    private let edit: Edit?

    /// - Parameter file: nil: there is none, as of a rollback.
    init(_ result: ChangeResult, of file: FederationText?) {
        self.result = result
        edit = file?.edit
        findings = result.findings
        diagnostics = result.diagnostics.map { $0.quoting(file?.text ?? "") }
        if let file, file.edit == nil, !findings.isEmpty {
            diagnostics += FederationYAML.read(text: file.text, fileName: file.fileName).diagnostics(for: findings)
        }
    }

    /// Nil where the file cannot be read, and of what was applied: that is what was planned.
    var plan: Plan? { result.plan }
    var accepted: Bool { result.accepted }

    /// The plan, and below its headline whose work it changes.
    /// - Parameter now: milliseconds since 1970.
    func page(_ plan: Plan, wide: Bool, now: Int64) -> Page {
        let base = result.base
        return plan.page(
            wide: wide, note: base.number > 0 ? StyledText("revision \(base.number) was made \(base.made(now: now))", .faint) : nil)
    }

    /// What is to be said of what was accepted: an error in it is one that the admin agreed to (`--yes-remove`).
    var remarks: Page {
        var answer = self
        for index in diagnostics.indices { answer.diagnostics[index].severity = .warning }
        for index in findings.indices { answer.findings[index].severity = .warning }
        return answer.objections(refused: "")
    }

    /// Everything that is wrong or odd: at its place in the file, or at the argument; of a rollback there is neither.
    ///
    /// - Parameter consequence: of errors.
    func objections(refused consequence: String) -> Page {
        guard let edit else {
            return diagnostics.isEmpty ? findings.page(refused: consequence) : diagnostics.page(refused: consequence)
        }
        var page = edit.page(findings)
        for diagnostic in diagnostics {
            page.append(
                edit.page(
                    diagnostic.severity, path: diagnostic.path, reason: diagnostic.reason, remedy: diagnostic.remedy))
        }
        let errors = findings.count { $0.severity == .error } + diagnostics.count { $0.severity == .error }
        if errors > 0 { page.line(StyledText("\(count(errors, "error")); \(consequence)", .heading)) }
        return page
    }

    /// Why it was refused; `ok` where it was not.
    var exitStatus: ExitStatus {
        if accepted { return .ok }
        return findings.contains { $0.code == .leak && $0.severity == .error } ? .leak : .error
    }
}
