import OVSDB

/// The only row of Open_vSwitch: the configuration of this node's ovn-controller (ovn-controller(8), "Configuration").
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
