import OVSDB

/// The row of the northbound NB_Global: only what a driver lists there. Its other columns tick by themselves.
package struct NorthboundGlobal: ReplicatedRow {
    package static let table = "NB_Global"
    package static let columns = ["external_ids"]

    package let uuid: OVSDBUUID
    /// The pairs that tell of BGPVPNs. Neutron's own pairs there change every minute.
    package let bgpvpns: [String: String]

    package init(_ values: RowValues) throws(RowProblem) {
        uuid = values.uuid
        bgpvpns = values.map("external_ids").labels.filter { $0.key.hasPrefix(BGPVPNMark.key) }
    }
}
