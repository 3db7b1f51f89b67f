import FederationAPI
import FederationModel
import Verification

/// The federation at a glance: what is in force, who is there, what is programmed.
package struct Overview: Hashable, Sendable, Encodable {
    package enum Health: String, Hashable, Sendable, Encodable {
        case ok
        /// Changes are on their way.
        case pending
        case failed
        /// An agent is silent, or its report is stale.
        case unknown
    }

    package var status: FederationStatus
    package var verification: VerificationResult

    package init(status: FederationStatus, verification: VerificationResult) {
        self.status = status
        self.verification = verification
    }

    private enum CodingKeys: CodingKey {
        case state, status, verification
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(health, forKey: .state)
        try container.encode(status, forKey: .status)
        try container.encode(verification, forKey: .verification)
    }

    /// A failure that is only a change on its way is pending and no failure. Then: failed outweighs unknown, and unknown
    /// pending.
    package var health: Health {
        let tally = verification.tally
        if !status.rejected.isEmpty || verification.failuresBesideChanges > 0 { return .failed }
        if isBrokenAtCoordinator { return .failed }
        if !silent.isEmpty || tally.unknown > 0 { return .unknown }
        return status.pending > 0 || !status.vniChanges.isEmpty || tally.failed > 0 ? .pending : .ok
    }

    /// Forwarding goes on, but something of the coordinator does not work.
    package var isBrokenAtCoordinator: Bool { status.problems.contains { $0.severity == .error } }

    /// Agents that should be connected and are not.
    package var silent: [AgentStatus] { status.agents.filter { !$0.connected } }
}
