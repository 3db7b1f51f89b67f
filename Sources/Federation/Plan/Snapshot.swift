import FederationModel

/// The state in force, the base of a plan.
package struct Snapshot: Sendable {
    package var federation: FederationID
    /// Identifies the coordinator's database.
    package var epoch: String
    /// 0 before the first apply.
    package var revision: UInt64
    /// The federation file as applied.
    package var text: String
    /// Nil before the first apply.
    package var compilation: Compilation?
    /// Allocated, quarantined and reserved values.
    package var ledger: Ledger

    package init(
        federation: FederationID, epoch: String, revision: UInt64 = 0, text: String = "", compilation: Compilation? = nil, ledger: Ledger
    ) {
        self.federation = federation
        self.epoch = epoch
        self.revision = revision
        self.text = text
        self.compilation = compilation
        self.ledger = ledger
    }
}
