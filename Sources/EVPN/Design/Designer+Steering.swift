import FederationModel
import NetworkTypes

extension Designer {
    /// Flows on the provider bridge: federated destinations to the VRF, and from the VRF to this router's subnets only.
    static func steer(
        _ router: HostedRouter, _ portion: SharedDestinations.Portion, _ outside: String, _ base: BaseIntent, _ input: Input,
        _ design: inout VPNDesign
    ) {
        let provider = router.provider
        guard let switching = input.switching else { return }
        guard let patch = switching.patchPorts[provider.patchPort] else {
            design.problems.append(
                Problem(
                    code: .patchPortMissing,
                    message: "\(provider.bridge) has no port \(provider.patchPort): no traffic of router \(router.id) can be steered",
                    remedy:
                        "check that this node maps the bridge: `ovs-vsctl --if-exists get Open_vSwitch . external_ids:ovn-bridge-mappings`; "
                        + "and that ovn-controller, which creates the port, is running: `systemctl status ovn-controller`"))
            return
        }
        guard let port = switching.ports[outside]?.ofport else { return }
        var flows: Set<Flow> = []
        for subnet in router.subnets {
            for destination in portion.steered where destination.family == subnet.family {
                flows.insert(
                    Flow(
                        index: design.index, priority: steerPriority, inPort: patch, vlan: provider.vlan,
                        sourceMAC: router.gatewayMAC, source: subnet, destination: destination,
                        action: .deliver(mac: base.routerMAC, stripVLAN: provider.vlan != nil, port: port)))
            }
            for hole in portion.holes where hole.family == subnet.family {
                flows.insert(
                    Flow(
                        index: design.index, priority: refusePriority, inPort: patch, vlan: provider.vlan, sourceMAC: router.gatewayMAC,
                        source: subnet, destination: hole, action: .drop))
            }
            flows.insert(
                Flow(
                    index: design.index, priority: steerPriority, inPort: port, destinationMAC: router.gatewayMAC,
                    destination: subnet, action: .inject(vlan: provider.vlan, port: patch)))
        }
        // The router's NAT leaves all that goes to a steered destination alone, whoever sends it: from networks that do not take part,
        // it would leave the cloud with the tenant's own address.
        for network in router.connected where !router.subnets.contains(where: { $0.contains(network) }) {
            for destination in portion.steered where destination.family == network.family {
                flows.insert(
                    Flow(
                        index: design.index, priority: dropPriority, inPort: patch, vlan: provider.vlan, sourceMAC: router.gatewayMAC,
                        source: network, destination: destination, action: .drop))
            }
        }
        for source in portion.refused {
            // Its answers would go to the other VPN.
            flows.insert(
                Flow(
                    index: design.index, priority: refusePriority, inPort: port, destinationMAC: router.gatewayMAC, source: source,
                    action: .drop))
        }
        design.flows[provider.bridge, default: []].formUnion(flows)
    }
}
