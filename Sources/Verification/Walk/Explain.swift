import FederationModel
import NetworkTypes

/// Explains one pair of clouds, both ways, step by step.
///
/// - Parameters:
///   - intents: as in `verify`, and so are the others.
///   - verdicts: the verdicts of the same moment: a leak into a VRF shows in these only.
/// - Throws: `PairQuestionError`
package func explain(
    _ question: PairQuestion, intents: [GatewayID: GatewayIntent], vpns: [VPNName: VPN] = [:], rollout: Rollout,
    observations: [GatewayID: GatewayObservation], verdicts: [PairVerdict], now: Int64
) throws(PairQuestionError) -> PairExplanation {
    let view = FederationView(intents)
    func side(_ cloud: CloudName, _ vpn: VPNName) -> CloudInVPN {
        CloudInVPN(
            cloud: cloud,
            sites: view.members[vpn, default: [:]][cloud, default: []].compactMap { id in
                guard let intent = intents[id], let own = intent.vpns[vpn] else { return nil }
                return GatewayInVPN(id: id, base: intent.base, intent: own, rollout: rollout, observation: observations[id], now: now)
            })
    }

    let from = question.from.cloud
    let to = question.to.cloud
    var candidates: [(vpn: VPNName, from: CloudInVPN, to: CloudInVPN)] = []
    for vpn in (question.vpn.map { [$0] } ?? view.members.keys.sorted()) where from != to {
        guard let clouds = view.members[vpn], clouds[from] != nil, clouds[to] != nil else { continue }
        let sides = (side(from, vpn), side(to, vpn))
        if !sides.0.imports.isDisjoint(with: sides.1.exports) { candidates.append((vpn, sides.0, sides.1)) }
    }
    guard !candidates.isEmpty else { throw .notConnected(from: from, to: to, vpn: question.vpn) }
    for end in [question.to, question.from] {
        let holding = candidates.filter { candidate in end.isHeld(by: end == question.to ? candidate.to : candidate.from) }
        guard !holding.isEmpty else { throw .noPrefix(end, candidates.map(\.vpn)) }
        candidates = holding
    }
    guard candidates.count == 1 else { throw .ambiguous(candidates.map(\.vpn)) }
    let found = candidates[0]
    let received = (found.from.sites + found.to.sites).reduce(into: [GatewayID: ReceivedIndex]()) { received, site in
        received[site.id] = observations[site.id].map { ReceivedIndex($0.report.received, moments: $0.moments.received) }
    }

    func walk(_ end: PairQuestion.End, _ origin: CloudInVPN, _ viewer: CloudInVPN) throws(PairQuestionError) -> PairWalk {
        let judge = PairJudge(
            vpn: found.vpn, origin: origin, viewer: viewer, view: view, shared: SharedPrefixes(vpns[found.vpn]),
            received: received)
        let whole = verdicts.first { $0.vpn == found.vpn && $0.origin == origin.cloud && $0.viewer == viewer.cloud }
        return try PairWalk(of: end, judge: judge, whole: whole, now: now)
    }
    let forth = try walk(question.to, found.to, found.from)
    guard !found.to.imports.isDisjoint(with: found.from.exports) else { return PairExplanation(forth: forth, back: nil) }
    return PairExplanation(forth: forth, back: try walk(question.from, found.from, found.to))
}

extension PairQuestion.End {
    /// The longest of these prefixes that holds the address; nil: none does, or there is no address.
    fileprivate func prefix(among prefixes: [IPPrefix]) -> IPPrefix? {
        address.flatMap { address in prefixes.filter { $0.contains(address) }.max { $0.length < $1.length } }
    }

    fileprivate func isHeld(by side: CloudInVPN) -> Bool {
        address == nil || prefix(among: side.expected.isEmpty ? side.lastExpected : side.expected) != nil
    }
}

extension PairWalk {
    fileprivate init(
        of end: PairQuestion.End, judge: PairJudge, whole: PairVerdict?, now: Int64
    ) throws(PairQuestionError) {
        let all = judge.verdict()
        var prefix = end.prefix(among: all.prefixes.map(\.prefix))
        if prefix == nil, let denied = end.prefix(among: judge.origin.expected) {
            throw .denied(end, denied, by: judge.viewer.cloud, judge.vpn)
        }
        // Without an address: one that breaks first, if any is broken, as it shows most.
        let shown = all.broken.isEmpty ? all.prefixes : all.broken
        let alike = shown.filter { $0.state == all.state }
        prefix = prefix ?? (alike.isEmpty ? shown : alike).min { ($0.brokenAt?.order ?? 0) < ($1.brokenAt?.order ?? 0) }?.prefix
        // Without an address, the whole pair is asked about, and the prefix is an example.
        var verdict = end.address == nil ? all : prefix.map { judge.verdict(only: $0) } ?? all
        // What is in the VRF and should not be shows in the whole verdict only, and so does an origin that is silent about what it sends.
        let isBroken = all.state == .failed || all.state == .unknown
        if let whole, whole.cause?.catalogued?.isUnwelcome ?? false || !isBroken && whole.state != all.state {
            verdict.state = whole.state
            verdict.cause = whole.cause
        }
        let evidence = StepEvidence(judge: judge, prefix: prefix, now: now)
        let broken =
            verdict.cause?.step.order
            ?? (prefix == nil ? RouteStep.attached.order + 1 : verdict.state == .programmed ? RouteStep.probed.order : .max)
        let steps = RouteStep.allCases.map { step in
            // Packets pass there, if not all.
            if step.order == broken, verdict.state == .degraded, let cause = verdict.cause {
                return WalkedStep(step: step, state: .passed, evidence: [cause.sentence])
            }
            if step.order < broken { return WalkedStep(step: step, state: .passed, evidence: evidence.lines(of: step)) }
            guard step.order == broken, let cause = verdict.cause else { return WalkedStep(step: step, state: .unchecked, evidence: []) }
            return WalkedStep(step: step, state: verdict.state == .unknown ? .unknown : .broken, evidence: [cause.sentence])
        }
        self.init(
            vpn: judge.vpn, origin: judge.origin.cloud, viewer: judge.viewer.cloud, prefix: prefix, prefixes: all.prefixes.count,
            state: verdict.state, cause: verdict.cause, steps: steps)
    }
}

extension CauseCode {
    /// Routes that may not be there, whatever becomes of those that may.
    fileprivate var isUnwelcome: Bool { self == .intruder || self == .foreignRouteImported || self == .unjoinedRouteImported }
}
