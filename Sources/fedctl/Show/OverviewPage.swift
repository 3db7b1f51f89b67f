import Federation
import Terminal
import Verification

extension Overview {
    /// One screen.
    /// - Parameter now: milliseconds since 1970.
    func page(now: Int64) -> Page {
        var page = Page()
        page.field("federation", StyledText(status.federation, .heading))
        guard status.revision > 0 else {
            page.field("revision", "none: fedctl apply -f FILE makes the first")
            return page
        }
        page.field("revision", StyledText("\(status.revision)"))
        if let probation = status.probation { page.field("probation", probation.line(now: now)) }
        page.field("agents", agents(now: now))
        page.field("resources", resources)
        if !status.vniChanges.isEmpty { page.field("VNI changes", vniChanges) }
        page.field("pairs", pairs)
        if !verification.pairs.isEmpty { page.field("probes", StyledText(Probes.state)) }
        page.field("state", StyledText(sentence, style))
        return page
    }

    private static let nameLimit = 8

    private func agents(now: Int64) -> [StyledText] {
        let connected = status.agents.count - silent.count
        return [StyledText("\(connected) of \(status.agents.count) connected", silent.isEmpty ? .good : .doubtful)]
            + silent.prefix(Self.nameLimit).map { agent in
                StyledText("\(agent.gateway) ", .bad)
                    + StyledText(agent.lastSeen.map { "silent, last heard \(age(milliseconds: now - $0)) ago" } ?? "never connected")
            } + more(silent.count, "fedctl get agents")
    }

    private var resources: [StyledText] {
        let rejected = status.rejected
        let intended = status.agents.reduce(0) { $0 + $1.resources.count { $0.intended != nil } }
        return [
            StyledText(
                "\(intended - status.pending) of \(intended) applied", status.pending == 0 ? .good : rejected.isEmpty ? .doubtful : .bad)
        ]
            + rejected.prefix(Self.nameLimit).map { rejection in
                StyledText("\(rejection.agent) refused \(rejection.resource.resource): ", .bad)
                    + StyledText(rejection.resource.rejection ?? "")
            } + more(rejected.count, "fedctl get agents -o json")
    }

    private var pairs: [StyledText] {
        let bad = verification.pairs.filter { $0.state == .failed || $0.state == .unknown }
        let sum = verification.pairs.isEmpty ? StyledText("none: no VPN has two clouds") : verification.sum
        return [sum]
            + bad.prefix(Self.nameLimit).map { pair in
                pair.state.styled + StyledText(" \(pair.vpn) \(pair.direction): \(pair.cause?.sentence ?? "no cause is known")")
            } + more(bad.count, "fedctl verify")
    }

    private var vniChanges: [StyledText] {
        status.vniChanges.prefix(Self.nameLimit).map { $0.line(isOnProbation: status.probation != nil) }
            + more(status.vniChanges.count, "fedctl status -o json")
    }

    private func more(_ number: Int, _ command: String) -> [StyledText] {
        number > Self.nameLimit ? [StyledText("… and \(number - Self.nameLimit) more: \(command)", .faint)] : []
    }

    private var sentence: String {
        switch exitStatus {
        case .ok: "in sync: every agent applied the revision, and every pair is programmed"
        case .changesPending: "changes are on their way: fedctl status again in some seconds"
        case .unknown: "not all is known: see why the agents above are silent"
        default: "something is broken: fedctl verify says where and what to do"
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
