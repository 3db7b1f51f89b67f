import FederationAPI
import Terminal

/// What is wrong, or soon will be, with the coordinator itself: its database, certificates, revocation lists.
struct CoordinatorProblemView: Hashable, Sendable, Encodable {
    enum Severity: String, Hashable, Sendable, Encodable {
        case error, warning
    }

    var severity: Severity
    /// `database-damaged`, `certificate-ends`, …
    var code: String
    /// A sentence.
    var reason: String
    /// An order.
    var remedy: String

    init(severity: Severity, code: String, reason: String, remedy: String) {
        self.severity = severity
        self.code = code
        self.reason = reason
        self.remedy = remedy
    }

    init(_ wire: WireCoordinatorProblem) {
        self.init(
            severity: wire.severity == .warning ? .warning : .error, code: wire.code, reason: wire.reason, remedy: wire.remedy)
    }
}

extension [CoordinatorProblemView] {
    /// Below `status`: each with its remedy.
    func add(to page: inout Page) {
        guard !isEmpty else { return }
        page.line(StyledText("coordinator", .heading))
        for problem in self {
            page.line(
                StyledText("\(problem.code): ", problem.severity == .error ? .bad : .doubtful) + StyledText(problem.reason), indentation: 2)
            page.line(StyledText("remedy: ", .faint) + StyledText(problem.remedy), indentation: 4)
        }
    }
}
