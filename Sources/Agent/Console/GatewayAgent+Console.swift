import EVPN
import FederationModel
import NetworkTypes

/// What the agent answers on its console.
extension GatewayAgent {
    /// - Parameters:
    ///   - content: the newest report; nil: there is none yet.
    package func answer(_ request: ConsoleRequest, _ content: ReportBoard.Content?, _ link: CoordinatorLink) -> ConsoleReply {
        switch request {
        case .status: return .status(status(content?.report, link.state))
        case .explain(let name, let prefix):
            guard let intent = core.keeper.intent else {
                return .refused("no intent has come from the coordinator yet: `fed-agent status` shows the session")
            }
            guard let vpn = intent.vpns[name] else {
                let known = intent.vpns.keys.sorted().map(\.description).joined(separator: ", ")
                return .refused("unknown VPN \(name): this gateway has \(known.isEmpty ? "none" : known)")
            }
            let report = content?.report
            return .explanation(
                RouteExplanation(
                    vpn, prefix, report?.vpns[name] ?? VPNReport(name: name), received: report?.received ?? [],
                    state: state(.vpn(name), vpn.version)))
        }
    }

    private func status(_ report: GatewayReport?, _ link: CoordinatorLink.State) -> NodeStatus {
        let intent = core.keeper.intent
        let now = Self.now
        let explanation = Explanation(core, [], seenAt: seenAt, now: now)
        let vpns = (intent?.vpns.values.sorted { $0.name < $1.name } ?? []).map { vpn in
            NodeStatus.VPN(
                report?.vpns[vpn.name] ?? VPNReport(name: vpn.name), state: state(.vpn(vpn.name), vpn.version),
                vnis: vpn.bindings.map { "\($0.encapsulation)" })
        }
        return NodeStatus(
            software: report?.base.software ?? Self.software, now: now, startedAt: startedAt, gateway: intent.map { "\($0.gateway)" },
            federation: intent.map { "\($0.federation)" }, revision: intent?.revision, coordinator: link, sources: explanation.facts,
            silent: core.sources.silent(at: now),
            base: intent.map { state(.base, $0.base.version) } ?? "waiting", vpns: vpns, waits: core.waits,
            problems: report?.base.problems ?? core.baseProblems)
    }

    private func state(_ name: ResourceName, _ version: ResourceVersion) -> String {
        switch core.acknowledgements[name] {
        case .applied(version): "applied"
        case .rejected(version, let reason): "refused: \(reason)"
        default: "waiting"
        }
    }
}

extension Event {
    /// Something was seen: `nil` in its place says that it could not be.
    var isSighting: Bool {
        switch self {
        case .node, .switching, .cloud, .message: true
        case .northbound(let view): view != nil
        case .kernel(let view, _): view != nil
        case .routing(let view, _): view != nil
        case .flows(let view): view != nil
        case .offers(let view): view != nil
        case .nextHops(let view): view != nil
        case .kernelChanged, .routingLost, .source, .carriedOut, .exempted, .echoesSent, .session, .timer: false
        }
    }
}
