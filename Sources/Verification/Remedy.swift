import Federation
import NetworkTypes

/// What to type, for causes that share it.
enum Remedy {
    /// For what the agent puts right by itself within seconds.
    static func repair(_ site: Site) -> String {
        "the agent repairs this within seconds; if it stays, on \(site.place): vtysh -c 'show bgp l2vpn evpn vni \(site.intent.vni)' "
            + "shows what is in force, vtysh -c 'show vrf vni' the VRF; systemctl restart fed-agent writes it anew"
    }

    /// How to list what a selector picks from, in the cloud's northbound database.
    static func listing(_ selector: AttachmentSelector) -> String {
        switch (selector.kind, selector.key) {
        case (.router, .name):
            "ovn-nbctl --columns=name,external_ids find Logical_Router 'external_ids:neutron\\:router_name=\(selector.value)'"
        case (.router, .id): "ovn-nbctl --columns=name,external_ids list Logical_Router neutron-\(selector.value)"
        case (.network, .name):
            "ovn-nbctl --columns=name,external_ids find Logical_Switch 'external_ids:neutron\\:network_name=\(selector.value)'"
        case (.network, .id): "ovn-nbctl --columns=name,external_ids list Logical_Switch neutron-\(selector.value)"
        case (.port, .name):
            "ovn-nbctl --columns=name,external_ids find Logical_Switch_Port 'external_ids:neutron\\:port_name=\(selector.value)'"
        case (.port, .id): "ovn-nbctl --columns=name,external_ids list Logical_Switch_Port \(selector.value)"
        case (let kind, .label):
            "ovn-nbctl --columns=name,external_ids find \(kind.table) 'external_ids:\(selector.value.replacing(":", with: "\\:"))'"
        }
    }
}

extension AttachmentSelector.Kind {
    /// The table of OVN's northbound database that it is in.
    fileprivate var table: String {
        switch self {
        case .router: "Logical_Router"
        case .network: "Logical_Switch"
        case .port: "Logical_Switch_Port"
        }
    }
}

extension Site {
    /// For remedies: `gw1 of tokyo`.
    var place: String { "\(id.node) of \(id.cloud)" }
}

extension Cause {
    /// Evidence is for reading: so many lines of one kind at most.
    static let evidenceLimit = 5

    init(silenceOf site: Site, at now: Int64) {
        let look = "on \(site.place): systemctl status fed-agent; journalctl -u fed-agent -n 50; fedctl get agents shows who is connected"
        guard let testimony = site.testimony else {
            self.init(
                .agentNeverReported, "the agent of \(site.id) has not reported since the coordinator started",
                evidence: ["no report of \(site.id)"], remedy: look)
            return
        }
        let seconds = (now - testimony.receivedAt) / 1000
        guard testimony.isStale(at: now) else {
            self.init(
                .vpnNotReported, "\(site.id) has not reported on VPN \(site.intent.name) yet",
                evidence: ["\(site.id) reports on \(testimony.report.vpns.keys.sorted().listed)"], remedy: look)
            return
        }
        if testimony.connected {
            self.init(
                .reportStale, "\(site.id) is connected but was not heard for \(seconds) s",
                evidence: ["last report of \(site.id) \(seconds) s ago; it counts for \(Testimony.lifetime / 1000) s"], remedy: look)
        } else {
            self.init(
                .agentSilent, "the agent of \(site.id) is gone for \(seconds) s",
                evidence: ["no session with \(site.id); last heard \(seconds) s ago"], remedy: look)
        }
    }

    init?(unacknowledged acknowledgement: Acknowledgement, of resource: String, intended: ResourceVersion, by site: Site) {
        let journal = "on \(site.place): journalctl -u fed-agent -n 50"
        switch acknowledgement {
        case .applied(intended):
            return nil
        case .applied(let version):
            self.init(
                .notAcknowledged, "\(site.id) still runs an older version of \(resource)",
                evidence: ["\(site.id) applied \(version)", "intended \(intended)"] + site.complaints,
                remedy: "a change takes some seconds: fedctl status, then fedctl verify; if it stays, \(journal)")
        case .pending:
            self.init(
                .notAcknowledged, "\(site.id) has not applied \(resource) yet",
                evidence: ["\(site.id) applied nothing", "intended \(intended)"] + site.complaints,
                remedy: "a change takes some seconds: fedctl status, then fedctl verify; if it stays, \(journal)")
        case .rejected(let version, let reason):
            self.init(
                .agentRejected, "\(site.id) refused \(resource): \(reason)",
                evidence: ["\(site.id) refused version \(version): \(reason)", "intended \(intended)"] + site.complaints,
                remedy: "remove what it names, \(journal); if the file is wrong, correct it and type fedctl apply -f FILE")
        }
    }

    init(unconfigured site: Site) {
        self.init(
            .vpnNotConfigured, "bgpd on \(site.id) does not have VPN \(site.intent.name)",
            evidence: ["\(site.id): no VNI \(site.intent.vni) in bgpd"] + site.complaints, remedy: Remedy.repair(site))
    }

    init(notAdvertised prefix: IPPrefix, by origin: Side) {
        let site = origin.deciding.first { $0.expected.contains(prefix) } ?? origin.sites[0]
        let reason = prefix.isHost ? "has a port with \(prefix)" : "is to advertise \(prefix)"
        self.init(
            .notAdvertised, "\(site.id) \(reason) in VPN \(site.intent.name), but bgpd does not advertise it",
            evidence: ["\(site.id): no type-5 route \(prefix) under RD \(site.intent.routeDistinguisher)"] + site.complaints,
            remedy:
                "on \(site.place): vtysh -c 'show bgp vrf all \(prefix.family.rawValue) unicast \(prefix)' shows whether the VRF has it, "
                + "vtysh -c 'show bgp l2vpn evpn route type prefix' whether it is exported; the agent repairs it within seconds: "
                + "journalctl -u fed-agent -n 50")
    }
}
