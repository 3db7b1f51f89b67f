import FederationModel
import NetworkTypes

/// VXLAN in the kernel, with a hand-off from OVN: a VRF, a bridge and a VXLAN device for each VPN, and a veth pair with flows on the provider
/// bridge, which lead what federated routers send to federated destinations into the VRF, and what comes from it back.
package struct VXLANDataPlane: DataPlane {
    package init() {}

    package func design(_ input: Designer.Input, indexes: inout LocalIndexes) -> HostDesign {
        Designer.design(input, indexes: &indexes)
    }

    package func plan(_ design: HostDesign, on host: ObservedHost) -> NodePlan { Planner.plan(guards: design.guards, on: host) }

    package func plan(_ design: VPNDesign, beside others: [VPNDesign], isBaseInForce: Bool, on host: ObservedHost) -> NodePlan {
        Planner.plan(design, beside: others, isBaseInForce: isBaseInForce, on: host)
    }

    package func teardown(keeping keep: [VPNDesign], on host: ObservedHost) -> NodePlan { Teardown.plan(keeping: keep, on: host) }

    /// A flow leads to a destination from every subnet of its family, by every gateway port, and every router sends that family out.
    package func steered(
        _ destinations: Set<IPPrefix>, of indexes: [Int], by routers: [HostedRouter], on host: ObservedHost
    ) -> [IPPrefix] {
        /// Packets of one subnet that leave by one gateway port.
        struct Stream: Hashable {
            var mac: MACAddress
            var subnet: IPPrefix
        }
        var streams: [IPPrefix: Set<Stream>] = [:]
        for flow in (host.flows ?? [:]).values.joined()
        where indexes.contains(flow.index) && flow.action != .drop && !flow.isOfProbes {
            guard let destination = flow.destination, let subnet = flow.source, let mac = flow.sourceMAC else { continue }
            streams[destination, default: []].insert(Stream(mac: mac, subnet: subnet))
        }
        var wanted: [AddressFamily: Set<Stream>] = [:]
        // Without an address of the family, a router sends nothing of it to where it could be steered.
        var lacking: Set<AddressFamily> = []
        for router in routers {
            for subnet in router.subnets {
                if router.nextHop(subnet.family) == nil { lacking.insert(subnet.family) }
                for exit in router.exits { wanted[subnet.family, default: []].insert(Stream(mac: exit.mac, subnet: subnet)) }
            }
        }
        let needless = routers.isEmpty ? [] : destinations.filter { wanted[$0.family] == nil }
        let led = streams.filter { destination, found in
            !lacking.contains(destination.family) && wanted[destination.family]?.isSubset(of: found) ?? true
        }.keys
        return Set(needless).union(led).sorted()
    }
}
