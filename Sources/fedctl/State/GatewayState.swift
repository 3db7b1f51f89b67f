import FederationAPI
import FederationModel

/// One gateway: what it should be and what it says it is.
struct GatewayState: Hashable, Sendable {
    var gateway: GatewayID
    var connected: Bool
    /// Milliseconds since 1970 by the coordinator's clock; nil if nothing ever came.
    var receivedAt: Int64?
    /// Nil where the gateway is not in the graph any more.
    var intent: GatewayIntent?
    var report: GatewayReport?
}

extension [GatewayState] {
    /// Takes a message of `GetReports` in: a new gateway, or more received routes of the last one.
    mutating func add(_ wire: WireGatewayState) throws(ConversionError) {
        let gateway = try GatewayID(wire.gateway)
        let report = wire.hasReport ? try GatewayReport(wire.report) : nil
        if let last = indices.last, self[last].gateway == gateway {
            self[last].report?.received += report?.received ?? []
            for (name, vpn) in report?.vpns ?? [:] {
                // A VPN that comes again goes on.
                if self[last].report?.vpns[name] == nil {
                    self[last].report?.vpns[name] = vpn
                } else {
                    self[last].report?.vpns[name]?.append(vpn)
                }
            }
            return
        }
        append(
            GatewayState(
                gateway: gateway, connected: wire.connected, receivedAt: wire.hasReceivedAtMilliseconds ? wire.receivedAtMilliseconds : nil,
                intent: wire.hasIntent ? try GatewayIntent(wire.intent) : nil, report: report))
    }
}
