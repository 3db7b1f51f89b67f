import FederationModel
import Verification

/// What an admin asks of isolation.
package struct IsolationOrder: Hashable, Sendable {
    /// Nil: all.
    package var vpns: Set<VPNName>?
    package var wantsStatement: Bool

    package init(vpns: Set<VPNName>? = nil, wantsStatement: Bool = false) {
        self.vpns = vpns
        self.wantsStatement = wantsStatement
    }
}

/// A proof, and of what.
package struct IsolationAnswer: Hashable, Sendable {
    package var federation: FederationID
    /// Names the coordinator’s database.
    package var epoch: String
    /// Whose intents were compared.
    package var revision: UInt64
    package var proof: IsolationProof
    /// Nil: not asked for.
    package var statement: SignedStatement?

    package init(
        federation: FederationID, epoch: String, revision: UInt64, proof: IsolationProof, statement: SignedStatement? = nil
    ) {
        self.federation = federation
        self.epoch = epoch
        self.revision = revision
        self.proof = proof
        self.statement = statement
    }
}

/// A text and the coordinator’s signature of it.
package struct SignedStatement: Hashable, Sendable {
    /// UTF-8.
    package var text: [UInt8]
    /// CMS (RFC 5652), detached, PEM, with the coordinator’s certificate.
    package var signature: String

    package init(text: [UInt8], signature: String) {
        self.text = text
        self.signature = signature
    }
}
