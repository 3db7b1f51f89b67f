import FederationAPI
import FederationModel
import FederationViews
import Terminal
import Verification

extension Overview {
    /// One screen.
    /// - Parameter now: milliseconds since 1970.
    func page(now: Int64) -> Page {
        var page = Page()
        page.field("federation", StyledText(status.federation.text, .heading))
        guard status.revision > 0 else {
            page.field("revision", "none: fedctl apply -f FILE makes the first")
            status.problems.add(to: &page)
            return page
        }
        page.field("revision", StyledText("\(status.revision)"))
        if let pending = status.pendingCommit { page.field("probation", pending.line(now: now)) }
        page.field("agents", agents(now: now))
        page.field("resources", resources)
        if !status.vniChanges.isEmpty { page.field("VNI changes", vniChanges) }
        page.field("pairs", pairs)
        if verification.size > 0 { page.field("probes", StyledText(verification.probes.state)) }
        page.field("state", StyledText(sentence, style))
        status.problems.add(to: &page)
        return page
    }

    private static let nameLimit = 8

    private func agents(now: Int64) -> [StyledText] {
        let connected = status.agents.count - silent.count
        return [StyledText("\(connected) of \(status.agents.count) connected", silent.isEmpty ? .good : .doubtful)]
            + silent.prefix(Self.nameLimit).map { agent in
                StyledText("\(agent.gateway) ", .bad)
                    + StyledText(agent.presence.word + (agent.lastSeen.map { ", last heard \(age(milliseconds: now - $0)) ago" } ?? ""))
            } + more(silent.count, "fedctl get agents")
    }

    private var resources: [StyledText] {
        let rejected = status.rejected
        let intended = status.agents.reduce(0) { $0 + $1.resources.count { $0.intended != nil } }
        return [
            StyledText(
                "\(intended - status.pending) of \(intended) applied", status.pending == 0 ? .good : rejected.isEmpty ? .doubtful : .bad)
        ]
            + refusals.prefix(Self.nameLimit).map { refusal in
                StyledText("\(refusal.agent) refused \(refusal.resources.joined(separator: ", ")): ", .bad) + StyledText(refusal.reason)
            } + more(refusals.count, "fedctl get agents -o json")
    }

    /// Each reason once per gateway, whatever it is the reason for.
    private var refusals: [(agent: GatewayID, reason: String, resources: [String])] {
        var found: [(agent: GatewayID, reason: String, resources: [String])] = []
        for rejection in status.rejected {
            let (reason, resource) = (rejection.resource.rejection ?? "", rejection.resource.resource.description)
            if let place = found.firstIndex(where: { $0.agent == rejection.agent && $0.reason == reason }) {
                found[place].resources.append(resource)
            } else {
                found.append((rejection.agent, reason, [resource]))
            }
        }
        return found
    }

    private var pairs: [StyledText] {
        // One cause may break dozens of pairs: it is said once.
        let sum = verification.size == 0 ? StyledText("none: no VPN has two clouds") : verification.sum
        return [sum]
            + verification.groups.prefix(Self.nameLimit).map { group in
                let first = "\(group.first.vpn) \(group.first.direction)"
                let others = group.pairs > 1 ? " and \(count(group.pairs - 1, "more pair"))" : ""
                return group.first.state.styled + StyledText(" \(first)\(others): \(group.first.cause?.sentence ?? "unknown cause")")
            } + more(verification.groups.count + verification.moreGroups, "fedctl verify")
    }

    private var vniChanges: [StyledText] {
        status.vniChanges.prefix(Self.nameLimit).map { $0.line(isOnProbation: status.pendingCommit != nil) }
            + more(status.vniChanges.count, "fedctl status -o json")
    }

    private func more(_ number: Int, _ command: String) -> [StyledText] {
        number > Self.nameLimit ? [StyledText("… and \(number - Self.nameLimit) more: \(command)", .faint)] : []
    }

    private var sentence: String {
        switch exitStatus {
        case .ok where verification.state == .ok: "in sync: every agent applied the revision, and packets pass between every pair"
        case .ok where verification.state == .degraded: "in sync: every agent applied the revision; packets pass, and some are lost"
        case .ok: "in sync: every agent applied the revision, and every pair is programmed"
        case .changesPending: "changes are in progress: run fedctl status again in some seconds"
        case .unknown: "not everything is known: check why the agents above are silent"
        case _ where isBrokenAtCoordinator: "the coordinator has a problem: see below"
        default: "something is broken: fedctl verify shows where and what to do"
        }
    }

    private var style: Style {
        switch exitStatus {
        case .ok: .good
        case .changesPending, .unknown: .doubtful
        default: .bad
        }
    }
}
