import FederationModel
import NetworkTypes

/// An object of the graph that a plan adds, changes or removes, with the affected gateways.
package struct GraphChange: Hashable, Sendable, Codable {
    /// The kind of change.
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case added, changed, removed
    }

    package var kind: Kind
    /// `federation`, `cloud paris`, `gateway paris/gw1`, `VPN blue`, `attachment of VPN blue: paris: router name=blue-router`.
    package var object: String
    /// The details as text; for added or removed objects the important ones.
    package var details: [String]
    /// Sorted.
    package var gateways: [GatewayID]

    package init(kind: Kind, object: String, details: [String] = [], gateways: [GatewayID]) {
        self.kind = kind
        self.object = object
        self.details = details
        self.gateways = gateways
    }

    /// - Parameter differences: The changes of each gateway.
    package static func between(
        _ old: FederationGraph?, _ new: FederationGraph, _ differences: [GatewayID: IntentDifference]
    ) -> [GraphChange] {
        let old = old ?? FederationGraph(federation: new.federation)
        var gatewaysByResource: [ResourceName: [GatewayID]] = [:]
        for (gateway, difference) in differences.sorted(by: { $0.key < $1.key }) {
            for resource in difference.added + difference.changed + difference.removed {
                gatewaysByResource[resource, default: []].append(gateway)
            }
        }
        let onBase = gatewaysByResource[.base] ?? []
        var changes: [GraphChange] = []
        let settings = old.settingsDetails(to: new)
        if !settings.isEmpty {
            changes.append(GraphChange(kind: .changed, object: "federation", details: settings, gateways: []))
        }
        for name in changed(old.clouds, new.clouds) {
            let (before, after) = (old.clouds[name]?.settings, new.clouds[name]?.settings)
            guard before != after else { continue }
            changes.append(
                GraphChange(
                    kind: kind(before, after), object: "cloud \(name)", details: Cloud.details(before, after),
                    gateways: onBase.filter { $0.cloud == name }))
        }
        for name in changed(old.clouds, new.clouds) {
            let (before, after) = (old.clouds[name]?.gateways ?? [:], new.clouds[name]?.gateways ?? [:])
            for node in changed(before, after) {
                changes.append(
                    GraphChange(
                        kind: kind(before[node], after[node]), object: "gateway \(GatewayID(cloud: name, node: node))",
                        details: Gateway.details(before[node], after[node]), gateways: onBase))
            }
        }
        let vpns = changed(old.vpns, new.vpns)
        for name in vpns {
            let (before, after) = (old.vpns[name]?.settings, new.vpns[name]?.settings)
            guard before != after else { continue }
            changes.append(
                GraphChange(
                    kind: kind(before, after), object: "VPN \(name)", details: VPN.details(before, after),
                    gateways: gatewaysByResource[.vpn(name)] ?? []))
        }
        for name in vpns {
            changes += attachments(
                of: name, old.vpns[name]?.attachments ?? [], new.vpns[name]?.attachments ?? [], gatewaysByResource[.vpn(name)] ?? [])
        }
        return changes
    }

    /// The keys that differ, sorted.
    private static func changed<Key: Hashable & Comparable, Value: Equatable>(_ old: [Key: Value], _ new: [Key: Value]) -> [Key] {
        (old.keys.filter { new[$0] == nil } + new.filter { old[$0.key] != $0.value }.keys).sorted()
    }

    private static func kind<Value>(_ before: Value?, _ after: Value?) -> Kind {
        before == nil ? .added : after == nil ? .removed : .changed
    }

    /// The same cloud and selector mean the same attachment.
    private static func attachments(
        of name: VPNName, _ old: [Attachment], _ new: [Attachment], _ gateways: [GatewayID]
    ) -> [GraphChange] {
        func change(_ kind: Kind, _ attachment: Attachment, _ details: [String]) -> GraphChange {
            GraphChange(
                kind: kind, object: "attachment of VPN \(name): \(attachment)", details: details,
                gateways: gateways.filter { $0.cloud == attachment.cloud })
        }
        let before = Set(old).subtracting(new).sorted(), after = Set(new).subtracting(old).sorted()
        var gone = Dictionary(grouping: before) { Attachment(cloud: $0.cloud, selector: $0.selector) }
        var changes: [(Attachment, GraphChange)] = []
        for attachment in after {
            let key = Attachment(cloud: attachment.cloud, selector: attachment.selector)
            guard var former = gone[key], !former.isEmpty else {
                changes.append((attachment, change(.added, attachment, attachment.details(from: nil))))
                continue
            }
            changes.append((attachment, change(.changed, attachment, attachment.details(from: former.removeFirst()))))
            gone[key] = former
        }
        for attachment in gone.values.joined() { changes.append((attachment, change(.removed, attachment, []))) }
        return changes.sorted { ($0.0, $0.1.kind.rawValue) < ($1.0, $1.1.kind.rawValue) }.map(\.1)
    }
}

extension Cloud {
    /// The cloud without its gateways, which are separate objects.
    fileprivate var settings: Cloud {
        var copy = self
        copy.gateways = [:]
        return copy
    }
}

extension VPN {
    /// The VPN without its attachments, which are separate objects.
    fileprivate var settings: VPN {
        var copy = self
        copy.attachments = []
        return copy
    }
}
