import OVSDB

/// A row of the northbound Logical_Switch_Port that an admin has taken down: only such are replicated. The southbound database does not
/// tell.
package struct DisabledPort: ReplicatedRow {
    package static let table = "Logical_Switch_Port"
    package static let columns = ["name", "enabled"]

    package let uuid: OVSDBUUID
    package let name: String
    package let isEnabled: Bool

    package init(_ values: RowValues) throws(RowProblem) {
        uuid = values.uuid
        name = values["name"]?.string ?? ""
        isEnabled = values["enabled"]?.boolean ?? true
    }
}

/// A row of the northbound Logical_Router_Port that an admin has disabled: only such are replicated. northd goes on as if it were not there.
package struct DisabledRouterPort: ReplicatedRow, Codable, Comparable {
    package static let table = "Logical_Router_Port"
    package static let columns = ["name", "networks", "enabled"]

    package let uuid: OVSDBUUID
    /// `lrp-<port id>`.
    package let name: String
    /// `10.1.0.1/24`, as they are written there.
    package let networks: [String]
    package let isEnabled: Bool

    package init(_ values: RowValues) throws(RowProblem) {
        uuid = values.uuid
        name = values["name"]?.string ?? ""
        networks = (values["networks"]?.strings ?? []).sorted()
        isEnabled = values["enabled"]?.boolean ?? true
    }

    package static func < (a: Self, b: Self) -> Bool { (a.name, a.uuid) < (b.name, b.uuid) }
}
