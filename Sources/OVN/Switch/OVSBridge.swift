import OVSDB

/// A row of Bridge (ovs-vswitchd.conf.db(5)).
package struct OVSBridge: ReplicatedRow {
    package static let table = "Bridge"
    package static let columns = ["name", "datapath_type", "ports", "external_ids"]

    package let uuid: OVSDBUUID
    package let name: String
    /// `netdev` is the datapath in user space; empty or `system` that of the kernel.
    package let datapathType: String
    package let ports: [OVSDBUUID]
    package let externalIDs: StringMap

    package init(_ values: RowValues) throws(RowProblem) {
        guard let name = values["name"]?.string, !name.isEmpty else { throw values.problem("name", "", "is empty") }
        uuid = values.uuid
        self.name = name
        datapathType = values["datapath_type"]?.string ?? ""
        ports = values["ports"]?.uuids ?? []
        externalIDs = values.map("external_ids")
    }
}
