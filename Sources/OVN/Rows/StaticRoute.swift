import NetworkTypes
import OVSDB

/// A row of the northbound Logical_Router_Static_Route (ovn-nb(5)): a router's default route or an extra route of its tenant.
package struct StaticRoute: ReplicatedRow, Codable, Comparable {
    package static let table = "Logical_Router_Static_Route"
    package static let columns = ["ip_prefix", "nexthop", "output_port", "policy", "route_table"]

    package let uuid: OVSDBUUID
    package let prefix: IPPrefix
    /// Nil for `discard` and for routes that name only a port.
    package let nextHop: IPAddress?
    /// The router's port that it leaves by, whatever network the next hop is in; nil: the one in whose network that is.
    package let outputPort: String?
    /// The next hop is `discard`.
    package let discards: Bool
    /// Of the main table: those of others are for packets that come by ports which name that table.
    package let isOfMainTable: Bool
    /// Packets are matched by their source instead of their destination.
    package let isBySource: Bool

    package init(_ values: RowValues) throws(RowProblem) {
        let text = values["ip_prefix"]?.string ?? ""
        guard let interface = InterfaceAddress(text) else { throw values.problem("ip_prefix", text, "is not a network") }
        uuid = values.uuid
        prefix = interface.prefix
        nextHop = values["nexthop"]?.string.flatMap { IPAddress($0) }
        outputPort = values["output_port"]?.string
        discards = values["nexthop"]?.string == "discard"
        isOfMainTable = (values["route_table"]?.string ?? "").isEmpty
        isBySource = values["policy"]?.string == "src-ip"
    }

    package static func < (a: Self, b: Self) -> Bool { (a.prefix, a.uuid) < (b.prefix, b.uuid) }
}
