import Federation
import FederationAPI
import GRPCCore
import NetworkTypes
import Verification

/// The part of the federation that a caller asks for: one VPN or all, one cloud or all.
struct Selection {
    let vpn: VPNName?
    let cloud: CloudName?

    /// Empty texts mean all.
    /// - Throws: `RPCError` (invalid argument) where a text is no name.
    init(vpn: String, cloud: String) throws(RPCError) {
        do throws(ParseError) {
            self.vpn = vpn.isEmpty ? nil : try VPNName(parsing: vpn)
            self.cloud = cloud.isEmpty ? nil : try CloudName(parsing: cloud)
        } catch {
            throw RPCError(code: .invalidArgument, message: error.description)
        }
    }

    func includes(_ cloud: CloudName) -> Bool { self.cloud.map { $0 == cloud } ?? true }
    func includes(_ vpn: VPNName) -> Bool { self.vpn.map { $0 == vpn } ?? true }
    func includes(_ verdict: PairVerdict) -> Bool {
        includes(verdict.vpn) && (includes(verdict.origin) || includes(verdict.viewer))
    }

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

    func cut(_ testimony: Testimony, to marks: Marks?) -> Testimony {
        guard let marks else { return testimony }
        var testimony = testimony
        testimony.report.vpns = testimony.report.vpns.filter { includes($0.key) }
        testimony.report.received = testimony.report.received.filter(marks.mark)
        return testimony
    }
}

/// One gateway as `GetReports` shows it.
struct GatewayState {
    let gateway: GatewayID
    let isConnected: Bool
    let intent: GatewayIntent?
    let testimony: Testimony?

    /// One message, and more of the same gateway where its received routes do not fit.
    var messages: [WireGatewayState] {
        var first = WireGatewayState()
        first.gateway = WireGateway(gateway)
        first.connected = isConnected
        if let intent { first.intent = WireGatewayIntent(intent) }
        guard let testimony else { return [first] }
        first.receivedAtMilliseconds = testimony.receivedAt
        var report = testimony.report
        let chunks = ReceivedRoutesChunks.of(report.received).map { chunk -> [ReceivedRoute] in
            guard case .received(let routes, _, _) = chunk else { return [] }
            return routes
        }
        report.received = chunks.first ?? []
        first.report = WireGatewayReport(report)
        return [first]
            + chunks.dropFirst().map { routes in
                var more = WireGatewayState()
                more.gateway = first.gateway
                more.connected = isConnected
                more.report = WireGatewayReport(GatewayReport(received: routes))
                return more
            }
    }
}
