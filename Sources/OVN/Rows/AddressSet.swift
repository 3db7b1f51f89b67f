import OVSDB

/// A row of the northbound Address_Set (ovn-nb(5)): a named set of addresses that logical flows match.
package struct AddressSet: ReplicatedRow, Codable, Comparable {
    package static let table = "Address_Set"
    package static let columns = ["name", "addresses", "external_ids"]

    package let uuid: OVSDBUUID
    /// Unique in the database.
    package let name: String
    /// As text: other people's sets may hold MAC addresses.
    package let addresses: Set<String>
    /// The OpenStack id of the router that our set belongs to; nil for foreign sets.
    package let federatedRouter: String?
    /// The chassis of the agent that keeps our set; nil if no agent says so.
    package let keeper: String?

    package init(uuid: OVSDBUUID, name: String, addresses: Set<String>, federatedRouter: String?, keeper: String? = nil) {
        self.uuid = uuid
        self.name = name
        self.addresses = addresses
        self.federatedRouter = federatedRouter
        self.keeper = keeper
    }

    package static let ownerKey = "ovn-federation:router"
    package static let keeperKey = "ovn-federation:agent"

    package init(_ values: RowValues) throws(RowProblem) {
        guard let name = values["name"]?.string, !name.isEmpty else { throw values.problem("name", "", "is empty") }
        uuid = values.uuid
        self.name = name
        addresses = Set(values["addresses"]?.strings ?? [])
        let externalIDs = values.map("external_ids")
        federatedRouter = externalIDs.nonEmpty(Self.ownerKey)
        keeper = externalIDs.nonEmpty(Self.keeperKey)
    }

    package static func < (a: Self, b: Self) -> Bool { (a.name, a.uuid) < (b.name, b.uuid) }
}
