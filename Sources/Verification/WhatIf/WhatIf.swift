import FederationModel

/// What an outage would do to the pairs of the federation; nothing is touched. Pairs that it leaves alone are not in the answer.
///
/// - Parameters:
///   - verdicts: of now: what does not work now cannot be lost.
///   - intents: which gateways could take a VPN over.
///   - observations: which gateways host it now, and which of them are heard.
///   - now: milliseconds since 1970.
/// - Returns: by VPN, origin and viewer, as the verdicts are.
package func impacts(
    of outage: Outage, on verdicts: [PairVerdict], intents: [GatewayID: GatewayIntent], observations: [GatewayID: GatewayObservation],
    now: Int64
) -> [Impact] {
    let failure = Failure(outage, intents: intents, observations: observations, now: now)
    return verdicts.compactMap { verdict in
        guard verdict.state != .empty, verdict.state != .waiting, verdict.origin != verdict.viewer,
            var (effect, reason) = failure.effect(on: verdict)
        else {
            return nil
        }
        if verdict.state == .failed || verdict.state == .unknown {
            effect = .broken
            reason = "it is \(verdict.state.rawValue) already: \(verdict.cause?.code ?? "no cause")"
        }
        return Impact(vpn: verdict.vpn, origin: verdict.origin, viewer: verdict.viewer, effect: effect, reason: reason)
    }
}

/// An outage, with what is left beside it.
private struct Failure {
    let outage: Outage
    private let intents: [GatewayID: GatewayIntent]
    private let observations: [GatewayID: GatewayObservation]
    private let now: Int64

    init(_ outage: Outage, intents: [GatewayID: GatewayIntent], observations: [GatewayID: GatewayObservation], now: Int64) {
        self.outage = outage
        self.intents = intents
        self.observations = observations
        self.now = now
    }

    /// Nil: none.
    func effect(on pair: PairVerdict) -> (effect: Impact.Effect, reason: String)? {
        switch outage {
        case .cloud(let cloud):
            return pair.origin == cloud || pair.viewer == cloud ? (.lost, "\(cloud) is down") : nil
        case .link(let a, let b):
            return Set([a, b]) == [pair.origin, pair.viewer] ? (.lost, "the two clouds do not reach each other’s VTEPs") : nil
        case .gateway(let gateway):
            guard pair.origin == gateway.cloud || pair.viewer == gateway.cloud else { return nil }
            return effect(of: gateway, in: pair.vpn)
        }
    }

    private func effect(of gateway: GatewayID, in vpn: VPNName) -> (effect: Impact.Effect, reason: String)? {
        guard intents[gateway]?.vpns[vpn] != nil else { return nil }
        guard hosts(gateway, vpn) else { return nil }
        let others = intents.keys.filter { $0 != gateway && $0.cloud == gateway.cloud && intents[$0]?.vpns[vpn] != nil }.sorted()
        let heard = others.filter { observations[$0].map { $0.connected && !$0.isStale(at: now) } ?? false }
        if let first = heard.first {
            return (
                .moved,
                "OVN has to move its gateway port to \(first)\(heard.count > 1 ? " or another gateway" : ""), if the router may go there"
            )
        }
        return (.lost, others.isEmpty ? "\(gateway.cloud) has no other gateway" : "no other gateway of \(gateway.cloud) is heard")
    }

    /// Whether a router of the VPN has its gateway port there; where nothing current is known, it may.
    private func hosts(_ gateway: GatewayID, _ vpn: VPNName) -> Bool {
        guard let observation = observations[gateway], !observation.isStale(at: now), let report = observation.report.vpns[vpn] else {
            return true
        }
        return report.attachments.contains { $0.hostedHere }
    }
}
