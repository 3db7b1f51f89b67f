import FederationModel

extension WireGatewayState {
    /// One message, and more of the same gateway for the rest of a report that is too long for one.
    static func messages(_ state: GatewayState) -> [WireGatewayState] {
        var first = WireGatewayState()
        first.gateway = WireGateway(state.gateway)
        first.connected = state.connected
        if let time = state.receivedAt { first.receivedAtMilliseconds = time }
        if let intent = state.intent { first.intent = WireGatewayIntent(intent) }
        guard let report = state.report else { return [first] }
        let weight = report.vpns.values.reduce(ReportPart.Content.received(report.received, isFirst: true, isLast: true).weight) {
            $0 + ReportPart.Content.vpn($1).weight
        }
        guard weight > VPNReportChunks.largest else {
            first.report = WireGatewayReport(report)
            return [first]
        }
        // In pieces that fit a message each: the node, the VPNs as many as fit, the received routes.
        first.report = WireGatewayReport(GatewayReport(base: report.base))
        var messages = [first]
        func add(_ report: GatewayReport) {
            var more = WireGatewayState()
            more.gateway = first.gateway
            more.connected = state.connected
            more.report = WireGatewayReport(report)
            messages.append(more)
        }
        var piece = GatewayReport()
        var size = 0
        for vpn in report.vpns.values.sorted(by: { $0.name < $1.name }) {
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
        for case .received(let routes, _, _) in ReceivedRoutesChunks.of(report.received) where !routes.isEmpty {
            add(GatewayReport(received: routes))
        }
        return messages
    }
}

extension [GatewayState] {
    /// Takes a message in: a new gateway, or more of the report of the last one.
    mutating func add(_ wire: WireGatewayState) throws(ConversionError) {
        let gateway = try convert(wire.gateway, "gateway", GatewayID.init(_:))
        let report = wire.hasReport ? try convert(wire.report, "report", GatewayReport.init(_:)) : nil
        guard let last = indices.last, self[last].gateway == gateway else {
            return append(
                GatewayState(
                    gateway: gateway, connected: wire.connected,
                    receivedAt: wire.hasReceivedAtMilliseconds ? moment(wire.receivedAtMilliseconds) : nil,
                    intent: wire.hasIntent ? try convert(wire.intent, "intent", GatewayIntent.init(_:)) : nil, report: report))
        }
        self[last].report?.received += report?.received ?? []
        for (name, vpn) in report?.vpns ?? [:] {
            // A VPN that comes again goes on.
            if self[last].report?.vpns[name]?.append(vpn) == nil { self[last].report?.vpns[name] = vpn }
        }
    }
}

extension FederationSelection {
    init(vpn: String, cloud: String) throws(ConversionError) {
        self.init(vpn: vpn.isEmpty ? nil : try parse(vpn, "vpn"), cloud: cloud.isEmpty ? nil : try parse(cloud, "cloud"))
    }
}

extension WireGetReportsRequest {
    init(_ selection: FederationSelection) {
        vpn = selection.vpn?.text ?? ""
        cloud = selection.cloud?.text ?? ""
    }
}
