import FederationViews
import Verification

extension Overview {
    var exitStatus: ExitStatus {
        switch health {
        case .ok: .ok
        case .pending: .changesPending
        case .failed: .verifyFailed
        case .unknown: .unknown
        }
    }
}

extension VerificationResult {
    /// A leak harms a third party, so it outweighs what does not work.
    var exitStatus: ExitStatus { isLeaking ? .isolationViolated : ExitStatus([state]) }
}
