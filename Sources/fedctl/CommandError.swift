import FederationAPI
import Terminal

/// Why a command could not do its work, or not all of it, with the next step to take.
struct CommandError: Error, Hashable, Sendable {
    enum Severity: String, Hashable, Sendable {
        case error, warning
    }

    /// A sentence that names the values.
    var reason: String
    /// An order.
    var remedy: String
    var severity: Severity

    init(_ reason: String, remedy: String, severity: Severity = .error) {
        self.reason = reason
        self.remedy = remedy
        self.severity = severity
    }

    init(_ error: PKIError) { self.init(error.reason, remedy: error.remedy) }
    init(_ refusal: CertificateRefusal) { self.init(refusal.reason, remedy: refusal.remedy) }

    var page: Page {
        var page = Page()
        page.line(StyledText("\(severity.rawValue): ", severity == .error ? .bad : .doubtful) + StyledText(reason))
        page.line(StyledText("remedy: ", .faint) + StyledText(remedy), indentation: 4)
        return page
    }
}
