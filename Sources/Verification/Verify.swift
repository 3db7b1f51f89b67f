import Federation
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
///   - now: milliseconds since 1970 by the clock that stamped the testimonies.
/// - Returns: one verdict per VPN and ordered pair that is joined, sorted by VPN, origin and viewer; and beyond these one
///   failed verdict for each other cloud whose routes leaked into the VPN's VRFs.
package func verify(
    intents: [GatewayID: GatewayIntent], vpns: [VPNName: VPN] = [:], testimonies: [GatewayID: Testimony], now: Int64
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
        for viewer in sides {
            let origins = joins.origins(of: viewer).map { sides[$0] }
            var leaks = foreignRoutes(in: viewer, of: origins, view: view)
            for origin in origins where origin.cloud != viewer.cloud {
                var verdict = PairJudge(vpn: name, origin: origin, viewer: viewer, view: view, shared: shared, now: now).verdict()
                if let leak = leaks.removeValue(forKey: origin.cloud) { verdict.condemn(leak) }
                verdicts.append(verdict)
            }
            for (cloud, leak) in leaks {
                var verdict = PairVerdict(
                    vpn: name, origin: cloud, viewer: viewer.cloud, state: .failed, cause: nil, counts: StepCounts(), prefixes: [])
                verdict.condemn(leak)
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
}
