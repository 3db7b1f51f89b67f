import FederationModel
import NetworkTypes

extension Designer {
    /// Flows on the provider bridges: federated destinations to the VRF, by whichever gateway port the router sends them out, and from the
    /// VRF to this router's subnets only.
    /// - Parameter outside: the hand-off's end on a provider bridge.
    static func steer(
        _ router: HostedRouter, _ portion: SharedDestinations.Portion, _ outside: (ProviderNetwork) -> String?, _ base: BaseIntent,
        _ input: Input, _ design: inout VPNDesign
    ) {
        guard let switching = input.switching else { return }
        for (number, exit) in router.exits.enumerated() {
            let provider = exit.provider
            guard let patch = switching.patchPorts[provider.patchPort] else {
                design.problems.append(
                    Problem(
                        code: .patchPortMissing,
                        message: "\(provider.bridge) has no port \(provider.patchPort): no traffic of router \(router.id) can be steered",
                        remedy:
                            "check that this node maps the bridge: `ovs-vsctl --if-exists get Open_vSwitch . external_ids:ovn-bridge-mappings`; "
                            + "and that ovn-controller, which creates the port, is running: `systemctl status ovn-controller`"))
                continue
            }
            guard let port = outside(provider.network).flatMap({ switching.ports[$0]?.ofport }) else { continue }
            var flows = out(router, portion, by: exit, patch, to: port, base, design.index)
            if number == 0 { flows.formUnion(into(router, portion, from: port, to: patch, design.index)) }
            design.flows[provider.bridge, default: []].formUnion(flows)
        }
    }

    /// Drops what a router sends to a destination that no VPN steers to.
    /// - Parameters:
    ///   - mac: of its gateway port.
    ///   - patch: the number of the port by which it comes from OVN.
    ///   - vlan: of the provider network; nil: none.
    package static func drop(_ destination: IPPrefix, from mac: MACAddress, _ patch: UInt32, vlan: UInt16?) -> Flow {
        Flow(
            index: Flow.nodeIndex, priority: unsteeredPriority, inPort: patch, vlan: vlan, sourceMAC: mac, destination: destination,
            action: .drop)
    }

    /// What leaves OVN by one gateway port.
    private static func out(
        _ router: HostedRouter, _ portion: SharedDestinations.Portion, by exit: FurtherGateway, _ patch: UInt32, to port: UInt32,
        _ base: BaseIntent, _ index: Int
    ) -> Set<Flow> {
        let vlan = exit.provider.vlan
        func flow(_ priority: UInt16, _ source: IPPrefix, _ destination: IPPrefix, _ action: Flow.Action) -> Flow {
            Flow(
                index: index, priority: priority, inPort: patch, vlan: vlan, sourceMAC: exit.mac, source: source, destination: destination,
                action: action)
        }
        var flows: Set<Flow> = []
        for subnet in router.subnets {
            for destination in portion.steered where destination.family == subnet.family {
                flows.insert(
                    flow(steerPriority, subnet, destination, .deliver(mac: base.routerMAC, stripVLAN: vlan != nil, port: port)))
            }
            for hole in portion.holes where hole.family == subnet.family { flows.insert(flow(refusePriority, subnet, hole, .drop)) }
        }
        // The router's NAT leaves all that goes to a steered destination alone, whoever sends it: from networks that do not take part,
        // it would leave the cloud with the tenant's own address.
        for network in router.connected where !router.subnets.contains(where: { $0.contains(network) }) {
            for destination in portion.steered where destination.family == network.family {
                flows.insert(flow(dropPriority, network, destination, .drop))
            }
        }
        return flows
    }

    /// What enters OVN by the first gateway port.
    private static func into(
        _ router: HostedRouter, _ portion: SharedDestinations.Portion, from port: UInt32, to patch: UInt32, _ index: Int
    ) -> Set<Flow> {
        func refusal(source: IPPrefix? = nil, destination: IPPrefix? = nil) -> Flow {
            Flow(
                index: index, priority: refusePriority, inPort: port, destinationMAC: router.gatewayMAC, source: source,
                destination: destination, action: .drop)
        }
        var flows = Set(router.subnets.map { injection(into: $0, of: router, from: port, to: patch, index: index) })
        for address in router.excluded { flows.insert(refusal(destination: address)) }
        // Its answers would go to the other VPN.
        for source in portion.refused { flows.insert(refusal(source: source)) }
        return flows
    }
}
