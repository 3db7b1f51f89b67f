import FederationAPI
import FederationModel
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

extension Testimony {
    /// Without VPNs that the gateway is no longer to have.
    func within(_ intent: GatewayIntent?) -> Testimony {
        var testimony = self
        testimony.report.vpns = testimony.report.vpns.filter { intent?.vpns[$0.key] != nil }
        return testimony
    }
}

/// One gateway as `GetReports` shows it.
struct GatewayState {
    let gateway: GatewayID
    let isConnected: Bool
    let intent: GatewayIntent?
    let testimony: Testimony?

    /// One message, and more of the same gateway for the rest of its report.
    var messages: [WireGatewayState] {
        var first = WireGatewayState()
        first.gateway = WireGateway(gateway)
        first.connected = isConnected
        if let intent { first.intent = WireGatewayIntent(intent) }
        guard let testimony else { return [first] }
        first.receivedAtMilliseconds = testimony.receivedAt
        let weight = testimony.report.vpns.values.reduce(
            ReportPart.Content.received(testimony.report.received, isFirst: true, isLast: true).weight
        ) {
            $0 + ReportPart.Content.vpn($1).weight
        }
        guard weight > VPNReportChunks.largest else {
            first.report = WireGatewayReport(testimony.report)
            return [first]
        }
        // In pieces that fit a message each: the node, the VPNs as many as fit, the received routes.
        first.report = WireGatewayReport(GatewayReport(base: testimony.report.base))
        var messages = [first]
        func add(_ report: GatewayReport) {
            var more = WireGatewayState()
            more.gateway = first.gateway
            more.connected = isConnected
            more.report = WireGatewayReport(report)
            messages.append(more)
        }
        var piece = GatewayReport()
        var size = 0
        for vpn in testimony.report.vpns.values.sorted(by: { $0.name < $1.name }) {
            for chunk in VPNReportChunks.of(vpn) {
                let more = ReportPart.Content.vpn(chunk).weight
                if size > 0, size + more > VPNReportChunks.largest || piece.vpns[chunk.name] != nil {
                    add(piece)
                    (piece, size) = (GatewayReport(), 0)
                }
                piece.vpns[chunk.name] = chunk
                size += more
            }
        }
        if size > 0 { add(piece) }
        for case .received(let routes, _, _) in ReceivedRoutesChunks.of(testimony.report.received) where !routes.isEmpty {
            add(GatewayReport(received: routes))
        }
        return messages
    }
}
