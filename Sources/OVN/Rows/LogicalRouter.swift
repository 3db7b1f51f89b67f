import OVSDB

/// A row of the northbound Logical_Router (ovn-nb(5)).
package struct LogicalRouter: ReplicatedRow, Codable {
    package static let table = "Logical_Router"
    package static let columns = [
        "name", "external_ids", "ports", "nat", "static_routes", "policies", "load_balancer", "load_balancer_group",
    ]

    package let uuid: OVSDBUUID
    /// `neutron-<uuid>`.
    package let logicalName: String
    /// `neutron:router_name`; nil if not set. It changes here before it changes in the southbound database.
    package let displayName: String?
    /// See `StringMap.labels`.
    package let labels: [String: String]
    package let ports: [OVSDBUUID]
    package let natRules: [OVSDBUUID]
    package let staticRoutes: [OVSDBUUID]
    package let policies: [OVSDBUUID]
    package let balancers: [OVSDBUUID]
    package let balancerGroups: [OVSDBUUID]

    /// The OpenStack id, or the northbound name if it has no id, or the row's id if it has no name.
    package var identifier: String {
        logicalName.isEmpty ? uuid.description : NeutronName.identifier(in: logicalName)
    }

    package init(_ values: RowValues) throws(RowProblem) {
        uuid = values.uuid
        logicalName = values["name"]?.string ?? ""
        let externalIDs = values.map("external_ids")
        displayName = externalIDs.nonEmpty(NeutronName.routerName)
        labels = externalIDs.labels
        ports = values["ports"]?.uuids ?? []
        natRules = values["nat"]?.uuids ?? []
        staticRoutes = values["static_routes"]?.uuids ?? []
        policies = values["policies"]?.uuids ?? []
        balancers = values["load_balancer"]?.uuids ?? []
        balancerGroups = values["load_balancer_group"]?.uuids ?? []
    }
}
