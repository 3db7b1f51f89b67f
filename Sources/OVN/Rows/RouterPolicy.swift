import NetworkTypes
import OVSDB

/// A row of the northbound Logical_Router_Policy (ovn-nb(5)): it goes before every route of its router.
package struct RouterPolicy: ReplicatedRow, Codable, Comparable {
    package static let table = "Logical_Router_Policy"
    package static let columns = ["priority", "match", "action", "nexthop", "nexthops"]

    package let uuid: OVSDBUUID
    /// The highest that matches decides.
    package let priority: Int
    /// As it stands in the row, cut to `longestText` characters.
    package let text: String
    package let match: PolicyMatch
    /// `allow`, `drop`, `reroute`, or a word of a newer OVN.
    package let action: String
    /// Of `reroute`.
    package let nextHops: [IPAddress]

    /// Of a match in messages.
    package static let longestText = 120

    package init(_ values: RowValues) throws(RowProblem) {
        let match = values["match"]?.string ?? ""
        uuid = values.uuid
        priority = values["priority"]?.integer.map { Int($0) } ?? 0
        text = match.count > Self.longestText ? match.prefix(Self.longestText) + "…" : match
        self.match = PolicyMatch(match)
        action = values["action"]?.string ?? ""
        let several = (values["nexthops"]?.strings ?? []).compactMap { IPAddress($0) }
        nextHops = several.isEmpty ? [values["nexthop"]?.string].compactMap { $0.flatMap { IPAddress($0) } } : several
    }

    package static func < (a: Self, b: Self) -> Bool { (b.priority, a.uuid) < (a.priority, b.uuid) }
}
