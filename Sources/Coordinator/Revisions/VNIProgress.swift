import FederationAPI
import FederationModel
import NetworkTypes

extension Revision {
    /// By VPN.
    ///
    /// - Parameter records: what agents have acknowledged. A gateway whose agent was never heard neither sends nor receives, and is not
    ///   waited for.
    package func vniProgress(_ records: [GatewayID: AgentRecord]) -> [VNIProgress] {
        ledger.vniChanges.sorted { $0.key < $1.key }.compactMap { vpn, change in
            guard let goal = ledger.vni(of: vpn) else { return nil }
            let waitsFor = intents.compactMap { gateway, intent -> GatewayID? in
                guard let version = intent.vpns[vpn]?.version, let record = records[gateway] else { return nil }
                let resource = record.resources[.vpn(vpn)]
                return resource?.applied == version && resource?.rejection?.version != version ? nil : gateway
            }
            return VNIProgress(
                vpn: vpn, sending: change.sending.vni, secondary: change.secondary.vni, goal: goal, waitsFor: waitsFor.sorted())
        }
    }
}
