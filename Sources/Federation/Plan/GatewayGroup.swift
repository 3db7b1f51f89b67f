import FederationModel
import NetworkTypes

/// Gateways with the same change.
struct GatewayGroup: Hashable {
    var kind: GraphChange.Kind
    var resource: ResourceName
    var details: [String]
    var resetsSessions: Bool
    /// Sorted.
    var gateways: [GatewayID]

    /// By resource, then by first gateway.
    static func groups(of changes: [GatewayChange]) -> [GatewayGroup] {
        struct Key: Hashable {
            var kind: GraphChange.Kind
            var resource: ResourceName
            var details: [String]
            var resetsSessions: Bool
        }
        let groups = Dictionary(grouping: changes) {
            Key(kind: $0.kind, resource: $0.resource, details: $0.details, resetsSessions: $0.resetsSessions)
        }
        return groups.map { key, changes in
            GatewayGroup(
                kind: key.kind, resource: key.resource, details: key.details, resetsSessions: key.resetsSessions,
                gateways: changes.map(\.gateway).sorted())
        }.sorted { ($0.resource, $0.gateways[0], $0.kind.rawValue) < ($1.resource, $1.gateways[0], $1.kind.rawValue) }
    }
}
