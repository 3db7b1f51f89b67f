import FederationModel
import Verification

/// The part of the federation that a caller asks for: one VPN or all, one cloud or all.
package struct FederationSelection: Hashable, Sendable {
    /// Nil: all.
    package var vpn: VPNName?
    /// Nil: all. Of pairs, those in which it is the origin or the viewer.
    package var cloud: CloudName?

    package init(vpn: VPNName? = nil, cloud: CloudName? = nil) {
        self.vpn = vpn
        self.cloud = cloud
    }

    package func includes(_ cloud: CloudName) -> Bool { self.cloud.map { $0 == cloud } ?? true }
    package func includes(_ vpn: VPNName) -> Bool { self.vpn.map { $0 == vpn } ?? true }
    package func includes(_ verdict: PairVerdict) -> Bool {
        includes(verdict.vpn) && (includes(verdict.origin) || includes(verdict.viewer))
    }
}

/// One gateway: what it should be and what it says it is.
package struct GatewayState: Hashable, Sendable {
    package var gateway: GatewayID
    package var connected: Bool
    /// When the last part of the report came: milliseconds since 1970 by the coordinator's clock; nil if none ever came.
    package var receivedAt: Int64?
    /// Nil where the gateway is not in the graph.
    package var intent: GatewayIntent?
    /// Nil where it never reported.
    package var report: GatewayReport?

    package init(
        gateway: GatewayID, connected: Bool, receivedAt: Int64? = nil, intent: GatewayIntent? = nil, report: GatewayReport? = nil
    ) {
        self.gateway = gateway
        self.connected = connected
        self.receivedAt = receivedAt
        self.intent = intent
        self.report = report
    }
}
