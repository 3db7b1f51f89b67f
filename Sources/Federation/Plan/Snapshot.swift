import FederationModel

/// What is in force, as a plan starts from it.
package struct Snapshot: Sendable {
    package var federation: FederationID
    /// Names the coordinator's database.
    package var epoch: String
    /// 0 before the first apply.
    package var revision: UInt64
    /// The federation file as applied.
    package var text: String
    /// Nil before the first apply.
    package var compilation: Compilation?
    /// What is allocated, in quarantine and reserved.
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
