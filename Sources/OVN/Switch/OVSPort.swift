import OVSDB

/// A row of Port (ovs-vswitchd.conf.db(5)).
package struct OVSPort: ReplicatedRow {
    package static let table = "Port"
    package static let columns = ["name", "tag", "interfaces", "external_ids"]

    package let uuid: OVSDBUUID
    package let name: String
    /// 0…4095; nil for a trunk port.
    package let tag: UInt16?
    package let interfaces: [OVSDBUUID]
    package let externalIDs: StringMap

    package init(_ values: RowValues) throws(RowProblem) {
        guard let name = values["name"]?.string, !name.isEmpty else { throw values.problem("name", "", "is empty") }
        uuid = values.uuid
        self.name = name
        tag = values.integer("tag", in: 0...4095)
        interfaces = values["interfaces"]?.uuids ?? []
        externalIDs = values.map("external_ids")
    }
}
