import FederationAPI
import FederationModel
import NetworkTypes
import Verification

/// A proof of isolation for programs: with times as RFC 3339 has them.
package struct IsolationView: Hashable, Sendable, Encodable {
    package struct Pairs: Hashable, Sendable, Encodable {
        package var all: Int
        package var violated: Int
        package var routes: Int
        package var configuration: Int
        package var intent: Int
    }

    package struct VPN: Hashable, Sendable, Encodable {
        package var name: VPNName
        package var state: IsolationState
        package var level: IsolationLevel
        package var importTargets: [RouteTarget]
        package var exportTargets: [RouteTarget]
        @RFC3339 package var oldestEvidence: Int64?
        package var silentGateways: [GatewayID]
    }

    package struct Witness: Hashable, Sendable, Encodable {
        package var breach: IsolationBreach
        package var level: IsolationLevel
        /// `vpn/NAME`, or `vrf/NAME` of one that is not the federation’s.
        package var exporter: LocalVRF
        package var importer: LocalVRF
        package var exported: RouteTarget?
        package var imported: RouteTarget?
        package var route: IsolationWitness.Route?
        package var gateways: [GatewayID]
        package var gatewayCount: Int
        package var sentence: String
        package var remedy: String
    }

    package struct Gap: Hashable, Sendable, Encodable {
        package var gateway: GatewayID
        package var vpn: VPNName?
        package var reason: IsolationGap.Reason
        @RFC3339 package var since: Int64?
    }

    package var state: IsolationState
    package var federation: FederationID
    package var revision: UInt64
    @RFC3339 package var madeAt: Int64
    @RFC3339 package var oldestEvidence: Int64?
    package var pairs: Pairs
    /// Of the federation, and those whose foreign VRFs were looked at.
    package var gateways: Int
    package var seenGateways: Int
    package var vpnCount: Int
    package var vpns: [VPN]
    package var witnessCount: Int
    package var witnesses: [Witness]
    package var gapCount: Int
    package var gaps: [Gap]

    package init(_ answer: IsolationAnswer) {
        let proof = answer.proof
        state = proof.state
        federation = answer.federation
        revision = answer.revision
        madeAt = proof.madeAt
        oldestEvidence = proof.oldestEvidence
        pairs = Pairs(
            all: proof.pairs.all, violated: proof.pairs.violated, routes: proof.pairs.byRoutes, configuration: proof.pairs.byConfiguration,
            intent: proof.pairs.byIntent)
        gateways = proof.gatewayCount
        seenGateways = proof.seenGateways
        vpnCount = proof.vpnCount
        vpns = proof.vpns.map {
            VPN(
                name: $0.name, state: $0.state, level: $0.level, importTargets: $0.importTargets, exportTargets: $0.exportTargets,
                oldestEvidence: $0.oldestEvidence, silentGateways: $0.silentGateways)
        }
        witnessCount = proof.witnessCount
        witnesses = proof.witnesses.map {
            Witness(
                breach: $0.breach, level: $0.level, exporter: $0.exporter, importer: $0.importer, exported: $0.exported,
                imported: $0.imported, route: $0.route, gateways: $0.gateways, gatewayCount: $0.gatewayCount, sentence: $0.sentence,
                remedy: $0.remedy)
        }
        gapCount = proof.gapCount
        gaps = proof.gaps.map { Gap(gateway: $0.gateway, vpn: $0.vpn, reason: $0.reason, since: $0.since) }
    }
}
