import OVSDB

/// A row of the southbound Port_Binding (ovn-sb(5)): a logical port and the chassis that it is bound to.
package struct PortBinding: ReplicatedRow {
    package static let table = "Port_Binding"
    /// `nat_addresses` is left out on purpose: northd fills it for gateway ports and for interfaces with
    /// reside-on-redirect-chassis alike, so it tells nothing, and it changes with every floating IP.
    package static let columns = [
        "logical_port", "type", "datapath", "chassis", "additional_chassis", "mac", "options", "external_ids", "tag", "up", "port_security",
    ]

    /// The `type` column. The northbound type `router` never appears here: it becomes `patch` or `l3gateway`.
    package enum Kind: Hashable, Sendable {
        /// A VM's or container's port: the empty type.
        case vif
        /// An address that moves between VIFs (VRRP): bound where its parent of the moment is.
        case virtual
        /// A machine outside of OVN (SR-IOV, bare metal): bound to the chassis that answers its DHCP and routes for it.
        case external
        /// Either side of a link between a switch and a distributed router.
        case patch
        /// The part of a distributed gateway port that lives on one chassis: `cr-lrp-…`.
        case chassisRedirect
        /// Where a switch touches a physical network.
        case localnet
        /// Either side of a link between a switch and a router that lives on one chassis.
        case l3Gateway
        /// Any other: localport, l2gateway, vtep, remote, …
        case other(String)

        init(_ text: String) {
            switch text {
            case "": self = .vif
            case "virtual": self = .virtual
            case "external": self = .external
            case "patch": self = .patch
            case "chassisredirect": self = .chassisRedirect
            case "localnet": self = .localnet
            case "l3gateway": self = .l3Gateway
            default: self = .other(text)
            }
        }
    }

    package let uuid: OVSDBUUID
    /// Unique in the database: a Neutron port id, `lrp-…`, `cr-lrp-…`, `provnet-…`.
    package let logicalPort: String
    package let kind: Kind
    package let datapath: OVSDBUUID
    /// The row of the chassis that has claimed the port. It may change from one to another without being empty between.
    package let chassis: OVSDBUUID?
    /// Further chassis during a live migration.
    package let additionalChassis: [OVSDBUUID]
    /// `MAC IP IP…` for switch ports, `MAC IP/LENGTH IP/LENGTH…` for router ports, also `unknown`, `router`, `dynamic`.
    package let addresses: [String]
    /// `MAC IP IP/LENGTH…`: what a machine may send from. Neutron puts allowed address pairs here. Empty before OVN 22.12.
    package let portSecurity: [String]
    /// VLAN of a localnet port, 1…4095; nil if untagged.
    package let tag: UInt16?
    /// False while ovn-controller has claimed the port and not yet installed its flows, and when the port went down
    /// while bound. Absent, as on ports that have no such state, counts as up.
    package let isUp: Bool
    package let options: StringMap
    package let externalIDs: StringMap

    package init(_ values: RowValues) throws(RowProblem) {
        guard let logicalPort = values["logical_port"]?.string, !logicalPort.isEmpty else {
            throw values.problem("logical_port", "", "is empty")
        }
        guard let datapath = values["datapath"]?.uuid else {
            throw values.problem("datapath", "", "refers to no datapath", name: logicalPort)
        }
        uuid = values.uuid
        self.logicalPort = logicalPort
        self.datapath = datapath
        kind = Kind(values["type"]?.string ?? "")
        chassis = values["chassis"]?.uuid
        additionalChassis = values["additional_chassis"]?.uuids ?? []
        addresses = values["mac"]?.strings ?? []
        portSecurity = values["port_security"]?.strings ?? []
        tag = values.integer("tag", in: 1...4095)
        isUp = values["up"]?.boolean ?? true
        options = values.map("options")
        externalIDs = values.map("external_ids")
    }
}
