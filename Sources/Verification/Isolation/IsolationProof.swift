import FederationModel
import NetworkTypes

/// For every pair of VPNs: that no import path exists, or the witnesses that break it.
package struct IsolationProof: Hashable, Sendable, Codable {
    /// Unordered pairs of VPNs with at least one that was asked for.
    package struct Pairs: Hashable, Sendable, Codable {
        package var all = 0
        package var violated = 0
        /// Of those that are not violated, by the weaker level of the two.
        package var byIntent = 0
        package var byConfiguration = 0
        package var byRoutes = 0

        package init() {}
    }

    /// When it was made, in milliseconds since 1970 by the coordinator’s clock.
    package var madeAt: Int64
    /// How many VPNs there are, asked for or not.
    package var vpnCount: Int
    /// Those that were asked for, by name.
    package var vpns: [VPNIsolation]
    package var pairs: Pairs
    /// The gateways of the federation, and those whose foreign VRFs were looked at.
    package var gatewayCount: Int
    package var seenGateways: Int
    /// What was not seen, by gateway; the first `limit`.
    package var gaps: [IsolationGap]
    package var gapCount: Int
    /// The worst first; the first `limit`.
    package var witnesses: [IsolationWitness]
    package var witnessCount: Int
    /// The oldest report that it rests on, in milliseconds since 1970; nil: it rests on none.
    package var oldestEvidence: Int64?

    package static let limit = 1_000

    package init(
        madeAt: Int64, vpnCount: Int, vpns: [VPNIsolation], pairs: Pairs, gatewayCount: Int, seenGateways: Int, gaps: [IsolationGap],
        gapCount: Int, witnesses: [IsolationWitness], witnessCount: Int, oldestEvidence: Int64?
    ) {
        self.madeAt = madeAt
        self.vpnCount = vpnCount
        self.vpns = vpns
        self.pairs = pairs
        self.gatewayCount = gatewayCount
        self.seenGateways = seenGateways
        self.gaps = gaps
        self.gapCount = gapCount
        self.witnesses = witnesses
        self.witnessCount = witnessCount
        self.oldestEvidence = oldestEvidence
    }

    /// A leak is certain, so it outweighs what is not known.
    package var state: IsolationState { witnessCount > 0 ? .violated : gapCount > 0 ? .unknown : .proven }
}

/// One VPN against all others.
package struct VPNIsolation: Hashable, Sendable, Codable {
    package var name: VPNName
    package var state: IsolationState
    /// The weakest of its gateways.
    package var level: IsolationLevel
    /// By intent, of all its VRFs; sorted.
    package var importTargets: [RouteTarget]
    package var exportTargets: [RouteTarget]
    /// The oldest report on it that is used, in milliseconds since 1970; nil: there is none.
    package var oldestEvidence: Int64?
    /// Its gateways that do not report, or not all that a proof needs.
    package var silentGateways: [GatewayID]

    package init(
        name: VPNName, state: IsolationState, level: IsolationLevel, importTargets: [RouteTarget], exportTargets: [RouteTarget],
        oldestEvidence: Int64?, silentGateways: [GatewayID]
    ) {
        self.name = name
        self.state = state
        self.level = level
        self.importTargets = importTargets
        self.exportTargets = exportTargets
        self.oldestEvidence = oldestEvidence
        self.silentGateways = silentGateways
    }
}

/// Something on a gateway that was not seen.
package struct IsolationGap: Hashable, Sendable, Codable {
    package enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        /// Not since the coordinator started.
        case neverReported = "never-reported"
        /// For longer than a report is valid.
        case silent
        /// The agent cannot ask bgpd.
        case routingUnreadable = "frr-unreadable"
        /// The agent reports, but not on this VPN, or bgpd does not have its VNI: what its VRF imports is not known.
        case vpnNotReported = "vpn-not-reported"
        /// The agent does not tell the node’s other VRFs, or there are too many.
        case foreignVRFsNotReported = "foreign-vrfs-not-reported"
        /// A route is in the VPN’s VRF from nobody who may export to the VPN: whose it is, is not known.
        case unexplainedRoute = "unexplained-route"
        /// A received route has more route targets than a report holds: who else imports it is not known.
        case targetsCut = "route-targets-cut"
    }

    package var gateway: GatewayID
    package var reason: Reason
    /// The last that was heard, in milliseconds since 1970; nil: nothing.
    package var since: Int64?
    /// Nil: the whole gateway.
    package var vpn: VPNName?

    package init(gateway: GatewayID, reason: Reason, since: Int64?, vpn: VPNName? = nil) {
        self.gateway = gateway
        self.reason = reason
        self.since = since
        self.vpn = vpn
    }
}
