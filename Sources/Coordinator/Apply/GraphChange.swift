import Federation

/// One thing of the graph that an apply adds, changes or removes, and the gateways that get a new intent with it.
package struct GraphChange: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case added, changed, removed
    }

    package var kind: Kind
    /// `cloud paris`, `gateway paris/gw1`, `VPN blue`, `attachment of VPN blue: paris: router name=blue-router`.
    package var object: String
    /// Sorted.
    package var gateways: [GatewayID]

    /// - Parameter differences: what changes for each gateway.
    package static func between(
        _ old: FederationGraph?, _ new: FederationGraph, _ differences: [GatewayID: IntentDifference]
    ) -> [GraphChange] {
        let old = old ?? FederationGraph(federation: new.federation)
        var gatewaysByResource: [IntentResource: [GatewayID]] = [:]
        for (gateway, difference) in differences.sorted(by: { $0.key < $1.key }) {
            for resource in difference.added + difference.changed + difference.removed {
                gatewaysByResource[resource, default: []].append(gateway)
            }
        }
        func affected(_ resource: IntentResource) -> [GatewayID] { gatewaysByResource[resource] ?? [] }
        func changes<Key: Hashable & Comparable, Value: Equatable>(
            _ old: [Key: Value], _ new: [Key: Value], _ object: (Key) -> String, _ gateways: (Key) -> [GatewayID]
        ) -> [GraphChange] {
            Set(old.keys).union(new.keys).sorted().compactMap { key in
                guard old[key] != new[key] else { return nil }
                let kind: Kind = old[key] == nil ? .added : new[key] == nil ? .removed : .changed
                return GraphChange(kind: kind, object: object(key), gateways: gateways(key))
            }
        }

        let onBase = affected(.base)
        let clouds = changes(old.clouds.mapValues(\.settings), new.clouds.mapValues(\.settings), { "cloud \($0)" }) { cloud in
            onBase.filter { $0.cloud == cloud }
        }
        let gateways = changes(old.gatewaysByID, new.gatewaysByID, { "gateway \($0)" }) { _ in onBase }
        let vpns = changes(old.vpns.mapValues(\.settings), new.vpns.mapValues(\.settings), { "VPN \($0)" }) { affected(.vpn($0)) }
        var attachments: [GraphChange] = []
        for name in Set(old.vpns.keys).union(new.vpns.keys).sorted() {
            let before = Set(old.vpns[name]?.attachments ?? [])
            let after = Set(new.vpns[name]?.attachments ?? [])
            for attachment in before.symmetricDifference(after).sorted() {
                attachments.append(
                    GraphChange(
                        kind: after.contains(attachment) ? .added : .removed, object: "attachment of VPN \(name): \(attachment)",
                        gateways: affected(.vpn(name)).filter { $0.cloud == attachment.cloud }))
            }
        }
        return clouds + gateways + vpns + attachments
    }
}

extension FederationGraph {
    fileprivate var gatewaysByID: [GatewayID: Gateway] {
        var result: [GatewayID: Gateway] = [:]
        for id in gateways { result[id] = self[id] }
        return result
    }
}

extension Cloud {
    /// The cloud without its gateways, which change by themselves.
    fileprivate var settings: Cloud {
        var copy = self
        copy.gateways = [:]
        return copy
    }
}

extension VPN {
    /// The VPN without its attachments, which change by themselves.
    fileprivate var settings: VPN {
        var copy = self
        copy.attachments = []
        return copy
    }
}
