import OVSDB

/// A row of the southbound Datapath_Binding (ovn-sb(5)): a logical switch or router as the chassis see it.
package struct DatapathBinding: ReplicatedRow {
    package static let table = "Datapath_Binding"
    package static let columns = ["external_ids"]
    /// Where they are missing, as in OVN 23.03, the same stands in `external_ids`.
    package static let newerColumns = ["type", "nb_uuid"]

    package enum Kind: Hashable, Sendable { case router, network }

    package let uuid: OVSDBUUID
    package let kind: Kind
    /// The row of the northbound Logical_Router or Logical_Switch.
    package let northboundUUID: OVSDBUUID
    /// The northbound name: `neutron-<uuid>`.
    package let logicalName: String
    /// The tenant's name for it; nil if not set.
    package let displayName: String?

    /// The OpenStack id, or the northbound name if it has no id.
    package var identifier: String { NeutronName.identifier(in: logicalName) }

    package init(_ values: RowValues) throws(RowProblem) {
        let externalIDs = values.map("external_ids")
        let name = externalIDs["name"] ?? ""
        switch values["type"]?.string {
        case "logical-router": kind = .router
        case "logical-switch": kind = .network
        default:
            switch (externalIDs["logical-router"], externalIDs["logical-switch"]) {
            case (.some, nil): kind = .router
            case (nil, .some): kind = .network
            default: throw values.problem("external_ids", "", "must name either a router or a switch", name: name)
            }
        }
        let text = externalIDs[kind == .router ? "logical-router" : "logical-switch"]
        guard let northboundUUID = values["nb_uuid"]?.uuid ?? text.flatMap({ OVSDBUUID($0) }) else {
            throw values.problem("external_ids", text ?? "", "is not a northbound row", name: name)
        }
        uuid = values.uuid
        self.northboundUUID = northboundUUID
        logicalName = name.isEmpty ? northboundUUID.description : name
        displayName = externalIDs.nonEmpty("name2")
    }
}
