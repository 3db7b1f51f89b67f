import OVSDB

/// What of the northbound database concerns NAT and its exemptions: the routers with their rules, and the address sets that are ours or
/// have names of ours. A cloud may hold thousands of others.
package struct NorthboundView: Hashable, Sendable, Codable {
    package var routers: [LogicalRouter]
    package var natRules: [NATRule]
    package var addressSets: [AddressSet]

    package init(_ rows: NorthboundRows) {
        routers = rows.routers
        natRules = rows.natRules
        addressSets = rows.addressSets.filter { $0.federatedRouter != nil || $0.name.hasPrefix(ExemptionPlan.namePrefix) }
    }
}
