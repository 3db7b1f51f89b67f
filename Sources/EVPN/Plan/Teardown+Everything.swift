import FRR
import NetworkTypes

extension Teardown {
    /// Removes all that is ours on the node, whatever VPN it was of: first what belongs to VPNs, as when they are no longer intended, then
    /// what the node as a whole has. Routes of tables whose VRF is gone are removed too: the kernel leaves those that name no device.
    /// - Parameter managesBase: BGP without VRFs is the agent's. Its instance stays in any case: others may use it by now.
    package static func everything(on host: ObservedHost, managesBase: Bool) -> NodePlan {
        var plan = plan(keeping: [], on: host)
        guard let kernel = host.kernel, let switching = host.switching, let routing = host.routing, let flows = host.flows, plan.isSettled
        else { return plan }
        for (name, port) in switching.ports.sorted(by: { $0.key < $1.key }) {
            plan.steps.append(.removePort(SwitchPort(bridge: port.bridge, name: name)))
        }
        for bridge in flows.keys.sorted() {
            if let ours = flows[bridge], !ours.isEmpty { plan.steps.append(.changeFlows(bridge: bridge, add: [], remove: ours)) }
        }
        let links = kernel.links.filter { LocalNames.isOurs($0.key) && $0.value.kind != nil }.keys.sorted()
        // Of a pair, one end takes the other along.
        plan.steps += links.filter { LocalNames.index(in: $0, stem: "fedov") == nil }.map(Step.deleteLink)
        plan.steps += kernel.routes.sorted { $0.table == $1.table ? $0.order > $1.order : $0.table < $1.table }.map(Step.removeRoute)
        if managesBase, let base = routing.base, base.isOurs { plan.steps.append(.removeBase(base)) }
        return plan
    }
}
