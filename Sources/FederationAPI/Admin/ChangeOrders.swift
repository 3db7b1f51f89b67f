import FederationModel

/// What an admin asks to have planned.
package enum PlanRequest: Hashable, Sendable {
    /// The file name is for diagnostics only; empty: there is no file, and diagnostics cite no lines.
    case file(text: String, fileName: String, yesRemove: Int)
    case rollback(to: UInt64, yesRemove: Int)
}

/// What an admin asks for when he applies a file.
package struct ApplyOrder: Hashable, Sendable {
    package var text: String
    /// For diagnostics only; empty: there is no file, and they cite no lines.
    package var fileName: String
    package var terms: ChangeConditions

    package init(text: String, fileName: String = "federation.yaml", terms: ChangeConditions = .init()) {
        self.text = text
        self.fileName = fileName
        self.terms = terms
    }
}

/// What an admin asks for when he goes back.
package struct RollbackOrder: Hashable, Sendable {
    /// The revision whose graph is to be in force again.
    package var number: UInt64
    package var terms: ChangeConditions

    package init(to number: UInt64, terms: ChangeConditions = .init()) {
        self.number = number
        self.terms = terms
    }
}

/// What an admin asks for when he keeps values from being allocated.
package struct ReserveOrder: Hashable, Sendable {
    package var reservation: Reservation
    /// Their base and message count; without a message, values and reason are it.
    package var terms: ChangeConditions
    /// Nothing is changed.
    package var isRehearsal: Bool

    package init(_ reservation: Reservation, terms: ChangeConditions = .init(), isRehearsal: Bool = false) {
        self.reservation = reservation
        self.terms = terms
        self.isRehearsal = isRehearsal
    }
}

/// What an admin asks for when he gives values free again.
package struct ReleaseOrder: Hashable, Sendable {
    package var values: Reservation.Values
    /// Their base and message count; without a message, the values are it.
    package var terms: ChangeConditions
    /// Nothing is changed.
    package var isRehearsal: Bool

    package init(_ values: Reservation.Values, terms: ChangeConditions = .init(), isRehearsal: Bool = false) {
        self.values = values
        self.terms = terms
        self.isRehearsal = isRehearsal
    }
}

/// On what conditions a change is made.
package struct ChangeConditions: Hashable, Sendable {
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

/// What became of the ledger, or would.
package struct LedgerOutcome: Hashable, Sendable {
    /// The revision in force afterwards.
    package var revision: UInt64
    /// The values were reserved or released, or would be; false where they are so already.
    package var changes: Bool

    package init(revision: UInt64, changes: Bool) {
        self.revision = revision
        self.changes = changes
    }
}
