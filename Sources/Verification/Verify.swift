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
    var sites: [VPNName: [GatewayID: GatewayInVPN]] = [:]
    for (id, intent) in intents {
        let observation = observations[id]
        for (name, vpn) in intent.vpns {
            sites[name, default: [:]][id] = GatewayInVPN(
                id: id, base: intent.base, intent: vpn, rollout: rollout, observation: observation, now: now)
        }
    }
    let surroundings = Surroundings(
        view: view, sites: sites,
        received: observations.mapValues { ReceivedIndex($0.report.received, moments: $0.moments.received) })
    var verdicts: [PairVerdict] = []
    for (name, clouds) in view.members.sorted(by: { $0.key < $1.key }) {
        let sides = clouds.sorted { $0.key < $1.key }.map { cloud, gateways in
            CloudInVPN(cloud: cloud, sites: gateways.compactMap { sites[name]?[$0] })
        }
        let judge = VPNJudge(
            name, vpns[name], sides: sides, joins: Joins(sides), surroundings: surroundings, changedAt: changedAt[name] ?? 0, now: now)
        for viewer in sides.indices {
            let reach = judge.origins(of: viewer).map { (origin: $0, verdict: judge.reach(from: $0, to: viewer)) }
            verdicts += judge.verdicts(
                at: viewer, reach: reach, findings: judge.findings(at: viewer), foreign: judge.foreign(at: viewer))
        }
    }
    return verdicts.sorted { ($0.vpn, $0.origin, $0.viewer) < ($1.vpn, $1.origin, $1.viewer) }
}
