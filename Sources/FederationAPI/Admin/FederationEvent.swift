import FederationModel
import Verification

/// Something that happened, as the coordinator tells it to those who watch.
package struct FederationEvent: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case agentConnected(GatewayID, software: String)
        case agentDisconnected(GatewayID, reason: String)
        case resourceAcknowledged(GatewayID, ResourceName, Acknowledgement)
        case verdictsChanged(VerdictTransition)
        case driftRepaired(GatewayID, VPNName, Drift)
        case revisionApplied(RevisionApplied)
        case revisionConfirmed(revision: UInt64, author: Principal)
        /// From here on what happens is written down: the coordinator started, or could write again.
        /// - Parameter until: Up to then was written before, in milliseconds since 1970; nil: nothing was, ever.
        case recordingBegan(until: Int64?)
        /// What verdicts come to: the first event of a watcher who asked for it.
        case verdicts(VerdictSummary)
    }

    package struct RevisionApplied: Hashable, Sendable {
        package var revision: UInt64
        /// Who applied it; the coordinator where it was rolled back automatically.
        package var author: Principal
        package var origin: RevisionOrigin
        /// The revision whose graph it took up again.
        package var restores: UInt64?
        /// When it is rolled back unless it is confirmed: milliseconds since 1970; nil: it stays.
        package var deadline: Int64?

        package init(revision: UInt64, author: Principal, origin: RevisionOrigin, restores: UInt64? = nil, deadline: Int64? = nil) {
            self.revision = revision
            self.author = author
            self.origin = origin
            self.restores = restores
            self.deadline = deadline
        }
    }

    /// Milliseconds since 1970 by the coordinator's clock.
    package var at: Int64
    package var kind: Kind

    package init(at: Int64, _ kind: Kind) {
        self.at = at
        self.kind = kind
    }
}

extension FederationEvent {
    /// Whether it is written down. What agents applied is told by the thousand and seen in `status`; what they refused is not.
    package var isKept: Bool {
        switch kind {
        case .resourceAcknowledged(_, _, .applied), .verdicts: false
        default: true
        }
    }
}
