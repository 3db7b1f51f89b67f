import FederationModel
import NetworkTypes

/// What agents complain of by themselves. A complaint is a reason: it explains the step that it breaks better than what is
/// missing there, and it condemns a pair where nothing is seen to be missing (yet).
extension Problem {
    /// The cause of the catalogue that it is; `agentProblem` where the agent is newer than this catalogue.
    var cause: CauseCode { code?.cause ?? .agentProblem }

    /// Whether it is in the way of these prefixes, and of a pair that its gateway is this end of.
    fileprivate func concerns(_ prefixes: [IPPrefix], asOrigin: Bool) -> Bool {
        switch cause {
        case .ipv6ForwardingOff: prefixes.contains { $0.family == .ipv6 }
        case .prefixLimit: asOrigin
        // They explain what is seen to be missing, and where nothing is, nothing is broken.
        case .attachmentNamesake, .shareSelectsNothing, .destinationAmbiguous, .localPreferenceNeedsSessions: false
        default: true
        }
    }
}

extension Site {
    /// The agent's complaints on the VPN and on the node as a whole, each once.
    var problems: [Problem] {
        let own = report?.problems ?? []
        return own + baseReport.problems.filter { !own.contains($0) }
    }

    /// The complaints as lines of evidence.
    var complaints: [String] { problems.map { "\(id) says \($0.word): \($0.message); \($0.remedy)" } }

    /// The complaint that breaks the earliest step, as a cause.
    func complaint(about prefixes: [IPPrefix], asOrigin: Bool) -> Cause? {
        problems.filter { $0.concerns(prefixes, asOrigin: asOrigin) }.min { $0.cause.step.order < $1.cause.step.order }.map {
            Cause($0, of: self)
        }
    }
}

extension Cause {
    init(_ problem: Problem, of site: Site) {
        self.init(problem.cause, "\(site.id) says: \(problem.message)", evidence: site.complaints, remedy: problem.remedy(at: site))
    }

    /// This cause, or in its place the complaint of the site that explains it: one of the same step.
    func explained(by site: Site) -> Cause {
        let mute: Set<CauseCode> = [.agentProblem, .localPreferenceNeedsSessions, .attachmentNamesake]
        guard let problem = site.problems.first(where: { $0.cause.step == step && !mute.contains($0.cause) }), problem.word != code else {
            return self
        }
        var cause = Cause(problem, of: site)
        cause.evidence = evidence + cause.evidence.filter { !evidence.contains($0) }
        return cause
    }
}
