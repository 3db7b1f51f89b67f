import NetworkTypes

/// What a plan changes for one gateway, of one resource of its intent.
package struct GatewayChange: Hashable, Sendable, Codable, Comparable {
    package var gateway: GatewayID
    package var kind: GraphChange.Kind
    package var resource: IntentResource
    /// What of the intent changes, in words: `VNI 10001 → 10002`, `imports 64900:10001 no longer`.
    package var details: [String]
    /// EVPN sessions of the gateway that stand end, and come back or not.
    package var resetsSessions: Bool

    package init(
        gateway: GatewayID, kind: GraphChange.Kind, resource: IntentResource, details: [String], resetsSessions: Bool = false
    ) {
        self.gateway = gateway
        self.kind = kind
        self.resource = resource
        self.details = details
        self.resetsSessions = resetsSessions
    }

    package static func < (a: Self, b: Self) -> Bool { (a.gateway, a.resource) < (b.gateway, b.resource) }

    /// What the differences stand for, sorted.
    package static func between(
        _ old: [GatewayID: GatewayIntent], _ new: [GatewayID: GatewayIntent], _ differences: [GatewayID: IntentDifference]
    ) -> [GatewayChange] {
        var changes: [GatewayChange] = []
        for (gateway, difference) in differences {
            let before = old[gateway], after = new[gateway]
            func add(_ kind: GraphChange.Kind, _ resource: IntentResource) {
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

extension IntentResource: Codable {
    /// As it is described: `base` or `VPN blue`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        if text == "base" {
            self = .base
        } else if text.hasPrefix("VPN "), let name = VPNName(String(text.dropFirst(4))) {
            self = .vpn(name)
        } else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "“\(text)” is neither “base” nor “VPN NAME”")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
