import OVSDB

/// A row of the northbound Logical_Switch (ovn-nb(5)): only what the southbound database does not carry over.
package struct LogicalSwitch: ReplicatedRow {
    package static let table = "Logical_Switch"
    package static let columns = ["external_ids"]

    package let uuid: OVSDBUUID
    /// `neutron:network_name`; nil if not set.
    package let displayName: String?
    /// See `StringMap.labels`.
    package let labels: [String: String]

    package init(_ values: RowValues) throws(RowProblem) {
        uuid = values.uuid
        let externalIDs = values.map("external_ids")
        displayName = externalIDs.nonEmpty(NeutronName.networkName)
        labels = externalIDs.labels
    }
}
