import NetworkTypes

/// The ids of what a cloud of a scenario has in OpenStack.
package struct NeutronCloud: Sendable {
    package let cloud: Scenario.Cloud

    package init(_ cloud: Scenario.Cloud) { self.cloud = cloud }

    private func id(_ kind: String, _ name: String) -> OpenStackID { OpenStackID(of: "\(cloud.name)/\(kind)/\(name)") }

    package func project(_ name: String) -> OpenStackID { OpenStackID(of: "project/\(name)") }
    package func router(_ name: String) -> OpenStackID { id("router", name) }
    package func network(_ name: String) -> OpenStackID { id("network", name) }
    package func subnet(_ network: String, _ prefix: String) -> OpenStackID { id("subnet", "\(network)/\(prefix)") }
    package func securityGroup(_ project: String) -> OpenStackID { id("security-group", project) }
    package func rule(_ project: String, _ number: Int) -> OpenStackID { id("rule", "\(project)/\(number)") }
    /// The port of a machine.
    package func port(_ machine: String) -> OpenStackID { id("port", machine) }
    /// The port of a router in a subnet.
    package func interface(_ router: String, _ prefix: String) -> OpenStackID { id("interface", "\(router)/\(prefix)") }
    /// The port of a router in the provider network.
    package func gateway(_ router: String) -> OpenStackID { id("gateway", router) }
    package var provider: OpenStackID { id("network", "public") }
    package var segment: OpenStackID { id("segment", "public") }
    /// The segment of a network with a VLAN.
    package func segment(_ network: String) -> OpenStackID { id("segment", network) }

    /// Names a gateway's or compute's chassis: the system-id, which Neutron deployments set to the host name.
    package func chassis(_ node: String) -> String { "\(cloud.name)-\(node)" }
}
