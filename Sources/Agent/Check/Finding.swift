/// What one look of `fed-agent check` found.
package struct Finding: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable {
        case good
        /// Nothing fails by it now.
        case note
        case bad
        /// It could not be found out.
        case unknown
    }

    /// What was looked at: `zebra`, `MTU to 10.255.2.1`.
    package var subject: String
    package var state: State
    package var text: String
    /// What to do; empty where nothing is.
    package var remedy: String

    package init(_ subject: String, _ state: State, _ text: String, remedy: String = "") {
        self.subject = subject
        self.state = state
        self.text = text
        self.remedy = remedy
    }
}

/// All looks, in the order in which one looks.
package struct CheckReport: Hashable, Sendable, Codable {
    package var findings: [Finding]

    package init(_ findings: [Finding]) { self.findings = findings }

    /// 0 nothing is wrong, 1 something could not be found out, 2 something is wrong.
    package var exitStatus: Int32 {
        if findings.contains(where: { $0.state == .bad }) { return 2 }
        return findings.contains { $0.state == .unknown } ? 1 : 0
    }
}
