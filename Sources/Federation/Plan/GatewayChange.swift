import FederationModel
import NetworkTypes

/// A plan's change of one resource of one gateway's intent.
package struct GatewayChange: Hashable, Sendable, Codable, Comparable {
    package var gateway: GatewayID
    package var kind: GraphChange.Kind
    package var resource: ResourceName
    /// The details as text: `VNI 10001 → 10002`, `no longer imports 64900:10001`.
    package var details: [String]
    /// Whether established EVPN sessions of the gateway reset or end.
    package var resetsSessions: Bool

    package init(
        gateway: GatewayID, kind: GraphChange.Kind, resource: ResourceName, details: [String], resetsSessions: Bool = false
    ) {
        self.gateway = gateway
        self.kind = kind
        self.resource = resource
        self.details = details
        self.resetsSessions = resetsSessions
    }

    package static func < (a: Self, b: Self) -> Bool { (a.gateway, a.resource) < (b.gateway, b.resource) }

    /// The changes of all gateways, sorted.
    package static func between(
        _ old: [GatewayID: GatewayIntent], _ new: [GatewayID: GatewayIntent], _ differences: [GatewayID: IntentDifference]
    ) -> [GatewayChange] {
        var changes: [GatewayChange] = []
        for (gateway, difference) in differences {
            let before = old[gateway], after = new[gateway]
            func add(_ kind: GraphChange.Kind, _ resource: ResourceName) {
                let details =
                    switch resource {
                    case .base: BaseIntent.details(before?.base, after?.base)
                    case .vpn(let name): VPNIntent.details(before?.vpns[name], after?.vpns[name])
                    }
                changes.append(
                    GatewayChange(
                        gateway: gateway, kind: kind, resource: resource, details: details,
                        resetsSessions: resource == .base && BaseIntent.resetsSessions(before?.base, after?.base)))
            }
            for resource in difference.added { add(.added, resource) }
            for resource in difference.changed { add(.changed, resource) }
            for resource in difference.removed { add(.removed, resource) }
        }
        return changes.sorted()
    }
}
