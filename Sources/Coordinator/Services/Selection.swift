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

    /// The route distinguishers of the VPN; nil for all.
    func distinguishers(in intents: [GatewayID: GatewayIntent]) -> Set<RouteDistinguisher>? {
        guard let vpn else { return nil }
        return Set(intents.values.compactMap { $0.vpns[vpn] }.flatMap(\.bindings).map(\.routeDistinguisher))
    }

    func cut(_ testimony: Testimony, to distinguishers: Set<RouteDistinguisher>?) -> Testimony {
        guard let distinguishers else { return testimony }
        var testimony = testimony
        testimony.report.vpns = testimony.report.vpns.filter { includes($0.key) }
        testimony.report.received = testimony.report.received.filter { distinguishers.contains($0.routeDistinguisher) }
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
