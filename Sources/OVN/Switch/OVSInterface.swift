import NetworkTypes
import OVSDB

/// A row of Interface (ovs-vswitchd.conf.db(5)).
package struct OVSInterface: ReplicatedRow {
    package static let table = "Interface"
    package static let columns = ["name", "type", "ofport", "mac_in_use", "error", "options", "external_ids"]

    package let uuid: OVSDBUUID
    package let name: String
    /// Empty for a device of the kernel, otherwise `patch`, `internal`, `geneve`, …
    package let type: String
    /// The OpenFlow port number, 1…65279. Nil until ovs-vswitchd has created the port, or if it failed (it writes -1).
    package let ofport: UInt16?
    package let mac: MACAddress?
    /// Why the port could not be created; nil on success.
    package let error: String?
    package let options: StringMap
    package let externalIDs: StringMap

    package init(_ values: RowValues) throws(RowProblem) {
        guard let name = values["name"]?.string, !name.isEmpty else { throw values.problem("name", "", "is empty") }
        uuid = values.uuid
        self.name = name
        type = values["type"]?.string ?? ""
        ofport = values.integer("ofport", in: 1...65279)
        mac = values["mac_in_use"]?.string.flatMap { MACAddress($0) }
        error = values["error"]?.string
        options = values.map("options")
        externalIDs = values.map("external_ids")
    }
}
