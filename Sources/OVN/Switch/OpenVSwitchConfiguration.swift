import OVSDB

/// The one row of Open_vSwitch: what this node's ovn-controller was told (ovn-controller(8), "Configuration").
package struct OpenVSwitchConfiguration: ReplicatedRow {
    package static let table = "Open_vSwitch"
    package static let columns = ["bridges", "external_ids"]

    package let uuid: OVSDBUUID
    package let bridges: [OVSDBUUID]
    package let externalIDs: StringMap

    package init(_ values: RowValues) throws(RowProblem) {
        uuid = values.uuid
        bridges = values["bridges"]?.uuids ?? []
        externalIDs = values.map("external_ids")
    }
}
