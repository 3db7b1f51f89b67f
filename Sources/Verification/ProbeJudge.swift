import FederationModel
import NetworkTypes

/// Steps 11 and 12: whether packets go where the routes lead, and come back. It judges only prefixes whose routes are good.
///
/// A probe takes the way of the viewer's packets to the origin's gateway and of the answers: VRF, router MAC, forwarding entry, underlay, filters
/// of VXLAN. Others go on through the origin's router, and as theirs through the viewer's: firewall, hand-off, flows, OVN. What lies behind the
/// routers is not on it.
struct ProbeJudge {
    /// From a gateway of the viewer to another cloud's, in one family.
    private struct Way: Hashable {
        var viewer: GatewayID
        var vtep: IPv4Address
        var family: AddressFamily
    }

    enum Finding {
        /// Packets come back.
        case good
        /// Nobody sends there, so that nothing is to be proven.
        case needless
        case notProbed
        case bad(Cause)

        fileprivate var passes: Bool {
            switch self {
            case .good: true
            case .bad(let cause): cause.state == .degraded
            case .needless, .notProbed: false
            }
        }

        /// Which of two outweighs the other where a prefix has several ways.
        fileprivate var weight: Int {
            switch self {
            case .needless: 0
            case .good: 1
            case .notProbed: 2
            case .bad(let cause):
                switch cause.state {
                case .degraded: 3
                case .unknown: 4
                default: 5
                }
            }
        }
    }

    private let judge: PairJudge
    private let viewers: [GatewayInVPN]

    init(_ judge: PairJudge) {
        self.judge = judge
        viewers = judge.viewer.hosting.isEmpty ? judge.viewer.deciding : judge.viewer.hosting
    }

    /// The verdict by routes, and by packets.
    func judged(_ verdict: PairVerdict) -> PairVerdict {
        if let unattended = unattended(verdict) { return unattended }
        guard verdict.prefixes.contains(where: { $0.state == .ok }) else { return verdict }
        var verdict = verdict
        var known: [Way: Finding] = [:]
        var causes: [Cause] = []
        var (proven, unproven) = (0, 0)
        for place in verdict.prefixes.indices where verdict.prefixes[place].state == .ok {
            switch finding(verdict.prefixes[place].prefix, &known) {
            case .good:
                proven += 1
                verdict.counts.probed += 1
                verdict.counts.returned += 1
            case .needless: verdict.prefixes[place].state = .programmed
            case .notProbed:
                verdict.prefixes[place].state = .programmed
                unproven += 1
            case .bad(let cause):
                let state = cause.state
                verdict.prefixes[place].state = state
                if state != .degraded { verdict.prefixes[place].brokenAt = cause.step }
                if cause.step == .returned { verdict.counts.probed += 1 }
                if state == .degraded { verdict.counts.returned += 1 }
                causes.append(cause)
            }
        }
        let order: [VerdictState] = [.failed, .unknown, .degraded]
        let worst = order.first { state in causes.contains { $0.state == state } }
        // A failure is known, whatever else is not.
        guard verdict.state == .ok || verdict.state == .unknown && worst == .failed else { return verdict }
        if let state = worst, var cause = causes.filter({ $0.state == state }).min(by: { $0.step.order < $1.step.order }) {
            verdict.state = state
            let share = "\(verdict.prefixes.count { $0.state == .failed }) of \(verdict.prefixes.count)"
            if state == .failed { cause.evidence.append("\(share) prefixes do not arrive") }
            verdict.cause = cause
        } else if unproven > 0 || proven == 0 {
            verdict.state = .programmed
        }
        return verdict
    }

    /// FRR is gone at one end, and what it installed stands: packets pass, and nobody looks after their routes any more. Nil: it is otherwise.
    private func unattended(_ verdict: PairVerdict) -> PairVerdict? {
        guard verdict.cause?.catalogued == .frrUnreachable, !verdict.prefixes.isEmpty,
            // What others have not heard for too long proves nothing.
            (judge.origin.deciding + judge.viewer.deciding).allSatisfy({ $0.silent.allSatisfy { $0.source == .routing } })
        else { return nil }
        var known: [Way: Finding] = [:]
        let forwards = verdict.prefixes.map(\.prefix).allSatisfy { prefix in
            guard viewers.allSatisfy({ stands(prefix, at: $0) }), case .good = finding(prefix, &known) else { return false }
            return true
        }
        guard forwards else { return nil }
        var verdict = verdict
        verdict.state = .degraded
        for place in verdict.prefixes.indices { (verdict.prefixes[place].state, verdict.prefixes[place].brokenAt) = (.degraded, nil) }
        let all = verdict.prefixes.count
        (verdict.counts.installed, verdict.counts.steered) = (all, all)
        (verdict.counts.probed, verdict.counts.returned) = (all, all)
        verdict.cause?.evidence.append(
            "packets of all \(all) prefixes pass by what stands in the kernel; no change of routes is seen or made any more")
        return verdict
    }

    /// Whether the kernel and the switch still lead there.
    private func stands(_ prefix: IPPrefix, at viewer: GatewayInVPN) -> Bool {
        let vteps = judge.origin.vteps
        return viewer.installed[prefix, default: []].contains { vteps.contains($0.nextHop.withoutMapping) && $0.tunnelReady }
            && viewer.steered.contains(prefix) && (prefix.family == .ipv6 || viewer.exempted.contains(prefix))
            && viewer.diversion(of: prefix) == nil && viewer.unanswered(to: prefix) == nil
    }

    private func finding(_ prefix: IPPrefix, _ known: inout [Way: Finding]) -> Finding {
        var worst = Finding.needless
        for viewer in viewers {
            // Without a route of its own it does not send there: the prefix is its own, or another's.
            for vtep in nextHops(of: prefix, at: viewer) {
                let way = Way(viewer: viewer.id, vtep: vtep, family: prefix.family)
                var found = known[way] ?? finding(of: way, viewer)
                known[way] = found
                // Where packets do not come as far, or that is not known, nothing is said of what lies behind.
                if found.passes, let behind = findingBehind(way, viewer, prefix), behind.weight > found.weight { found = behind }
                if found.weight > worst.weight { worst = found }
            }
        }
        return worst
    }

    /// The origin's gateways that it sends to; where there is none, whoever has the prefix too.
    private func nextHops(of prefix: IPPrefix, at viewer: GatewayInVPN) -> [IPv4Address] {
        let all = viewer.installed[prefix, default: []].compactMap { route in
            if case .v4(let vtep) = route.nextHop.withoutMapping { vtep } else { nil }
        }
        let ours = all.filter { vtep in judge.origin.sites.contains { $0.base.vtep == vtep } }
        return ours.isEmpty ? all : ours
    }

    /// Through the routers at both ends: traffic needs both, whichever half of each it is that is lost.
    private func findingBehind(_ way: Way, _ viewer: GatewayInVPN, _ prefix: IPPrefix) -> Finding? {
        guard let far = judge.origin.sites.first(where: { $0.base.vtep == way.vtep }) else { return nil }
        let there = RouterLoss(of: viewer, through: far, way.family).flatMap { $0.concerns(prefix) ? $0.finding(at: .probed) : nil }
        let here = RouterLoss(of: far, through: viewer, way.family).flatMap {
            $0.isOnly ? $0.finding(at: .returned) : nil
        }
        return [there, here].compactMap(\.self).max { $0.weight < $1.weight }
    }

    private func finding(of way: Way, _ viewer: GatewayInVPN) -> Finding {
        guard let report = viewer.probes(to: way.vtep, way.family) else {
            return viewer.families.contains(way.family) ? .notProbed : .needless
        }
        let far = judge.origin.sites.first { $0.base.vtep == way.vtep }
        func lost(_ size: KeyPath<ProbeReport, ProbeReport.Part>) -> Finding {
            // What another cloud's gateway says is not at hand here.
            guard let far else { return .notProbed }
            return ProbeLoss(viewer, far, report, size).finding
        }
        switch report.small.outcome {
        case .waiting: return .notProbed
        case .lost: return lost(\.small)
        case .returned, .lossy: break
        }
        switch report.large.outcome {
        case .waiting: return .notProbed
        case .lost: return lost(\.large)
        case .returned, .lossy: break
        }
        // The viewer may have lost nothing yet, or have been answered by somebody else: a round trip of the far gateway takes the same way.
        if let far, let reverse = far.probes(to: viewer.base.vtep, way.family) {
            for size in [\ProbeReport.small, \.large] where reverse[keyPath: size].outcome == .lost {
                return ProbeLoss(far, viewer, reverse, size).finding
            }
        }
        guard report.small.outcome == .lossy || report.large.outcome == .lossy else { return .good }
        return .bad(Cause(lossy: report, viewer, far?.id.description ?? way.vtep.description))
    }
}

extension GatewayInVPN {
    /// What it found on the way to another gateway; nil: it does not probe it.
    func probes(to vtep: IPv4Address, _ family: AddressFamily) -> ProbeReport? { probes[vtep]?.first { $0.family == family } }
}
