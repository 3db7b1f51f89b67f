import EVPN
import FederationModel
import NetworkTypes

/// The decisions on one VPN.
extension AgentCore {
    /// A VPN is one resource, with however many VNIs: its acknowledgement and its problems are those of all together.
    mutating func decide(on vpn: VPNIntent, _ design: HostDesign, _ base: NodePlan, _ decision: inout Decision, at now: Int64) {
        let designs = vpn.instances.compactMap { design.vpns[$0] }
        var whole = NodePlan(
            problems: (selection.problems[vpn.name] ?? []) + trust.problems(of: selection.routers(of: vpn.name), at: now)
                + (learned?[vpn.name]?.problems(of: vpn.name) ?? []))
        var refusals: [String] = []
        for one in designs {
            let plan = Self.dataPlane.plan(one, beside: designs.filter { $0.index != one.index }, isBaseInForce: base.isSettled, on: host)
            judge(one, plan, &decision, at: now)
            whole.steps += plan.steps
            whole.waits += plan.waits
            whole.problems += plan.problems.filter { !whole.problems.contains($0) }
            if let reason = attempts.reason(one.instance, among: plan.steps) {
                refusals.append(reason)
                whole.problems.append(Self.stepFailed(reason))
            } else {
                refusals += [plan.refusal].compactMap(\.self)
            }
        }
        whole.problems += delivery.problems[vpn.name] ?? []
        whole.problems += selection.routers(of: vpn.name).sorted().flatMap { nextHopProblems(of: $0) }
        whole.problems += diversionProblems(of: vpn.name)
        if let wait = handover(of: vpn, design, whole, at: now) {
            whole.waits.append(wait)
            waits.append(wait)
        }
        problems[vpn.name] = whole.problems
        acknowledge(.vpn(vpn.name), vpn.version, whole, refusal: refusals.first)
    }

    /// What the secondary VNI is still needed for; were the VPN acknowledged, the coordinator would take it away. Nil: nothing.
    private mutating func handover(of vpn: VPNIntent, _ design: HostDesign, _ plan: NodePlan, at now: Int64) -> String? {
        if vpn.secondary == nil || !plan.steps.isEmpty { sentAlone[vpn.name] = nil }
        if let late = design.sentInSecondary[vpn.name]?.min() { return "\(vpn.encapsulation) to learn \(late)" }
        guard let other = vpn.secondary?.encapsulation, plan.isSettled else { return nil }
        // Open vSwitch goes on as before for a moment after a flow was replaced.
        let since = sentAlone[vpn.name].flatMap { $0.encapsulation == vpn.encapsulation ? $0.since : nil } ?? now
        sentAlone[vpn.name] = SentAlone(encapsulation: vpn.encapsulation, since: since)
        return (0..<Self.drain).contains(now - since) ? "packets on their way in \(other)" : nil
    }

    private mutating func judge(_ vpn: VPNDesign, _ plan: NodePlan, _ decision: inout Decision, at now: Int64) {
        for case .restateTargets(let stanza, let vni) in plan.steps where restated[vpn.instance] == vni {
            // It was carried out, and what is in force is the same as before.
            restated[vpn.instance] = nil
            attempts.failed(
                vpn, step: .restateTargets(stanza, of: vni),
                reason:
                    "bgpd keeps route targets of VNI \(vni.vni) that are not configured, or lacks configured ones, though they were set anew",
                at: now)
        }
        if plan.isSettled {
            inForce[vpn.instance] = vpn
            attempts.succeeded(vpn.instance)
        } else if inForce[vpn.instance] == vpn, !plan.steps.isEmpty, attempts.mayTry(vpn, at: now) {
            journal.record(plan.steps, of: vpn.vpn, at: now)
        }
        let known = tunnels(of: vpn.index).values
        // Entries that are missing are no matter of the plan, but whoever waits looks again soon.
        if known.contains(where: { !$0.isReady }) { waits.append("tunnel entries of \(vpn.names.vrf)") }
        if plan.isSettled, let vni = host.routing?.vniBindings[vpn.names.vrf], let remedy = watch.judge(vpn.instance, known, at: now) {
            let anew = remedy == .announce ? Step.announceRoutes(vpn.routing) : .unbindVNI(vrf: vpn.names.vrf, vni: vni)
            journal.record([anew], of: vpn.vpn, at: now)
            decision.vpns.append((vpn, [anew]))
            if remedy == .rebind { waits.append("zebra to forget VNI \(vni)") }
        } else if attempts.mayTry(vpn, at: now) {
            decision.vpns.append((vpn, plan.steps))
            waits += plan.waits
        }
    }
}
