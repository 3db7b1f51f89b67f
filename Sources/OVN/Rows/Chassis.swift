import OVSDB

/// A row of the southbound Chassis (ovn-sb(5)): a node that runs ovn-controller.
package struct Chassis: ReplicatedRow, Codable, Comparable {
    package static let table = "Chassis"
    package static let columns = ["name", "hostname"]

    package let uuid: OVSDBUUID
    /// The node's `system-id`.
    package let name: String
    /// Empty if not set.
    package let hostname: String

    package init(_ values: RowValues) throws(RowProblem) {
        guard let name = values["name"]?.string, !name.isEmpty else { throw values.problem("name", "", "is empty") }
        uuid = values.uuid
        self.name = name
        hostname = values["hostname"]?.string ?? ""
    }

    package static func < (a: Self, b: Self) -> Bool { (a.name, a.uuid) < (b.name, b.uuid) }
}
