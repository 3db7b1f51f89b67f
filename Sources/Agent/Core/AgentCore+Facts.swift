import EVPN
import FederationModel
import OVN

/// What is seen, and what became of what was done.
extension AgentCore {
    mutating func see(_ view: NorthboundView?) {
        if let view { exemptions.see(view) }
    }

    mutating func see(_ view: ObservedKernel?, after time: Int64, at now: Int64) {
        if let view { host.kernel = view }
        sources.looked(.kernel, succeeded: view != nil, at: now, failure: "netlink gives no answer")
        schedule.looked(.kernel, at: now, succeeded: view != nil, after: time)
        turn?.looks.remove(.kernel)
    }

    /// Nil: bgpd or zebra cannot be asked, so nothing is planned until they can.
    mutating func see(_ view: ObservedRouting?, after time: Int64, at now: Int64) {
        host.routing = view
        host.routing?.readAt = now &- time
        reportedRouting = host.routing
        schedule.looked(.routing, at: now, succeeded: view != nil)
        sources.looked(.routing, succeeded: view != nil, at: now &- time, failure: "bgpd or zebra gives no answer")
        turn?.looks.remove(.routing)
    }

    mutating func see(_ view: [String: Set<Flow>]?, at now: Int64) {
        let isOutdated = flowLook == .outdated
        flowLook = nil
        schedule.looked(.flows, at: now, succeeded: view != nil)
        sources.looked(.switchFlows, succeeded: view != nil, at: now, failure: "ovs-vswitchd does not tell its flows")
        guard let view else { return }
        if isOutdated { schedule.soon(.flows, now) } else { host.flows = view }
    }

    /// What failed is tried again later, and the others go on.
    mutating func carriedOut(_ count: Int, of instance: VPNInstance?, _ stop: Event.Stop?, at now: Int64) {
        guard let work = turn?.works.first, work.design?.instance == instance, count >= 0 else { return }
        let (steps, design) = (work.steps, work.design)
        turn?.works.removeFirst()
        for step in steps.prefix(count) {
            carriedOut(step, of: instance)
            turn?.touched.insert(step.surface)
        }
        guard let stop, count < steps.count else { return }
        let step = steps[count]
        switch (stop, design) {
        case (.outdated, _):
            // Whatever was decided on that is to be decided anew.
            host.routing = nil
            turn?.touched.insert(step.surface)
        case (.failure(let reason), let design?):
            attempts.failed(design, step: step, reason: reason, at: now)
            turn?.touched.insert(step.surface)
        case (.failure(let reason), nil):
            commonFailure = CommonFailure(step: step, reason: reason, pause: Pause(from: now))
        }
    }

    /// A step was carried out: until the next look at the node, that is how it is.
    private mutating func carriedOut(_ step: Step, of instance: VPNInstance?) {
        switch step {
        case .addPort(let port):
            let ofport = host.switching?.ports[port.name]?.ofport
            host.switching?.ports[port.name] = ObservedSwitchPort(bridge: port.bridge, tag: SwitchPort.isolationVLAN, ofport: ofport)
        case .removePort(let port): host.switching?.ports[port.name] = nil
        case .changeFlows(let bridge, let add, let remove):
            let replaced = Set(add.map(\.matchOnly))
            let kept = (host.flows?[bridge] ?? []).subtracting(remove).filter { !replaced.contains($0.matchOnly) }
            host.flows?[bridge] = kept.union(add)
        case .configureVRF(let from, let to):
            host.routing?.vrfs[to.vrf] = to
            if from?.importTargets != to.importTargets || from?.exportTargets != to.exportTargets,
                let vni = host.routing?.vniBindings[to.vrf]
            {
                // What is in force now, only bgpd can tell.
                host.routing?.vnis[vni] = nil
            }
        case .restateTargets(_, let vni):
            host.routing?.vnis[vni.vni] = nil
            if let instance { restated[instance] = vni }
        case .removeVRF(let instance): host.routing?.vrfs[instance.vrf] = nil
        case .bindVNI(let vrf, let vni): host.routing?.vniBindings[vrf] = vni
        case .unbindVNI(let vrf, _): host.routing?.vniBindings[vrf] = nil
        case .configureBase(let from, let to): host.routing?.base = to.applied(to: from)
        default: break  // The kernel is read again after every change to it.
        }
    }
}
