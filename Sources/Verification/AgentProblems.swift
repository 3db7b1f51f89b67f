import FederationModel
import NetworkTypes

/// Problems reported by agents. A problem explains the step that it breaks better than what is
/// missing there, and it fails a pair even if nothing is missing yet.
extension Problem {
    /// Its cause in the catalogue; `agentProblem` if the agent is newer than the catalogue.
    var cause: CauseCode { code?.cause ?? .agentProblem }

    /// Whether it affects these prefixes, and a pair with its gateway at this end.
    fileprivate func concerns(_ prefixes: [IPPrefix], asOrigin: Bool) -> Bool {
        // What concerns single prefixes shows in them, and condemns no others. Of a word that is not known, that is not known.
        guard self.prefixes.isEmpty || code == nil else { return false }
        return switch cause {
        case .ipv6ForwardingOff: prefixes.contains { $0.family == .ipv6 }
        case .prefixLimit: asOrigin
        default: !Self.explanations.contains(cause)
        }
    }

    /// Whether it may be why a prefix does not get past a step; nil: why none does.
    fileprivate func explains(_ prefix: IPPrefix?, _ step: RouteStep) -> Bool {
        guard cause.step == step || step == .advertised && Self.withholding.contains(cause), !Self.mute.contains(cause) else {
            return false
        }
        guard let prefix, !prefixes.isEmpty else { return prefixes.isEmpty }
        // A subnet without way out has none to any destination of its family.
        return concerns(prefix) || cause == .gatewayLacksFamily && prefixes.contains { $0.family == prefix.family }
    }

    /// They only explain something missing; if nothing is missing, nothing is broken.
    private static let explanations: Set<CauseCode> = [
        .attachmentNamesake, .shareSelectsNothing, .destinationAmbiguous, .destinationReserved, .originNotAuthorized, .learnedLimit,
        .bgpPasswordsUnreadable, .bfdNotRunning, .localPreferenceNeedsSessions, .reversePathFilter, .distributedFloatingIP,
        .bgpvpnUnreadable, .bgpvpnVNIDiffers, .bgpvpnTargetsIgnored, .bgpvpnTypeDiffers, .labelNotKept,
    ]

    /// What is told first where not all can be told: what fails a pair (0), what makes it unknown (1), what only explains (2).
    package var rank: Int { Self.explanations.contains(cause) ? 2 : cause.state == .failed ? 0 : 1 }

    /// They break steering; and where nothing can come in, nothing is advertised.
    private static let withholding: Set<CauseCode> = [.providerBridgeMissing, .patchPortMissing, .gatewayLacksFamily]
    private static let mute: Set<CauseCode> = [
        .agentProblem, .problemsCut, .localPreferenceNeedsSessions, .attachmentNamesake, .bfdNotRunning, .reversePathFilter,
        .distributedFloatingIP, .bgpvpnUnreadable, .bgpvpnVNIDiffers, .bgpvpnTargetsIgnored, .labelNotKept,
    ]
}

extension Problem {
    /// Whether it concerns a prefix, or for flows a part of it.
    fileprivate func touches(_ prefix: IPPrefix) -> Bool {
        concerns(prefix) || (code == .flowOverridden || code == .flowUnread) && prefixes.contains { prefix.contains($0) }
    }
}

extension GatewayInVPN {
    /// The agent's problems with the VPN and with the whole node, each once.
    var problems: [Problem] {
        let own = report?.problems ?? []
        return own + baseReport.problems.filter { !own.contains($0) }
    }

    /// The problems as evidence lines.
    var complaints: [String] { problems.map { "\(id) reports \($0.word): \($0.message); \($0.remedy)" } }

    /// Why what is advertised of a prefix goes nowhere here. The agent withdraws it only when that has lasted.
    func undeliverable(_ prefix: IPPrefix) -> Cause? {
        let kinds: [ProblemCode] = [.notDeliverable, .routerDiverts, .flowOverridden, .flowUnread]
        return kinds.lazy.compactMap { kind in self.problems.first { $0.code == kind && $0.touches(prefix) } }.first.map {
            Cause($0, of: self)
        }
    }

    /// Why what machines here send to a prefix does not leave their router.
    func unanswered(to prefix: IPPrefix) -> Cause? {
        problems.first { $0.code == .nextHopUnanswered && $0.prefixes.contains { $0.family == prefix.family } }.map { Cause($0, of: self) }
    }

    /// What in OVN's router takes packets to the prefix before they get to the flows; what certainly does goes first.
    func diversion(of prefix: IPPrefix) -> Cause? {
        let kinds: [ProblemCode] = [.routerDiverts, .flowOverridden, .routerPolicyUnread, .flowUnread]
        return kinds.lazy.compactMap { kind in self.problems.first { $0.code == kind && $0.touches(prefix) } }.first.map {
            Cause($0, of: self)
        }
    }

    /// The problem that breaks the earliest step, as a cause.
    func complaint(about prefixes: [IPPrefix], asOrigin: Bool) -> Cause? {
        let causes = problems.filter { $0.concerns(prefixes, asOrigin: asOrigin) }.map { problem in
            (problem.code == .natNotExempted ? unknownExemption : nil) ?? Cause(problem, of: self)
        }
        // Of one step, what is known to fail goes first.
        return causes.min { ($0.step.order, $0.state == .failed ? 0 : 1) < ($1.step.order, $1.state == .failed ? 0 : 1) }
    }
}

extension Cause {
    init(_ problem: Problem, of site: GatewayInVPN) {
        self.init(problem.cause, "\(site.id) reports: \(problem.message)", evidence: site.complaints, remedy: problem.remedy(at: site))
    }

    /// This cause, or instead the site's problem that explains it: one of the same step.
    /// - Parameter prefix: which the cause is about; nil: about all.
    func explained(by site: GatewayInVPN, about prefix: IPPrefix? = nil) -> Cause {
        // What is not known is explained by nothing that is said of it.
        guard catalogued != .northboundSilent else { return self }
        let problems = site.problems.filter { $0.explains(prefix, step) }
        guard let problem = problems.first(where: { !$0.prefixes.isEmpty }) ?? problems.first, problem.word != code else { return self }
        var cause = Cause(problem, of: site)
        cause.step = step
        cause.evidence = evidence + cause.evidence.filter { !evidence.contains($0) }
        return cause
    }
}
