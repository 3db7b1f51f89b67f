import FederationModel
import NetworkTypes

/// Judges every shared network and every ordered pair of its clouds that its policy joins.
///
/// A pair is joined where the viewer is to import something that the origin is to export. A pair that is not joined has nothing
/// to prove and gets no verdict; a pair that is joined one way is judged that way. What a verdict says is of traffic from the
/// viewer to the origin's prefixes, steering and NAT at the viewer included; the way back is the verdict of the reverse pair.
///
/// - Parameters:
///   - intents: the compiled graph, one intent per gateway.
///   - vpns: the graph's VPNs, for the prefixes that more than one cloud may have; without them, none may.
///   - testimonies: what is known of each gateway; a missing one is a gateway never heard.
///   - changedAt: when what gateways are to do in a VPN last changed, in milliseconds since 1970; one that is left out, long ago.
///   - now: milliseconds since 1970 by the clock that stamped the testimonies.
/// - Returns: one verdict per VPN and ordered pair that is joined, sorted by VPN, origin and viewer; and beyond these one
///   failed verdict for each other cloud whose routes are in the VPN's VRFs. Where it is not known whose they are, and the viewer is in no pair,
///   that verdict is of the viewer with itself.
package func verify(
    intents: [GatewayID: GatewayIntent], vpns: [VPNName: VPN] = [:], testimonies: [GatewayID: Testimony],
    changedAt: [VPNName: Int64] = [:], now: Int64
) -> [PairVerdict] {
    let view = FederationView(intents)
    let received = testimonies.mapValues { ReceivedIndex($0.report.received) }
    var verdicts: [PairVerdict] = []

    for (name, clouds) in view.members.sorted(by: { $0.key < $1.key }) {
        let sides = clouds.sorted { $0.key < $1.key }.map { cloud, gateways in
            Side(
                cloud: cloud,
                sites: gateways.compactMap { id in
                    guard let intent = intents[id], let vpn = intent.vpns[name] else { return nil }
                    return Site(
                        id: id, base: intent.base, intent: vpn, testimony: testimonies[id],
                        received: received[id] ?? ReceivedIndex([]), now: now)
                })
        }
        let joins = Joins(sides)
        let shared = SharedPrefixes(vpns[name])
        let search = IntruderSearch(
            vpn: name, sides: sides, view: view, external: ExternalOrigins(vpns[name]), testimonies: testimonies,
            changedAt: changedAt[name] ?? 0, now: now)
        for viewer in sides {
            let origins = joins.origins(of: viewer).map { sides[$0] }
            var leaks = foreignRoutes(in: viewer, of: origins, view: view)
            let findings = search.findings(at: viewer)
            var charges = IntruderCharges(findings.intruders)
            func condemn(_ verdict: inout PairVerdict, for intruders: [Intruder]) {
                guard !intruders.isEmpty else { return }
                verdict.condemn(Cause(intruders: intruders, in: name, at: viewer.sites, view: view))
                verdict.intruders = Array(intruders.prefix(PairVerdict.intruderLimit))
            }
            for origin in origins where origin.cloud != viewer.cloud {
                var verdict = PairJudge(vpn: name, origin: origin, viewer: viewer, view: view, shared: shared, now: now).verdict()
                if let site = origin.sites.first(where: { findings.doubts.contains($0.id) }) { verdict.doubt(site, at: now) }
                condemn(&verdict, for: charges.take(against: origin))
                if let leak = leaks.removeValue(forKey: origin.cloud) { verdict.condemn(leak) }
                verdicts.append(verdict)
            }
            let strangers = charges.rest(of: viewer.cloud, isAlone: !origins.contains { $0.cloud != viewer.cloud })
            for cloud in Set(leaks.keys).union(strangers.keys) {
                var verdict = PairVerdict(
                    vpn: name, origin: cloud, viewer: viewer.cloud, state: .failed, cause: nil, counts: StepCounts(), prefixes: [])
                condemn(&verdict, for: strangers[cloud] ?? [])
                if let leak = leaks[cloud] { verdict.condemn(leak) }
                verdicts.append(verdict)
            }
        }
    }
    return verdicts.sorted { ($0.vpn, $0.origin, $0.viewer) < ($1.vpn, $1.origin, $1.viewer) }
}

extension PairVerdict {
    /// A leak outweighs whatever else is wrong with a pair: it is the one failure that harms a third party.
    fileprivate mutating func condemn(_ leak: Cause) {
        state = .failed
        cause = leak
    }

    /// The origin has routes at the viewer that it cannot be asked about: what seems well is not known to be.
    fileprivate mutating func doubt(_ origin: Site, at now: Int64) {
        guard state == .ok || state == .empty else { return }
        state = .unknown
        cause = Cause(silenceOf: origin, at: now)
    }
}
