import OVN
import OVSDB

/// What a northbound database remembers of exemptions, and refuses as the real one does.
struct SimulatedNorthbound {
    var sets: [AddressSet] = []
    /// By NAT row.
    var exempted: [OVSDBUUID: OVSDBUUID] = [:]
    /// Refuses every transaction.
    var refuses = false
    private(set) var transactions = 0

    func view(of cloud: CloudBuilder) -> NorthboundView {
        var view = cloud.northbound()
        view.addressSets = sets
        for index in view.natRules.indices { view.natRules[index].exempted = exempted[view.natRules[index].uuid] }
        return view
    }

    /// - Returns: why it is refused.
    mutating func apply(_ transaction: ExemptionTransaction) -> String? {
        transactions += 1
        if refuses { return "refused by the test" }
        var after = self
        for step in transaction.steps {
            if let reason = after.apply(step) { return reason }
        }
        self = after
        return nil
    }

    private mutating func apply(_ step: ExemptionStep) -> String? {
        switch step {
        case .createSet(let name, let router, let keeper, let addresses):
            if sets.contains(where: { $0.name == name }) { return "constraint violation: \(name) exists" }
            let uuid = OVSDBUUID(high: 0xe, low: UInt64(10 * transactions + sets.count))
            sets.append(AddressSet(uuid: uuid, name: name, addresses: Set(addresses), federatedRouter: router, keeper: keeper))
        case .changeSet(let uuid, _, let insert, let delete):
            guard let index = sets.firstIndex(where: { $0.uuid == uuid }) else { return "no set \(uuid)" }
            let old = sets[index]
            sets[index] = AddressSet(
                uuid: uuid, name: old.name, addresses: old.addresses.union(insert).subtracting(delete),
                federatedRouter: old.federatedRouter,
                keeper: old.keeper)
        case .keepSet(let uuid, _, let keeper):
            guard let index = sets.firstIndex(where: { $0.uuid == uuid }) else { return "no set \(uuid)" }
            let old = sets[index]
            sets[index] = AddressSet(
                uuid: uuid, name: old.name, addresses: old.addresses, federatedRouter: old.federatedRouter, keeper: keeper)
        case .exempt(let rule, let set, let replacing):
            if exempted[rule] != replacing { return "timed out: another value is in exempted_ext_ips" }
            switch set {
            case .existing(let uuid): exempted[rule] = uuid
            case .created(let name): exempted[rule] = sets.first { $0.name == name }?.uuid
            }
        case .restore(let rule, let set):
            if exempted[rule] != set { return "timed out: another value is in exempted_ext_ips" }
            exempted[rule] = nil
        case .deleteSet(let uuid, _):
            if exempted.values.contains(uuid) { return "referential integrity violation" }
            sets.removeAll { $0.uuid == uuid }
        }
        return nil
    }
}
