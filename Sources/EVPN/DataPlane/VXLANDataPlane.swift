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

    /// A flow leads to a destination from every subnet of its family.
    package func steered(
        _ destinations: Set<IPPrefix>, of indexes: [Int], by routers: [HostedRouter], on host: ObservedHost
    ) -> [IPPrefix] {
        let flows = (host.flows ?? [:]).values.joined().filter { indexes.contains($0.index) && $0.sourceMAC != nil && $0.action != .drop }
        var sources: [IPPrefix: Set<IPPrefix>] = [:]
        for flow in flows {
            if let destination = flow.destination, let source = flow.source { sources[destination, default: []].insert(source) }
        }
        let subnets = routers.reduce(into: Set<IPPrefix>()) { $0.formUnion($1.subnets) }
        let families = Set(subnets.map(\.family))
        let needless = routers.isEmpty ? [] : destinations.filter { !families.contains($0.family) }
        let led = sources.filter { destination, found in subnets.filter { $0.family == destination.family }.isSubset(of: found) }.keys
        return Set(needless).union(led).sorted()
    }
}
