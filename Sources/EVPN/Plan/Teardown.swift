import FederationModel
import NetworkTypes

/// Removes what the node holds for VPNs, or VNIs of VPNs, that are no longer intended.
package enum Teardown {
    /// - Parameter keep: the designs that stay.
    package static func plan(keeping keep: some Collection<VPNDesign>, on host: ObservedHost) -> NodePlan {
        var plan = NodePlan()
        guard let kernel = host.kernel, let switching = host.switching, let routing = host.routing, let flows = host.flows else {
            return plan
        }
        let stale = leftovers(kernel, routing, flows).subtracting(keep.map(\.index)).sorted()
        guard !stale.isEmpty else { return plan }
        let names = stale.map(LocalNames.init)

        let bound = names.compactMap { name in routing.vniBindings[name.vrf].map { (name.vrf, $0) } }
        guard bound.isEmpty else {
            plan.steps = bound.map { .unbindVNI(vrf: $0.0, vni: $0.1) }
            plan.waits = bound.map { "bgpd to release VNI \($0.1)" }
            return plan
        }
        let kept = Set(keep.map(\.vni))
        for name in names {
            guard case .vxlan(let vni, _)? = kernel.links[name.vxlan]?.kind, !kept.contains(vni), routing.vnis[vni] != nil else { continue }
            plan.waits.append("bgpd to release VNI \(vni)")
        }
        guard plan.waits.isEmpty else { return plan }

        for name in names {
            for bridge in flows.keys.sorted() {
                let stale = Flow.gone((flows[bridge] ?? []).filter { $0.index == name.index }, beside: keep, on: bridge)
                if !stale.isEmpty { plan.steps.append(.changeFlows(bridge: bridge, add: [], remove: stale)) }
            }
            if let instance = routing.vrfs[name.vrf] { plan.steps.append(.removeVRF(instance)) }
            plan.steps += links(of: name, kernel, switching)
        }
        return plan
    }

    /// All indexes of which something exists.
    private static func leftovers(_ kernel: ObservedKernel, _ routing: ObservedRouting, _ flows: [String: Set<Flow>]) -> Set<Int> {
        var found: Set<Int> = []
        for stem in ["fed", "fedbr", "fedvx"] {
            found.formUnion(kernel.links.keys.compactMap { LocalNames.index(in: $0, stem: stem) })
        }
        found.formUnion(routing.vrfs.keys.compactMap(LocalNames.index(ofVRF:)))
        found.formUnion(routing.vniBindings.keys.compactMap(LocalNames.index(ofVRF:)))
        for set in flows.values { found.formUnion(set.map(\.index)) }
        return found.subtracting([Flow.nodeIndex])
    }

    /// Ports of the VRF first, then their masters.
    private static func links(of name: LocalNames, _ kernel: ObservedKernel, _ switching: ObservedSwitch) -> [Step] {
        var steps: [Step] = []
        let insides = kernel.links.filter { $0.value.master == name.vrf && LocalNames.index(in: $0.key, stem: "fedin") != nil }.keys
        for inside in insides.sorted() {
            let outside = "fedov" + inside.dropFirst("fedin".count)
            if let port = switching.ports[outside] { steps.append(.removePort(SwitchPort(bridge: port.bridge, name: outside))) }
            steps.append(.deleteLink(inside))
        }
        for link in [name.vxlan, name.bridge, name.vrf] where kernel.links[link]?.kind != nil { steps.append(.deleteLink(link)) }
        return steps
    }
}
