import FederationViews

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
    var exitStatus: ExitStatus { ExitStatus([state]) }
}
