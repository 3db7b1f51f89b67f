import FederationAPI
import FederationModel
import NetworkTypes

extension Revision {
    /// Which gateways have applied the change, according to their agents.
    package func rollout(_ records: [GatewayID: AgentRecord]) -> Rollout { Rollout(of: intents, records.mapValues(\.resources)) }

    /// By VPN.
    package func vniProgress(_ rollout: Rollout) -> [VNIProgress] {
        ledger.vniChanges.sorted { $0.key < $1.key }.compactMap { vpn, change in
            guard let goal = ledger.vni(of: vpn) else { return nil }
            return VNIProgress(
                vpn: vpn, sending: change.sending.vni, secondary: change.secondary.vni, goal: goal,
                waitsFor: rollout.waiting(for: .vpn(vpn)))
        }
    }
}
