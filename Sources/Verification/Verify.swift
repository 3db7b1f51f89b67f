import FederationModel
import NetworkTypes

/// Judges every VPN and every ordered pair of its clouds that its policy connects.
///
/// A pair is connected if the viewer should import something that the origin should export. An unconnected pair has nothing
/// to prove and gets no verdict; a one-way pair is judged one way. A verdict is about traffic from the
/// viewer to the origin's prefixes, including steering and NAT at the viewer; the way back is the reverse pair's verdict.
///
/// - Parameters:
///   - intents: The compiled graph, one intent per gateway.
///   - vpns: The graph's VPNs, for prefixes that several clouds may have; without them, none may.
///   - rollout: Who has applied what of the intents.
///   - observations: The latest report of each gateway; a missing one means that the gateway has never reported.
///   - changedAt: The last change of each VPN's intents, in milliseconds since 1970; a missing one means long ago.
///   - now: Milliseconds since 1970 by the clock of the observations.
/// - Returns: One verdict per VPN and connected ordered pair, sorted by VPN, origin and viewer; in addition one
///   failed verdict for each other cloud whose routes are in the VPN's VRFs. If their cloud is unknown and the viewer is in no pair,
///   the verdict is about the viewer with itself.
package func verify(
    intents: [GatewayID: GatewayIntent], vpns: [VPNName: VPN] = [:], rollout: Rollout, observations: [GatewayID: GatewayObservation],
    changedAt: [VPNName: Int64] = [:], now: Int64
) -> [PairVerdict] {
    let view = FederationView(intents)
    let received = observations.mapValues { ReceivedIndex($0.report.received) }
    var verdicts: [PairVerdict] = []

    for (name, clouds) in view.members.sorted(by: { $0.key < $1.key }) {
        let sides = clouds.sorted { $0.key < $1.key }.map { cloud, gateways in
            CloudInVPN(
                cloud: cloud,
                sites: gateways.compactMap { id in
                    guard let intent = intents[id], let vpn = intent.vpns[name] else { return nil }
                    return GatewayInVPN(
                        id: id, base: intent.base, intent: vpn, rollout: rollout, observation: observations[id],
                        received: received[id] ?? ReceivedIndex([]), now: now)
                })
        }
        let joins = Joins(sides)
        let shared = SharedPrefixes(vpns[name])
        let search = IntruderSearch(
            vpn: name, sides: sides, view: view, external: ExternalOrigins(vpns[name]), observations: observations,
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
    /// A leak outweighs every other fault of a pair: it is the only failure that harms a third party.
    fileprivate mutating func condemn(_ leak: Cause) {
        state = .failed
        cause = leak
    }

    /// The origin is silent about its routes at the viewer: an apparent success is not known to be one.
    fileprivate mutating func doubt(_ origin: GatewayInVPN, at now: Int64) {
        guard state == .ok || state == .empty else { return }
        state = .unknown
        cause = Cause(silenceOf: origin, at: now)
    }
}
