import FederationAPI
import FederationModel
import NetworkTypes
import Verification

extension FederationSelection {
    func cut(_ intent: GatewayIntent) -> GatewayIntent {
        var intent = intent
        intent.vpns = intent.vpns.filter { includes($0.key) }
        return intent
    }

    /// What makes a received route the VPN's: one of its distinguishers, or a target that it imports. Somebody else's route may have only the
    /// latter, and is in its VRF all the same.
    struct Marks {
        fileprivate var distinguishers: Set<RouteDistinguisher>
        fileprivate var imports: Set<RouteTarget>

        fileprivate func mark(_ route: ReceivedRoute) -> Bool {
            distinguishers.contains(route.routeDistinguisher) || !imports.isDisjoint(with: route.routeTargets)
        }
    }

    /// Nil for all.
    func marks(in intents: [GatewayID: GatewayIntent]) -> Marks? {
        guard let vpn else { return nil }
        let bindings = intents.values.compactMap { $0.vpns[vpn] }.flatMap(\.bindings)
        return Marks(distinguishers: Set(bindings.map(\.routeDistinguisher)), imports: Set(bindings.flatMap(\.importTargets)))
    }

    func cut(_ observation: GatewayObservation, to marks: Marks?) -> GatewayObservation {
        guard let marks else { return observation }
        var observation = observation
        observation.report.vpns = observation.report.vpns.filter { includes($0.key) }
        observation.report.received = observation.report.received.filter(marks.mark)
        return observation
    }
}

extension GatewayObservation {
    /// Without VPNs that the gateway is no longer to have.
    func within(_ intent: GatewayIntent?) -> GatewayObservation {
        var observation = self
        observation.report.vpns = observation.report.vpns.filter { intent?.vpns[$0.key] != nil }
        return observation
    }
}
