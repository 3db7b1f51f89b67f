import FederationModel
import Foundation

/// What a backup of the coordinator's database holds.
package struct BackupHeader: Hashable, Sendable {
    package var federation: FederationID
    package var epoch: String
    /// In force; 0 before the first apply.
    package var revision: UInt64
    /// In bytes.
    package var size: UInt64
    /// SHA-256.
    package var digest: Data

    package init(federation: FederationID, epoch: String, revision: UInt64, size: UInt64, digest: Data) {
        self.federation = federation
        self.epoch = epoch
        self.revision = revision
        self.size = size
        self.digest = digest
    }
}

/// One message of a backup: what comes, then its bytes in order, 1 MiB at most at a time.
package enum BackupPart: Hashable, Sendable {
    case header(BackupHeader)
    case data(Data)
}

/// Who waits for a restored database to be adopted, and whether there is, or was, anything to adopt.
package struct Adoption: Hashable, Sendable {
    /// An agent that holds the intent of a database that this one was restored from.
    package struct WaitingAgent: Hashable, Sendable {
        package var gateway: GatewayID
        /// Of what it holds.
        package var epoch: String
        package var revision: UInt64
        /// VPNs that it has and this database does not give it. Sorted.
        package var lost: [VPNName]

        package init(gateway: GatewayID, epoch: String, revision: UInt64, lost: [VPNName]) {
            self.gateway = gateway
            self.epoch = epoch
            self.revision = revision
            self.lost = lost
        }
    }

    package var agents: [WaitingAgent]
    package var changes: Bool

    package init(agents: [WaitingAgent], changes: Bool) {
        self.agents = agents
        self.changes = changes
    }
}
