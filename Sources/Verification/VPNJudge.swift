import FederationModel
import NetworkTypes

/// Judges one VPN, viewer by viewer. What it finds out about a viewer can be kept, and put together with what is found out later.
struct VPNJudge {
    let vpn: VPNName
    /// Sorted.
    let sides: [CloudInVPN]
    let joins: Joins
    let surroundings: Surroundings
    private let shared: SharedPrefixes
    private let search: IntruderSearch

    /// - Parameters:
    ///   - graph: The VPN as it stands in the graph; nil if it does not.
    ///   - changedAt: The last change of its intents, in milliseconds since 1970.
    init(
        _ vpn: VPNName, _ graph: VPN?, sides: [CloudInVPN], joins: Joins, surroundings: Surroundings, changedAt: Int64, now: Int64
    ) {
        self.vpn = vpn
        self.sides = sides
        self.joins = joins
        self.surroundings = surroundings
        shared = SharedPrefixes(graph)
        search = IntruderSearch(
            vpn: vpn, sides: sides, surroundings: surroundings, external: ExternalOrigins(graph), changedAt: changedAt, now: now,
            distinguishers: joins.distinguishers)
    }

    /// Whether packets to a prefix of the cloud may rightly go to another one, which has it too.
    func isShared(_ origin: Int) -> Bool { !shared.isEmpty || sides[origin].sites.contains { !$0.intent.originated.isEmpty } }

    /// The positions of the clouds that the viewer has a pair with, as origins.
    func origins(of viewer: Int) -> [Int] { joins.origins(of: sides[viewer]).filter { sides[$0].cloud != sides[viewer].cloud } }

    /// Whether the origin's prefixes reach the viewer; routes that should not be there are not looked at.
    ///
    /// - Parameter former: what is known of them; nil: all are followed.
    func reach(from origin: Int, to viewer: Int, after former: CompletePrefixes? = nil) -> PairVerdict {
        PairJudge(
            vpn: vpn, origin: sides[origin], viewer: sides[viewer], view: surroundings.view, shared: shared,
            received: surroundings.received
        ).verdict(after: former)
    }

    func findings(at viewer: Int) -> IntruderSearch.Findings { search.findings(at: sides[viewer]) }

    func foreign(at viewer: Int) -> ForeignRoutes {
        foreignRoutes(in: sides[viewer], of: joins.origins(of: sides[viewer]).map { sides[$0] }, surroundings)
    }

    // MARK: What changed only

    /// Whether routes of these prefixes in a gateway's VRF leave findings as they are that were not unusual before.
    func isUsual(_ prefixes: some Sequence<IPPrefix>, at site: GatewayInVPN, of viewer: Int) -> Bool {
        guard site.report != nil else { return true }
        let received = surroundings.received(by: site.id)
        return prefixes.allSatisfy { prefix in
            guard let imported = site.imported[prefix] else { return site.installed[prefix] == nil }
            return copies(imported).allSatisfy { nextHop, copies in
                guard let sender = surroundings.view.gatewaysByVTEP[nextHop], isOrigin(sender.cloud, of: viewer) else { return false }
                return received.count(prefix, of: joins.distinguishers[nextHop] ?? [], via: nextHop) >= copies
            }
        }
    }

    /// What is found where nothing was unusual before, and only a gateway now announces these prefixes, or does not any more.
    func findings(at viewer: Int, of prefixes: Set<IPPrefix>, from source: GatewayInVPN) -> IntruderSearch.Findings {
        search.findings(at: sides[viewer], of: prefixes, from: source)
    }

    /// Whether routes that a gateway now receives leave findings as they are that were not unusual before.
    func isUsual(_ routes: [ReceivedRoute], at site: GatewayInVPN) -> Bool { search.isUsual(routes, at: site) }

    private func isOrigin(_ cloud: CloudName, of viewer: Int) -> Bool {
        joins.origins(of: sides[viewer]).contains { sides[$0].cloud == cloud }
    }

    /// The verdicts of one viewer, by origin.
    ///
    /// - Parameter reach: of each origin of the viewer.
    func verdicts(
        at viewer: Int, reach: [(origin: Int, verdict: PairVerdict)], findings: IntruderSearch.Findings, foreign: ForeignRoutes
    ) -> [PairVerdict] {
        let side = sides[viewer]
        var leaks = foreign.causes
        var charges = IntruderCharges(findings.intruders)
        func condemn(_ verdict: inout PairVerdict, for intruders: [Intruder]) {
            guard !intruders.isEmpty else { return }
            verdict.condemn(Cause(intruders: intruders, in: vpn, at: side.sites, view: surroundings.view))
            verdict.intruders = Array(intruders.prefix(PairVerdict.intruderLimit))
        }
        var verdicts = reach.map { pair in
            let origin = sides[pair.origin]
            var verdict = pair.verdict
            if let site = origin.sites.first(where: { findings.doubts.contains($0.id) }) { verdict.doubt(site) }
            condemn(&verdict, for: charges.take(against: origin))
            if let leak = leaks.removeValue(forKey: origin.cloud) { verdict.condemn(leak) }
            return verdict
        }
        let strangers = charges.rest(of: side.cloud, isAlone: reach.isEmpty)
        guard !leaks.isEmpty || !strangers.isEmpty else { return verdicts }
        for cloud in Set(leaks.keys).union(strangers.keys) {
            var verdict = PairVerdict(
                vpn: vpn, origin: cloud, viewer: side.cloud, state: .failed, cause: nil, counts: StepCounts(), prefixes: [])
            condemn(&verdict, for: strangers[cloud] ?? [])
            if let leak = leaks[cloud] { verdict.condemn(leak) }
            verdicts.append(verdict)
        }
        return verdicts.sorted { $0.origin < $1.origin }
    }
}

extension PairVerdict {
    /// A leak outweighs every other fault of a pair: it is the only failure that harms a third party.
    fileprivate mutating func condemn(_ leak: Cause) {
        state = .failed
        cause = leak
    }

    /// The origin is silent about its routes at the viewer: an apparent success is not known to be one.
    fileprivate mutating func doubt(_ origin: GatewayInVPN) {
        guard state != .failed, state != .unknown else { return }
        state = .unknown
        cause = Cause(silenceOf: origin)
    }
}
