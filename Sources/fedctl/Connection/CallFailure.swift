import FederationAPI
import GRPCCore

/// A call that got no answer.
struct CallFailure: Error, Hashable, Sendable {
    let complaint: Complaint
    /// The coordinator was not reached: trying again later may help.
    let isUnreachable: Bool
    let exitStatus: ExitStatus

    /// - Parameter trouble: what the connection knows of itself, if it knows.
    /// - Parameter reachability: of the endpoint, where that was looked at.
    init(_ error: RPCError, at endpoint: FederationAPI.Endpoint, trouble: String?, reachability: Reachability? = nil) {
        exitStatus = error.code == .aborted ? .conflict : .error
        switch error.code {
        case .unavailable, .deadlineExceeded:
            isUnreachable = true
            if let trouble {
                complaint = Complaint(
                    "no connection with the coordinator at \(endpoint): \(trouble)",
                    remedy: "see that --certs holds the admin’s certificate of this federation, and read the coordinator’s log")
            } else {
                let what = error.code == .unavailable ? "cannot be reached" : "does not answer within 10 s"
                complaint =
                    reachability?.complaint(endpoint)
                    ?? Complaint(
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
                "somebody else applied meanwhile: \(error.message)",
                remedy: "look at what changed (fedctl history, fedctl diff), put it into your file, then apply again")
        case .failedPrecondition, .invalidArgument, .notFound:
            isUnreachable = false
            // The coordinator's sentence ends with what to do.
            let parts = error.message.split(separator: "; ", maxSplits: 1)
            complaint = Complaint(String(parts.first ?? ""), remedy: parts.count == 2 ? String(parts[1]) : "see fedctl history")
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
