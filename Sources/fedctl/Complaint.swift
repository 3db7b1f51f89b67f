import FederationAPI
import Terminal

/// Why a command could not do its work, with the next step to take.
struct Complaint: Error, Hashable, Sendable {
    /// A sentence that names the values.
    var reason: String
    /// An order.
    var remedy: String

    init(_ reason: String, remedy: String) {
        self.reason = reason
        self.remedy = remedy
    }

    init(_ error: PKIError) { self.init(error.reason, remedy: error.remedy) }
    init(_ refusal: CertificateRefusal) { self.init(refusal.reason, remedy: refusal.remedy) }

    var page: Page {
        var page = Page()
        page.line(StyledText("error: ", .bad) + StyledText(reason))
        page.line(StyledText("remedy: ", .faint) + StyledText(remedy), indentation: 4)
        return page
    }
}
