import Federation

/// A revision of the graph in force: what was applied, what was allocated for it, and what it asks of each gateway.
package struct Revision: Sendable {
    /// 0 before the first apply.
    package var number: UInt64
    /// Names the database; made when it was created.
    package var epoch: String
    package var federation: FederationID
    /// Who applied it: an admin's name; empty before the first apply.
    package var author: String
    /// Milliseconds since 1970.
    package var appliedAt: Int64
    /// The federation file, as applied.
    package var text: String
    /// Nil before the first apply.
    package var graph: FederationGraph?
    package var ledger: Ledger
    package var intents: [GatewayID: GatewayIntent]

    package init(
        number: UInt64, epoch: String, federation: FederationID, author: String, appliedAt: Int64, text: String,
        graph: FederationGraph?, ledger: Ledger, intents: [GatewayID: GatewayIntent]
    ) {
        self.number = number
        self.epoch = epoch
        self.federation = federation
        self.author = author
        self.appliedAt = appliedAt
        self.text = text
        self.graph = graph
        self.ledger = ledger
        self.intents = intents
    }
}
