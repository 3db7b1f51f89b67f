import FederationAPI

extension CallFailure {
    var exitStatus: ExitStatus { refusal?.code == .conflict ? .conflict : .error }

    /// What is said of it, after a look at the way to the coordinator where nothing else is known.
    var commandError: CommandError {
        commandError(cause == .unreachable && trouble == nil ? Reachability(of: endpoint) : nil)
    }

    /// - Parameter reachability: of the endpoint, where that was looked at.
    func commandError(_ reachability: Reachability?) -> CommandError {
        switch cause {
        case .unreachable, .timedOut:
            if let trouble {
                return CommandError(
                    "no connection with the coordinator at \(endpoint): \(trouble)",
                    remedy: "check that --certs holds the admin’s certificate of this federation, and read the coordinator’s log")
            }
            let what = cause == .unreachable ? "cannot be reached" : "does not answer within 10 s"
            return reachability?.commandError(endpoint)
                ?? CommandError(
                    "the coordinator at \(endpoint) \(what)",
                    remedy: "check that fed-coordinator runs and listens there (systemctl status fed-coordinator; ss -ltn), "
                        + "or choose another with --coordinator HOST:PORT or FEDCTL_COORDINATOR")
        case .notAuthorized(let reason):
            return CommandError(
                "the coordinator at \(endpoint) refuses us: \(reason)", remedy: "use an admin’s certificate: fedctl pki issue admin")
        case .refused(let refusal):
            let reason =
                switch refusal.code {
                case .conflict: "another admin applied in the meantime: \(refusal.reason)"
                case .failed: "the coordinator at \(endpoint) failed: \(refusal.reason)"
                default: refusal.reason
                }
            return CommandError(reason, remedy: refusal.remedy)
        case .exhausted(let reason): return CommandError(reason, remedy: "request less (--vpn, --cloud), or retry")
        case .failed(let reason):
            return CommandError("the coordinator at \(endpoint) failed (\(reason))", remedy: "read the coordinator’s log")
        case .notUnderstood(let error):
            return CommandError(
                "cannot understand the coordinator’s answer: \(error)", remedy: "use fedctl and fed-coordinator of the same version")
        case .incompleteBackup:
            return CommandError("the backup transfer was incomplete; no file was kept", remedy: "make it again: fedctl backup FILE")
        }
    }
}
