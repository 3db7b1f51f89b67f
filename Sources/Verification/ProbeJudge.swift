import FederationModel
import NetworkTypes

/// Steps 11 and 12: whether packets go where the routes lead, and come back. It judges only prefixes whose routes are good.
///
/// A probe takes the way of the viewer's packets to the origin's gateway and of the answers: VRF, router MAC, forwarding entry, underlay, filters
/// of VXLAN. What lies behind the origin's gateway is not on it.
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

    private func finding(_ prefix: IPPrefix, _ known: inout [Way: Finding]) -> Finding {
        var worst = Finding.needless
        for viewer in viewers {
            // Without a route of its own it does not send there: the prefix is its own, or another's.
            for vtep in nextHops(of: prefix, at: viewer) {
                let way = Way(viewer: viewer.id, vtep: vtep, family: prefix.family)
                let found = known[way] ?? finding(of: way, viewer)
                known[way] = found
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
