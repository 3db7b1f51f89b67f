import OVSDB

/// How Neutron names its things in OVN (neutron/common/ovn/utils.py and constants.py).
package enum NeutronName {
    /// The OpenStack id in `neutron-<uuid>`. Any other name stands for itself: somebody made that row without Neutron.
    package static func identifier(in name: String) -> String {
        let prefix = "neutron-"
        guard name.hasPrefix(prefix) else { return name }
        let rest = String(name.dropFirst(prefix.count))
        return OVSDBUUID(rest) == nil ? name : rest
    }

    static let routerName = "neutron:router_name"
    static let portName = "neutron:port_name"
    /// Of every port: the Keystone project whose it is. Neutron sets it, and no tenant can; of a router's gateway port it is empty.
    static let projectID = "neutron:project_id"
    static let deviceOwner = "neutron:device_owner"
    /// The port through which a network's metadata are served, one in each; it is the project's whose network it is.
    static let distributed = "network:distributed"
    static let isExternalGateway = "neutron:is_ext_gw"
}
