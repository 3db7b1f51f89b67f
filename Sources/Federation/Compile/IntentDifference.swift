import NetworkTypes

/// What of a gateway's intent is versioned, sent and acknowledged by itself.
package enum IntentResource: Hashable, Sendable, Comparable, CustomStringConvertible {
    case base
    case vpn(VPNName)

    /// `base` or `VPN blue`.
    package var description: String {
        switch self {
        case .base: "base"
        case .vpn(let name): "VPN \(name)"
        }
    }
}

/// What changes for one gateway between two intents. Each list is sorted.
package struct IntentDifference: Hashable, Sendable {
    package var added: [IntentResource] = []
    package var changed: [IntentResource] = []
    package var removed: [IntentResource] = []

    package var isEmpty: Bool { added.isEmpty && changed.isEmpty && removed.isEmpty }

    init() {}

    /// Nil stands for a gateway that is not there. Compares versions only: they stand for the content.
    package init(from old: GatewayIntent?, to new: GatewayIntent?) {
        let before = Self.versions(of: old)
        let after = Self.versions(of: new)
        added = after.keys.filter { before[$0] == nil }.sorted()
        removed = before.keys.filter { after[$0] == nil }.sorted()
        changed = after.keys.filter { before[$0] != nil && before[$0] != after[$0] }.sorted()
    }

    /// The gateways that anything changes for, and what.
    package static func between(
        _ old: [GatewayID: GatewayIntent], _ new: [GatewayID: GatewayIntent]
    ) -> [GatewayID: IntentDifference] {
        var differences: [GatewayID: IntentDifference] = [:]
        for gateway in Set(old.keys).union(new.keys) {
            let difference = IntentDifference(from: old[gateway], to: new[gateway])
            if !difference.isEmpty { differences[gateway] = difference }
        }
        return differences
    }

    private static func versions(of intent: GatewayIntent?) -> [IntentResource: ResourceVersion] {
        guard let intent else { return [:] }
        var versions: [IntentResource: ResourceVersion] = [.base: intent.base.version]
        for (name, vpn) in intent.vpns { versions[.vpn(name)] = vpn.version }
        return versions
    }
}
