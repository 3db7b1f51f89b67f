import FederationModel
import NetworkTypes

/// Common parts of remedies.
///
/// Text in backticks is a complete shell command, except for `FILE`, the admin's federation file. Each is
/// run by a test in the situation that it is printed for. Words of the federation file and of configurations are in “quotes”.
enum Remedy {
    static let journal = "`journalctl -u fed-agent -n 50`"
    static let apply = "`fedctl apply -f FILE`"

    /// Has a name looked for anew.
    static func unpin(_ selector: AttachmentSelector, of cloud: CloudName) -> String {
        let project = selector.project.map { " --project \(ShellText.quoted($0))" } ?? ""
        return "`fedctl unpin \(cloud) \(selector.kind.rawValue) \(ShellText.quoted(selector.value))\(project)`"
    }
    /// All bridges: only the agent knows the provider bridges. The mark is the cookie of the agent's flows.
    static let flows = "`ovs-vsctl list-br | xargs -n 1 ovs-ofctl dump-flows | grep 0xfed`"

    /// All flows of all bridges but OVN's own, the first ones first.
    static let bridges = "`ovs-vsctl list-br | grep -v '^br-int$' | xargs -r -n 1 ovs-ofctl --sort=priority dump-flows`"

    /// For faults that the agent repairs within seconds.
    static func repair(_ site: GatewayInVPN) -> String {
        "the agent repairs this within seconds; if it persists, on \(site.place): `vtysh -c 'show bgp l2vpn evpn vni \(site.intent.encapsulation.vni)'` "
            + "shows what is in force, `vtysh -c 'show vrf vni'` shows the VRF; `systemctl restart fed-agent` configures it again"
    }

    static func bgpRoutes(of prefix: IPPrefix) -> String {
        "`vtysh -c 'show bgp vrf all \(prefix.family.rawValue) unicast \(prefix)'`"
    }

    /// A command that lists the candidates of a selector in the cloud's northbound database.
    static func listing(_ selector: AttachmentSelector) -> String {
        let columns = "ovn-nbctl --columns=name,external_ids"
        func find(_ key: String) -> String {
            "`\(columns) find \(selector.kind.table) \(quoted("external_ids:\(DatabaseText.key(key))=\(DatabaseText.atom(selector.value))"))`"
        }
        switch (selector.kind, selector.key) {
        case (.router, .name): return find("neutron:router_name")
        case (.network, .name): return find("neutron:network_name")
        case (.port, .name): return find("neutron:port_name")
        // One that nothing is associated with is listed there, and any other too.
        case (.bgpvpn, _), (_, .vni): return "`ovn-nbctl --columns=external_ids list NB_Global`"
        // `find` accepts an empty result; `list` fails.
        case (.port, .id): return "`\(columns) find \(selector.kind.table) \(quoted("name=\(DatabaseText.atom(selector.value))"))`"
        case (_, .id): return "`\(columns) find \(selector.kind.table) \(quoted("name=\(DatabaseText.atom("neutron-\(selector.value)"))"))`"
        case (_, .label):
            let parts = selector.value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let value = parts.count == 2 ? "=\(DatabaseText.atom(parts[1]))" : "!={}"
            return "`\(columns) find \(selector.kind.table) \(quoted("external_ids:\(DatabaseText.key(parts[0]))\(value)"))`"
        }
    }

    /// One shell word, whatever the name contains. Backticks are replaced, because they delimit commands in remedies.
    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''").replacing("`", with: "?") + "'"
    }
}

extension AttachmentSelector.Kind {
    /// Its table in OVN's northbound database.
    fileprivate var table: String {
        switch self {
        case .router: "Logical_Router"
        case .network: "Logical_Switch"
        case .port: "Logical_Switch_Port"
        case .bgpvpn: "NB_Global"
        }
    }
}

extension GatewayInVPN {
    /// For remedies: `gw1 of tokyo`.
    var place: String { "\(id.node) of \(id.cloud)" }

    /// The BGP neighbours for routes of these VTEPs: the gateway itself if there is a session with it, otherwise the route
    /// servers; if the operator manages the sessions, those reported by bgpd. Sorted; never one that bgpd does not know.
    func neighbours(towards vteps: Set<IPAddress>, in view: FederationView) -> [IPAddress] {
        let peers = base.peers.isEmpty ? baseReport.sessions.map(\.address) : base.peers.map(\.address)
        let direct = vteps.intersection(peers).sorted()
        return direct.isEmpty ? Set(peers.filter { view.gatewaysByVTEP[$0] == nil }).sorted() : direct
    }

    /// `spine (10.255.0.254)`, or the address alone.
    func name(of neighbour: IPAddress) -> String {
        base.peers.first { $0.address == neighbour }.map { "\($0.name) (\(neighbour))" } ?? neighbour.description
    }
}

extension Cause {
    /// The maximum of evidence lines of one kind.
    static let evidenceLimit = 5

    init(silenceOf site: GatewayInVPN) {
        let look =
            "on \(site.place): `systemctl status fed-agent`; \(Remedy.journal); `fedctl get agents` shows who is connected; if it is dead or frozen, "
            + "there: `systemctl restart fed-agent`, which costs no route"
        guard let heard = site.heard else {
            self.init(
                .agentNeverReported, "the agent of \(site.id) has not reported since the coordinator started",
                evidence: ["no report of \(site.id)"], remedy: look)
            return
        }
        guard site.isStale else {
            self.init(
                .vpnNotReported, "\(site.id) has not reported on VPN \(site.intent.name) yet",
                evidence: ["\(site.id) reports, but says nothing of VPN \(site.intent.name)"], remedy: look)
            return
        }
        // When, and not for how long: a verdict does not become another one with each second.
        let last = utc(heard.receivedAt)
        if heard.connected {
            self.init(
                .reportStale, "\(site.id) is connected but has not reported since \(last)",
                evidence: ["last report of \(site.id) at \(last); valid for \(GatewayObservation.lifetime / 1000) s"], remedy: look)
        } else {
            self.init(
                .agentSilent, "the agent of \(site.id) is disconnected; it was last heard at \(last)",
                evidence: ["no session with \(site.id); last heard at \(last)"], remedy: look)
        }
    }

    /// Nil if the intended version of the resource is in force.
    init?(unapplied progress: ResourceProgress, called resource: String, by site: GatewayInVPN) {
        let journal = "on \(site.place): \(Remedy.journal)"
        let intended = progress.intended ?? "none"
        switch (progress.state, progress.applied) {
        case (.applied, _), (.withdrawn, _):
            return nil
        case (.pending, let version?):
            self.init(
                .notAcknowledged, "\(site.id) still runs an older version of \(resource)",
                evidence: ["\(site.id) applied \(version)", "intended \(intended)"] + site.complaints,
                remedy: "a change takes some seconds: `fedctl status`, then `fedctl verify`; if it persists, \(journal)")
        case (.pending, nil):
            self.init(
                .notAcknowledged, "\(site.id) has not applied \(resource) yet",
                evidence: ["\(site.id) applied nothing", "intended \(intended)"] + site.complaints,
                remedy: "a change takes some seconds: `fedctl status`, then `fedctl verify`; if it persists, \(journal)")
        case (.rejected(let reason), _):
            self.init(
                .agentRejected, "\(site.id) refused \(resource)",
                evidence: ["\(site.id) refused version \(intended): \(reason)"] + site.complaints,
                remedy: "remove the reason, \(journal); if the file is wrong, correct it: \(Remedy.apply)")
        }
    }

    init(unconfigured site: GatewayInVPN) {
        // An unanswered query proves nothing.
        guard !site.baseReport.problems.contains(where: { $0.code == .frrUnreachable }) else {
            self.init(
                .vpnNotConfigured, "unknown whether bgpd on \(site.id) has VPN \(site.intent.name): bgpd cannot be queried",
                evidence: site.complaints, remedy: Remedy.repair(site))
            return
        }
        self.init(
            .vpnNotConfigured, "bgpd on \(site.id) does not have VPN \(site.intent.name)",
            evidence: ["\(site.id): no VNI \(site.intent.encapsulation.vni) in bgpd"] + site.complaints, remedy: Remedy.repair(site))
    }

    init(notAdvertised prefix: IPPrefix, by origin: CloudInVPN) {
        let site = origin.deciding.first { $0.expected.contains(prefix) } ?? origin.sites[0]
        let reason = prefix.isHost ? "has a port with \(prefix)" : "should advertise \(prefix)"
        self.init(
            .notAdvertised, "\(site.id) \(reason) in VPN \(site.intent.name), but bgpd does not advertise it",
            evidence: ["\(site.id): no type-5 route \(prefix) under RD \(site.intent.routeDistinguisher)"] + site.complaints,
            remedy:
                "the agent repairs this within seconds; if it persists, on \(site.place): \(Remedy.bgpRoutes(of: prefix)) shows whether the VRF has it, "
                + "`vtysh -c 'show bgp l2vpn evpn route type prefix'` whether it is exported; \(Remedy.journal)")
    }
}
