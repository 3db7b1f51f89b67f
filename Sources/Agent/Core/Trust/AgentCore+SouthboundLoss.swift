import FederationModel

/// A gateway that has not heard its southbound database for long may have lost its routers to another one, which advertises them too.
extension AgentCore {
    /// Milliseconds: longer than a restart of the database and the choice of a leader.
    package static let southboundPatience: Int64 = 30_000

    /// What is to be done about it now; nil: nothing.
    func southboundLoss(_ intent: GatewayIntent, at now: Int64) -> SouthboundLoss? {
        guard let silence = sources.silence(of: .southbound, at: now), silence >= Self.southboundPatience else { return nil }
        return intent.base.onSouthboundLoss
    }
}

extension GatewayIntent {
    /// The same, with routes that ask the others to prefer other ways.
    var drained: GatewayIntent {
        var intent = self
        intent.base.isDraining = true
        return intent
    }
}

extension Selection {
    /// Nothing of the routers here is advertised, and they do not count as hosted here. What comes is still delivered.
    mutating func withdraw() {
        for index in routers.indices { routers[index].advertised = [] }
        for vpn in attachments.keys {
            for index in attachments[vpn]?.indices ?? 0..<0 { attachments[vpn]?[index].hosted = [] }
        }
    }
}
