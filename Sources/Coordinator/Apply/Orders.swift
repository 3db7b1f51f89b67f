/// What an admin asks for when he applies a file.
package struct ApplyOrder: Hashable, Sendable {
    package var text: String
    /// For diagnostics only.
    package var fileName: String
    package var terms: Terms

    package init(text: String, fileName: String = "federation.yaml", terms: Terms = .init()) {
        self.text = text
        self.fileName = fileName
        self.terms = terms
    }
}

/// What an admin asks for when he goes back.
package struct RollbackOrder: Hashable, Sendable {
    /// The revision whose graph is to be in force again.
    package var number: UInt64
    package var terms: Terms

    package init(to number: UInt64, terms: Terms = .init()) {
        self.number = number
        self.terms = terms
    }
}

/// On what conditions a change is made.
package struct Terms: Hashable, Sendable {
    /// The revision that the admin has seen; nil: whichever is in force.
    package var base: UInt64?
    /// How many reaches or prefixes he agrees to lose.
    package var yesRemove: Int
    /// Seconds until the change is rolled back unless it is confirmed; nil: it stays.
    package var confirmSeconds: UInt32?
    /// For the history.
    package var message: String

    package init(base: UInt64? = nil, yesRemove: Int = 0, confirmSeconds: UInt32? = nil, message: String = "") {
        self.base = base
        self.yesRemove = yesRemove
        self.confirmSeconds = confirmSeconds
        self.message = message
    }

    /// In bytes of UTF-8.
    package static let messageLimit = 1000
}
