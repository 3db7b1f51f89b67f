import FederationModel
import NetworkTypes

/// Follows a route of one VPN from one cloud to another, and stops at the first broken step.
struct PairJudge {
    let vpn: VPNName
    let origin: CloudInVPN
    let viewer: CloudInVPN
    let view: FederationView
    let shared: SharedPrefixes
    /// What gateways received, of all VPNs.
    let received: [GatewayID: ReceivedIndex]

    /// - Parameters:
    ///   - only: nil: all prefixes that the origin has for the viewer.
    ///   - former: what is known of them; nil: all are followed.
    func verdict(only: IPPrefix? = nil, after former: CompletePrefixes? = nil) -> PairVerdict {
        ProbeJudge(self).judged(verdictByRoutes(only, former))
    }

    /// Steps 1 to 10.
    private func verdictByRoutes(_ only: IPPrefix?, _ former: CompletePrefixes?) -> PairVerdict {
        if let cause = silence() {
            // Shows the last expected prefixes for information; none of them counts as known.
            let (wanted, denied) = filtered(origin.lastExpected, only)
            let prefixes = wanted.map { PrefixVerdict(prefix: $0, state: .unknown, brokenAt: cause.step) }
            return outcome(.unknown, cause, StepCounts(expected: prefixes.count, filtered: denied.count), prefixes)
        }
        let (wanted, denied) = filtered(origin.expected, only)
        var known = former
        let walks = wanted.map { known?.has($0) ?? false ? PrefixWalk(complete: $0) : PrefixWalk(prefix: $0, judge: self) }
        let counts = StepCounts(
            expected: walks.count, filtered: denied.count, advertised: walks.count { $0.passed(.advertised) },
            received: walks.count { $0.passed(.received) },
            imported: walks.count { $0.passed(.imported) }, installed: walks.count { $0.passed(.installed) },
            steered: walks.count { $0.passed(.steered) })
        let prefixes = walks.map(\.prefix)
        let broken = walks.compactMap(\.cause)
        let cause = earliest(earliest(commonCause(), smuggled(denied)), complaint(about: prefixes, before: walks))
        if let cause = silentSource(before: [cause].compactMap(\.self) + broken) ?? cause {
            // The pair is broken for all prefixes, even if a route still works.
            // An unknown problem proves neither failure nor success.
            return outcome(cause.state, cause, counts, prefixes.map { PrefixVerdict(prefix: $0, state: cause.state, brokenAt: cause.step) })
        }
        let verdicts = walks.map { PrefixVerdict(prefix: $0.prefix, state: $0.state, brokenAt: $0.cause?.step) }
        // A failure is known, whatever else is not.
        let failed = broken.filter { $0.state == .failed }
        let found = failed.isEmpty ? broken : failed
        guard var cause = found.min(by: { $0.step.order < $1.step.order }) else {
            return outcome(walks.isEmpty ? .empty : .ok, nil, counts, verdicts)
        }
        cause.evidence.append(
            "\(found.count) of \(walks.count) prefixes do not arrive" + (failed.isEmpty ? ", as far as is known" : ""))
        return outcome(cause.state, cause, counts, verdicts)
    }

    /// A problem reported by an agent that breaks an earlier step than the observed one.
    private func complaint(about prefixes: [IPPrefix], before walks: [PrefixWalk]) -> Cause? {
        let complaints =
            origin.deciding.compactMap { $0.complaint(about: prefixes, asOrigin: true) }
            + viewer.deciding.compactMap { $0.complaint(about: prefixes, asOrigin: false) }
        guard let complaint = complaints.min(by: { $0.step.order < $1.step.order }) else { return nil }
        let broken = walks.compactMap { $0.cause?.step.order }.min() ?? .max
        return complaint.step.order < broken ? complaint : nil
    }

    /// A source that says nothing any more, and on which the first step that is broken, or an earlier one, leans.
    private func silentSource(before others: [Cause]) -> Cause? {
        let silences =
            origin.deciding.compactMap { $0.silence(asOrigin: true) }
            + viewer.deciding.compactMap { $0.silence(asOrigin: false) }
        guard let silence = silences.min(by: { $0.step.order < $1.step.order }) else { return nil }
        return others.allSatisfy { silence.step.order <= $0.step.order } ? silence : nil
    }

    private func earliest(_ a: Cause?, _ b: Cause?) -> Cause? {
        guard let a, let b else { return a ?? b }
        return b.step.order < a.step.order ? b : a
    }

    private func outcome(_ state: VerdictState, _ cause: Cause?, _ counts: StepCounts, _ prefixes: [PrefixVerdict]) -> PairVerdict {
        PairVerdict(
            vpn: vpn, origin: origin.cloud, viewer: viewer.cloud, state: state, cause: cause, counts: counts, prefixes: prefixes)
    }

    /// A cause that breaks the pair for every prefix: the steps from the intent to the attachment.
    private func commonCause() -> Cause? {
        acknowledgement() ?? targetsApart()
            ?? origin.hosting.firstNonNil { site in ineffectiveOrigin(site)?.explained(by: site) }
            ?? viewer.hosting.firstNonNil { site in ineffectiveViewer(site)?.explained(by: site) }
            ?? detached(origin) ?? detached(viewer) ?? waiting()
    }

    /// The prefixes that the viewer should have, and those that its import filter denies.
    private func filtered(_ all: [IPPrefix], _ only: IPPrefix?) -> (wanted: [IPPrefix], denied: [IPPrefix]) {
        let prefixes = only.map { only in all.filter { $0 == only } } ?? all
        // All gateways of a cloud have the same filter of the VPN.
        guard let filter = viewer.sites.first?.intent.importFilter, !filter.isEmpty else { return (prefixes, []) }
        return (prefixes.filter { filter.permits($0) }, prefixes.filter { !filter.permits($0) })
    }

    /// Step 2. Nil if every deciding gateway has reported on this VPN.
    private func silence() -> Cause? {
        (origin.deciding + viewer.deciding).firstNonNil { site in
            guard site.report == nil else { return nil }
            return Cause(silenceOf: site)
        }
    }

    private func acknowledgement() -> Cause? {
        (origin.deciding + viewer.deciding).firstNonNil { site in
            Cause(unapplied: site.baseProgress, called: "the BGP base", by: site)
                ?? Cause(unapplied: site.progress, called: "VPN \(vpn)", by: site)
        }
    }
}

extension RouteStep {
    /// The position of the step: 0 for `intent`.
    var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Sequence {
    func firstNonNil<T>(_ transform: (Element) -> T?) -> T? {
        for element in self { if let value = transform(element) { return value } }
        return nil
    }
}

extension Sequence where Element: CustomStringConvertible {
    /// For messages: `64900:1 64900:2`, or `nothing`.
    var listed: String {
        let text = map(\.description).joined(separator: " ")
        return text.isEmpty ? "nothing" : text
    }
}
