import FederationModel
import NetworkTypes

/// The changes of one gateway between two intents. Each list is sorted.
package struct IntentDifference: Hashable, Sendable {
    package var added: [ResourceName] = []
    package var changed: [ResourceName] = []
    package var removed: [ResourceName] = []

    package var isEmpty: Bool { added.isEmpty && changed.isEmpty && removed.isEmpty }

    init() {}

    /// Nil means that the gateway does not exist. Compares only versions, which represent the content.
    package init(from old: GatewayIntent?, to new: GatewayIntent?) {
        let before = old?.versions ?? [:]
        let after = new?.versions ?? [:]
        added = after.keys.filter { before[$0] == nil }.sorted()
        removed = before.keys.filter { after[$0] == nil }.sorted()
        changed = after.keys.filter { before[$0] != nil && before[$0] != after[$0] }.sorted()
    }

    /// The changed gateways, with their differences.
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
}
