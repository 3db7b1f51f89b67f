import FederationAPI
import FederationModel
import Verification

/// The federation at a glance: what is in force, who is there, what is programmed.
struct Overview: Hashable, Sendable, Encodable {
    var status: FederationStatus
    var verification: VerificationResult

    private enum CodingKeys: CodingKey {
        case state, status, verification
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(exitStatus.word, forKey: .state)
        try container.encode(status, forKey: .status)
        try container.encode(verification, forKey: .verification)
    }

    /// A failure that is only a change on its way is pending and no failure. Then: failed outweighs unknown, and unknown
    /// pending.
    var exitStatus: ExitStatus {
        let failures = verification.pairs.filter { $0.state == .failed }
        if !status.rejected.isEmpty || failures.contains(where: { $0.cause?.catalogued != .notAcknowledged }) { return .verifyFailed }
        if isBrokenAtCoordinator { return .verifyFailed }
        if !silent.isEmpty || verification.pairs.contains(where: { $0.state == .unknown }) { return .unknown }
        return status.pending > 0 || !status.vniChanges.isEmpty || !failures.isEmpty ? .changesPending : .ok
    }

    /// Forwarding goes on, but something of the coordinator does not work.
    var isBrokenAtCoordinator: Bool { status.problems.contains { $0.severity == .error } }

    /// Agents that should be connected and are not.
    var silent: [AgentStatus] { status.agents.filter { !$0.connected } }
}

extension ExitStatus {
    /// For programs.
    var word: String {
        switch self {
        case .ok: "ok"
        case .error: "error"
        case .changesPending: "pending"
        case .verifyFailed: "failed"
        case .unknown: "unknown"
        case .conflict: "conflict"
        case .leak: "leak"
        case .usage: "usage"
        }
    }
}
