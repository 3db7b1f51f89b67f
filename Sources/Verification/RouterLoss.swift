import FederationModel
import NetworkTypes

/// Probes that another gateway sends through a gateway's router of OVN: what lies between the gateway's VRF and that router.
///
/// One end is believed alone: nobody at the other one answers, so that no agent that has stopped is taken for a loss.
struct RouterLoss {
    /// Who asks.
    private let asker: GatewayInVPN
    /// Behind which the router is.
    private let site: GatewayInVPN
    private let router: ProbedRouter
    private let report: ProbeReport
    private let probes: ProbeReport.Router

    /// - Returns: nil: no such probes are to be expected, or the agents do not know them.
    init?(of asker: GatewayInVPN, through site: GatewayInVPN, _ family: AddressFamily) {
        guard let router = site.report?.probedRouter, router.families.contains(family),
            let report = asker.probes(to: site.base.vtep, family), let probes = report.router
        else { return nil }
        (self.asker, self.site, self.router, self.report, self.probes) = (asker, site, router, report, probes)
    }

    /// Whether packets to a prefix go through this router.
    func concerns(_ prefix: IPPrefix) -> Bool { router.subnets.contains { $0.contains(prefix) } }

    /// Whether the gateway has no other router of the VPN.
    var isOnly: Bool { site.report?.attachments.allSatisfy { $0.hosted.allSatisfy { $0 == router.id } } ?? false }

    /// - Parameter step: at which what is found stands.
    func finding(at step: RouteStep) -> ProbeJudge.Finding {
        switch (probes.small.outcome, probes.large.outcome) {
        case (.lost, _): .bad(unanswered(probes.small, isLarge: false, step))
        case (.waiting, _): .notProbed
        case (_, .lost): .bad(unanswered(probes.large, isLarge: true, step))
        case (_, .waiting): .notProbed
        case (.returned, .returned): .good
        case (let small, _): .bad(lossy(isLarge: small != .lossy))
        }
    }

    /// Of large ones, in bytes of IP: what all that may be behind a router carries (RFC 8200, section 5).
    private var size: Int { min(report.largeSize, 1_280) }

    private var place: String { "router \(router.id) of \(site.id)" }

    private func unanswered(_ part: ProbeReport.Part, isLarge: Bool, _ step: RouteStep) -> Cause {
        let size = isLarge ? "packets of \(self.size) bytes" : "packets"
        let family = report.family == .ipv4 ? "IPv4" : "IPv6"
        var evidence = ["\(asker.id): \(isLarge ? "large" : "all") probes through \(place) (\(family)) are lost since \(utc(part.since))"]
        if isLarge { evidence.append("\(asker.id): small ones come back") }
        evidence.append("\(asker.id): those that end in the VRF of \(site.id) come back, so that the tunnel is whole")
        var cause = Cause(
            .routerUnanswered,
            "\(family) \(size) get to \(site.id) in VPN \(site.intent.name) and do not pass between its VRF and router \(router.id)",
            evidence: evidence + site.complaints, remedy: remedy(isLarge: isLarge))
        cause.step = step
        return cause
    }

    private func lossy(isLarge: Bool) -> Cause {
        let size = isLarge ? "packets of \(self.size) bytes" : "packets"
        return Cause(
            .probeLossy,
            "some \(size) between the VRF of \(site.id) and router \(router.id) are lost in VPN \(site.intent.name): \(probes.loss) % of them",
            evidence: [
                "\(asker.id): \(probes.loss) % of the latest 30 \(isLarge ? "large " : "")probes through \(place) did not come back"
            ],
            remedy: remedy(isLarge: isLarge))
    }

    /// A look, in the order in which a packet passes.
    private func remedy(isLarge: Bool) -> String {
        "to look, on \(site.place): `nft list ruleset` (and “iptables-legacy-save -c” where that is in use) shows what drops packets that are forwarded"
            + (isLarge ? " and large; `ip link show` shows the MTU of the hand-off (“fedin”, “fedov”)" : "")
            + "; `tc -s qdisc show` shows which device drops; \(Remedy.bridges) shows entries before the agent’s (priority above 1000); and in the cloud, "
            + "`ovn-sbctl --columns=logical_port,chassis,up find Port_Binding type=chassisredirect` whether the router is there"
    }
}
