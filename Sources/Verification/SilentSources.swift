import FederationModel
import NetworkTypes

/// Facts of sources that are silent for too long prove nothing: each step that leans on one is unknown.
extension GatewayInVPN {
    /// Those that a pair with this gateway at this end leans on, the earliest step first.
    func silence(asOrigin: Bool) -> Cause? {
        let causes: [Cause] = silent.compactMap { source in
            var cause = Cause(source, of: self)
            if waits(for: source) {
                cause.step = .acknowledged
                return cause
            }
            guard asOrigin, source.source == .northbound else { return cause }
            // NAT changes the source of what is sent, and that is the viewer's matter.
            guard advertisesByNorthbound else { return nil }
            cause.step = .attached
            return cause
        }
        return causes.min { $0.step.order < $1.step.order }
    }

    /// An agent that starts applies nothing before it has read where its routers are, and nothing of a VPN before its labels.
    private func waits(for source: SilentSource) -> Bool {
        switch source.source {
        case .southbound: baseProgress.state == .pending || progress.state == .pending
        case .northbound:
            progress.state == .pending
                && intent.attachments.contains {
                    $0.selector.kind == .bgpvpn || $0.selector.key == .label && $0.selector.kind != .port
                }
        default: false
        }
    }

    /// What is advertised depends on the northbound database: labels, BGPVPNs, ports, load balancers and static routes are there.
    private var advertisesByNorthbound: Bool {
        intent.attachments.contains {
            $0.selector.key == .label || [.port, .bgpvpn].contains($0.selector.kind) || $0.advertise != .subnets
        }
    }

    /// Why it is not known whether NAT leaves the tenants' traffic alone; nil: what is reported of it is a fact. What it was seen to exempt it
    /// exempts, but of what it lacks, nobody knows how long that is so.
    var unknownExemption: Cause? { northboundSilence.map { Cause($0, of: self) } }

    /// Where routers are is known here.
    var knowsBindings: Bool { !silent.contains { $0.source == .southbound } }
}

extension SilentSource {
    /// One that this version does not know may be anything.
    fileprivate var cause: CauseCode { source?.cause ?? .agentProblem }
}

extension Source {
    fileprivate var cause: CauseCode {
        switch self {
        case .southbound: .southboundSilent
        case .northbound: .northboundSilent
        case .openVSwitch: .openVSwitchSilent
        case .switchFlows: .vswitchdSilent
        case .routing: .frrUnreachable
        case .kernel: .kernelSilent
        }
    }

    fileprivate var name: String {
        switch self {
        case .southbound: "the southbound database"
        case .northbound: "the northbound database"
        case .openVSwitch: "the Open_vSwitch database"
        case .switchFlows: "ovs-vswitchd"
        case .routing: "bgpd or zebra"
        case .kernel: "the kernel"
        }
    }

    fileprivate func remedy(at site: GatewayInVPN) -> String {
        let here = "on \(site.place):"
        return switch self {
        case .southbound:
            "\(here) `ovs-vsctl --if-exists get Open_vSwitch . external_ids:ovn-remote` shows where the agent looks for it; it must answer from this node; if it is dead or "
                + "frozen, on the cloud's central node: `systemctl restart ovn-ovsdb-server-sb`"
        case .northbound:
            "\(here) `ovs-vsctl --if-exists get Open_vSwitch . external_ids:ovn-nb-remote` shows where the agent looks for it, else beside the "
                + "southbound database; it must answer from this node; if it is dead or frozen, on the cloud's central node: "
                + "`systemctl restart ovn-ovsdb-server-nb`"
        case .openVSwitch:
            "\(here) `systemctl status ovsdb-server`; if it is dead or frozen: `systemctl restart ovsdb-server`; the agent continues when it answers again"
        case .switchFlows:
            "\(here) `systemctl status ovs-vswitchd`; if it is dead or frozen, nothing passes: `systemctl restart ovs-vswitchd`; the agent continues when "
                + "it answers again"
        case .routing:
            "\(here) `systemctl status frr`; if bgpd or zebra is dead or frozen: `systemctl restart frr`; the agent continues when they are back"
        case .kernel: "\(here) \(Remedy.journal) shows why it cannot be read"
        }
    }
}

extension Cause {
    fileprivate init(_ silent: SilentSource, of site: GatewayInVPN) {
        let last = utc(silent.since)
        self.init(
            silent.cause,
            "\(site.id) has not heard \(silent.source?.name ?? silent.word) since \(last): what it reports of it may be over",
            evidence: ["\(site.id): \(silent.word) silent since \(last): \(silent.reason)"] + site.complaints,
            remedy: silent.source?.remedy(at: site)
                ?? "the agent is newer than the coordinator, or compromised; on \(site.place): \(Remedy.journal)")
    }
}
