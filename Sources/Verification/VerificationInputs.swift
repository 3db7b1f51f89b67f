import FederationModel

/// All that verdicts are made of, as of one moment: the same inputs give the same verdicts, anywhere.
package struct VerificationInputs: Hashable, Sendable, Codable {
    package var intents: [GatewayID: GatewayIntent]
    package var vpns: [VPNName: VPN]
    package var rollout: Rollout
    package var observations: [GatewayID: GatewayObservation]
    /// The last change of each VPN's intents; a missing one is long ago.
    package var changedAt: [VPNName: Int64]
    /// Milliseconds since 1970 by the coordinator's clock.
    package var now: Int64

    package init(
        intents: [GatewayID: GatewayIntent], vpns: [VPNName: VPN], rollout: Rollout, observations: [GatewayID: GatewayObservation],
        changedAt: [VPNName: Int64], now: Int64
    ) {
        self.intents = intents
        self.vpns = vpns
        self.rollout = rollout
        self.observations = observations
        self.changedAt = changedAt
        self.now = now
    }

    package func verdicts() -> [PairVerdict] {
        verify(intents: intents, vpns: vpns, rollout: rollout, observations: observations, changedAt: changedAt, now: now)
    }

    /// - Parameter vpns: nil: all.
    package func isolation(of vpns: Set<VPNName>?) -> IsolationProof {
        proveIsolation(intents: intents, vpns: self.vpns, observations: observations, of: vpns, now: now)
    }

    /// - Parameter verdicts: of the same moment; nil: they are made here.
    /// - Throws: `PairQuestionError`
    package func explanation(_ question: PairQuestion, verdicts: [PairVerdict]? = nil) throws(PairQuestionError) -> PairExplanation {
        try explain(
            question, intents: intents, vpns: vpns, rollout: rollout, observations: observations, verdicts: verdicts ?? self.verdicts(),
            now: now)
    }
}
