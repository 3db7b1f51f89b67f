import OVSDB

/// How Neutron names its objects in OVN (neutron/common/ovn/utils.py and constants.py).
package enum NeutronName {
    /// The OpenStack id in `neutron-<uuid>`. Any other name is used as it is: the row was created without Neutron.
    package static func identifier(in name: String) -> String {
        let prefix = "neutron-"
        guard name.hasPrefix(prefix) else { return name }
        let rest = String(name.dropFirst(prefix.count))
        return OVSDBUUID(rest) == nil ? name : rest
    }

    static let routerName = "neutron:router_name"
    static let networkName = "neutron:network_name"
    static let portName = "neutron:port_name"
    /// The Keystone project of a port. Only Neutron can set it, not tenants; empty for a router's gateway port.
    static let projectID = "neutron:project_id"
    static let deviceOwner = "neutron:device_owner"
    /// The metadata port of a network; it belongs to the network's project.
    static let distributed = "network:distributed"
    static let isExternalGateway = "neutron:is_ext_gw"
}
