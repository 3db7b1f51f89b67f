import FederationModel

/// Remedies for problems reported by agents. An agent's own text comes from another machine, which may be compromised: it is
/// shown as evidence, but printed remedies, which an admin types, are always ours.
extension Problem {
    func remedy(at site: GatewayInVPN) -> String {
        guard let code else {
            return "the agent is newer than the coordinator, or compromised; on \(site.place): \(Remedy.journal)"
        }
        // The agent's words tell which of our own commands it is.
        if code == .forwardingFiltered, let tool = Self.filterTools.first(where: { message.hasPrefix("chain FORWARD of \($0) ") }) {
            return
                "on \(site.place): `\(tool) -I FORWARD -i fed+ -j ACCEPT` lets it pass; make that permanent where the firewall has its rules"
        }
        let remedy = code.remedy(at: site)
        // Whose name it is, the graph says; the agent's words only which one.
        guard code == .attachmentGone, let name = site.named.first(where: { message.contains($0.description) }) else { return remedy }
        return remedy + "; or have the name looked for anew: \(Remedy.unpin(name, of: site.id.cloud))"
    }
}

extension Problem {
    private static let filterTools = ["iptables-legacy", "ip6tables-legacy"]
}

extension GatewayInVPN {
    /// Attachments by name.
    fileprivate var named: [AttachmentSelector] { intent.attachments.map(\.selector).filter { $0.key == .name } }
}

extension ProblemCode {
    fileprivate func remedy(at site: GatewayInVPN) -> String {
        let here = "on \(site.place):"
        let cloud = site.id.cloud
        let vpn = site.intent.name
        return switch self {
        case .frrUnreachable:
            "\(here) `systemctl status frr`; if bgpd or zebra is dead or frozen: `systemctl restart frr`; the agent continues when they are back"
        case .asConflict:
            "\(here) `vtysh -c 'show bgp summary'` shows bgpd's AS; give \(cloud) that AS in the federation file: "
                + "\(Remedy.apply); or reconfigure bgpd"
        case .bgpInstanceMissing:
            "\(here) `vtysh -c 'show running-config bgpd'` shows that bgpd has no default instance; create one with AS \(site.base.asn), or set "
                + "“bgp: {management: agent}” for \(cloud) in the federation file: \(Remedy.apply)"
        case .peerTaken:
            "\(here) `vtysh -c 'show running-config bgpd'` shows the neighbor; remove it there, or set “bgp: {management: external}” for "
                + "\(cloud) in the federation file: \(Remedy.apply)"
        case .deviceNameTaken:
            "\(here) `ip -d link` shows the device named in the evidence; rename it, or remove it if unused"
        case .stepFailed:
            "the agent retries; if it persists, \(here) \(Remedy.journal)"
        case .ipv6ForwardingOff:
            "\(here) `sysctl -w net.ipv6.conf.all.forwarding=1`, and make it permanent in /etc/sysctl.d"
        case .bgpPasswordsUnreadable:
            "\(here) `systemctl status fed-agent` shows the file (--bgp-passwords); write lines of “ADDRESS PASSWORD” or “* PASSWORD” to it, and let "
                + "only root read it"
        case .bfdNotRunning:
            "\(here) write “bfdd=yes” in /etc/frr/daemons, and when some seconds of loss are acceptable, `systemctl restart frr`; or remove "
                + "“bfd” from \(cloud) in the federation file: \(Remedy.apply)"
        case .vxlanFilterFailed:
            "\(here) `apt-get install nftables`, and `nft list tables` shows “inet ovn_federation” when it is active; or remove "
                + "“vxlanFilter” from \(cloud) in the federation file: \(Remedy.apply)"
        case .forwardingFiltered:
            "\(here) `nft list ruleset` (or iptables-legacy -S, where that is used) shows the chain named in the evidence; let it accept what "
                + "comes in by “fed*”"
        case .firewallUnreadable:
            "\(here) `nft list ruleset` shows what the evidence is about: `apt-get install nftables`; and a rule at the head of the chain that "
                + "accepts what comes in by “fed*” leaves no doubt"
        case .reversePathFilter:
            "\(here) `sysctl -w net.ipv4.conf.all.rp_filter=0`, and make it permanent in /etc/sysctl.d"
        case .routeOverridden:
            "\(here) `ip rule` and `ip route show table all` show the rule or route named in the evidence; remove it, and keep its maker away"
        case .underlayMTU:
            "\(here) `ip -d link` shows the device named in the evidence; raise its MTU and that of the routers behind it, or set “underlayMTU” "
                + "for \(cloud) in the federation file: \(Remedy.apply)"
        case .chassisNotRegistered:
            "\(here) `systemctl status ovn-controller`; it registers the chassis when it runs and reaches the southbound database; if it is stopped: "
                + "`systemctl restart ovn-controller`"
        case .southboundIncomplete:
            "ovn-northd fills it from the northbound database, on the cloud's central node: `systemctl status ovn-northd`; if it is dead or frozen: `systemctl restart ovn-northd`; "
                + "and ovn-controller binds the ports, \(here) `systemctl status ovn-controller`"
        case .northboundIncomplete:
            "compare with \(site.listings); if the database was made anew, restore it or fill it with neutron-ovn-db-sync-util"
        case .attachmentNotFound:
            "compare with \(site.listings); create it in OpenStack, or correct the attachment of \(cloud) to \(vpn) in the federation file: "
                + Remedy.apply
        case .attachmentAmbiguous:
            "compare with \(site.listings); select by id in the attachment of \(cloud) to \(vpn) in the federation file: \(Remedy.apply)"
        case .attachmentNamesake:
            "compare with \(site.listings); select by id in the attachment of \(cloud) to \(vpn) to clear this: \(Remedy.apply)"
        case .attachmentGone:
            "compare with \(site.listings); if you meant another one, select it by id in the attachment of \(cloud) to \(vpn): "
                + Remedy.apply
        case .attachmentTaken:
            "one router must not join two tenants: select different routers for the two VPNs in the federation file, or share prefixes "
                + "of one of them: \(Remedy.apply)"
        case .bgpvpnVNIShared:
            "select by id in the attachment of \(cloud) to \(vpn), “bgpvpn: {id: UUID}”: \(Remedy.apply); in \(cloud), `openstack bgpvpn list --long` shows "
                + "each with its VNI and project"
        case .bgpvpnTypeDiffers:
            "in \(cloud), its owner associates with a BGPVPN of type l3 instead: `openstack bgpvpn list`"
        case .bgpvpnUnreadable:
            "the Neutron driver of \(cloud) writes it again within a minute; correct by hand what a hand wrote: "
                + "`ovn-nbctl --columns=_uuid,external_ids list Logical_Switch_Port` and `ovn-nbctl --columns=external_ids list NB_Global` show it"
        case .bgpvpnVNIDiffers, .bgpvpnTargetsIgnored:
            "nothing has to be done: the federation's numbers are used; in \(cloud), `openstack bgpvpn list --long` shows what the BGPVPN claims"
        case .labelNotKept:
            "in \(cloud): `ovn-nbctl --columns=name,external_ids find Logical_Switch_Port type=router` shows the ports of routers; give one of the router's "
                + "the label too, because Neutron keeps it there"
        case .shareOfOther:
            "in the federation file, select different routers for the sharing VPN and for the VPN that owns the router: \(Remedy.apply)"
        case .shareSelectsNothing:
            "under “shares” in the federation file, list prefixes of \(cloud)'s subnets, or the clouds that have the prefixes: \(Remedy.apply)"
        case .prefixAmbiguous:
            "attach only one of the routers named in the evidence to \(vpn), or give them different addresses"
        case .destinationAmbiguous:
            "share into VPNs with different addresses, or deny the overlapping ones in the import filter of one VPN: \(Remedy.apply)"
        case .destinationReserved:
            "give the port or network that has the address named in the evidence another one, or deny it in the import filter of \(vpn): \(Remedy.apply)"
        case .originNotAuthorized:
            "if the cloud named in the evidence may announce the prefix, permit it in the “export” of its attachment to \(vpn), in “filters”, or "
                + "in the “prefixes” of the share: \(Remedy.apply); if not, look at who does on its gateways"
        case .gatewayMissing:
            "in OpenStack, give the router named in the evidence an external gateway"
        case .gatewayLacksFamily:
            "give the external network a subnet of that family in OpenStack, and the router's gateway an address in it"
        case .routerLacksDefaultRoute:
            "give the subnet of the router's external network a gateway address of that family in OpenStack"
        case .nextHopUnanswered:
            "in \(cloud): the device with the address in the evidence must run and answer ARP and ND in the provider network; "
                + "`ovn-sbctl --columns=logical_port,ip list MAC_Binding` shows the next hops that OVN knows"
        case .routerDiverts, .routerPolicyUnread:
            "in \(cloud): `ovn-nbctl --columns=priority,action,match list Logical_Router_Policy`, "
                + "`ovn-nbctl --columns=ip_prefix,nexthop,policy list Logical_Router_Static_Route` and "
                + "`ovn-nbctl --columns=name,networks find Logical_Router_Port enabled=false` show the one named in the evidence; whoever made it takes it "
                + "away, or leaves the federated destinations out of it"
        case .providerNetworkNotMapped:
            "\(here) `ovs-vsctl get Open_vSwitch . external_ids` shows “ovn-bridge-mappings”; map the router's provider network there"
        case .providerBridgeMissing:
            "\(here) `ovs-vsctl list-br` shows the bridges; add the one named in the evidence, or correct “ovn-bridge-mappings”"
        case .problemsCut:
            "mend the problems of \(site.id) that are shown: the others are reported when there are fewer"
        case .patchPortMissing:
            "\(here) `ovs-vsctl show` shows the ports; check that ovn-controller runs, and check “ovn-bridge-mappings” of this chassis"
        case .portBlocked:
            "\(here) `for bridge in $(ovs-vsctl list-br); do for port in $(ovs-vsctl list-ports $bridge | grep -E '^(fedov|patch-)'); do "
                + "for way in up receive forward; do ovs-ofctl mod-port $bridge $port $way; done; done; done`"
        case .flowOverridden, .flowUnread:
            "\(here) \(Remedy.bridges) shows the entry named in the evidence; whoever made it takes it away, or gives it a priority below 900"
        case .conntrackFull:
            "\(here) `ovs-appctl dpctl/ct-set-maxconns 3000000` where it is Open vSwitch’s, and raise “net.netfilter.nf_conntrack_max” where it is the "
                + "kernel’s; `ovs-appctl dpctl/ct-get-nconns` tells how many there are"
        case .gatewayPortDown:
            "\(here) `systemctl status ovn-controller`; in \(cloud): `ovn-sbctl --columns=logical_port,chassis,up find Port_Binding "
                + "type=chassisredirect` shows whether the port is up"
        case .notDeliverable:
            "the agent repairs what is its own within seconds; if it persists, \(here) `systemctl status openvswitch-switch`, "
                + "`systemctl status ovn-controller` and \(Remedy.journal)"
        case .portDown:
            "in \(cloud): `ovn-sbctl --columns=logical_port,chassis,up find Port_Binding up=false` shows such ports; check ovn-controller on "
                + "their chassis"
        case .distributedFloatingIP:
            "centralise floating IPs in \(cloud) (“enable_distributed_floating_ip = False” of Neutron), or take the floating IP off the "
                + "machine: `openstack floating ip list`"
        case .natNotExempted:
            "check the NAT rules of the router named in the evidence: \(site.listings) lists those of the cloud"
        case .prefixLimit:
            "raise “maximumPrefixes” of \(vpn) or “limits” of \(cloud) in the federation file, or advertise subnets instead of hosts: "
                + Remedy.apply
        case .learnedLimit:
            "advertise subnets instead of hosts in the cloud named in the evidence, or raise “maximumLearned” and “maximumLearnedPerOrigin” "
                + "of \(vpn) in the federation file: \(Remedy.apply)"
        case .localPreferenceNeedsSessions:
            "match the VPN's route targets in your own inbound route-map, or let the agent manage the sessions"
        }
    }
}

extension GatewayInVPN {
    /// Commands that list what the VPN's selectors match here.
    fileprivate var listings: String {
        let texts = intent.attachments.map { Remedy.listing($0.selector) }
        guard !texts.isEmpty else { return "`ovn-nbctl list Logical_Router`" }
        return texts.prefix(3).joined(separator: " and ")
    }
}
