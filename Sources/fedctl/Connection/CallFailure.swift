import FederationAPI
import GRPCCore

/// A call that got no answer.
struct CallFailure: Error, Hashable, Sendable {
    let complaint: Complaint
    /// The coordinator was not reached: trying again later may help.
    let isUnreachable: Bool

    /// - Parameter trouble: what the connection knows of itself, if it knows.
    init(_ error: RPCError, at endpoint: FederationAPI.Endpoint, trouble: String?) {
        switch error.code {
        case .unavailable, .deadlineExceeded:
            isUnreachable = true
            if let trouble {
                complaint = Complaint(
                    "no connection with the coordinator at \(endpoint): \(trouble)",
                    remedy: "see that --certs holds the admin’s certificate of this federation, and read the coordinator’s log")
            } else {
                let what = error.code == .unavailable ? "cannot be reached" : "does not answer within 10 s"
                complaint = Complaint(
                    "the coordinator at \(endpoint) \(what)",
                    remedy: "see that fed-coordinator runs and listens there (systemctl status fed-coordinator; ss -ltn), "
                        + "or name another with --coordinator HOST:PORT or FEDCTL_COORDINATOR")
            }
        case .permissionDenied, .unauthenticated:
            isUnreachable = false
            complaint = Complaint(
                "the coordinator at \(endpoint) refuses us: \(error.message)",
                remedy: "use an admin’s certificate: fedctl pki issue admin")
        case .aborted:
            isUnreachable = false
            complaint = Complaint(
                "somebody else applied at the same moment: \(error.message)",
                remedy: "look at what is in force (fedctl get graph), then apply again")
        case .resourceExhausted:
            isUnreachable = false
            complaint = Complaint(error.message, remedy: "ask for less (--vpn, --cloud), or ask again")
        default:
            isUnreachable = false
            complaint = Complaint(
                "the coordinator at \(endpoint) failed (\(error.code)): \(error.message)", remedy: "read the coordinator’s log")
        }
    }
}
