import FederationModel

/// What to do about what agents complain of. An agent's own words are those of another machine, which may not be what it was: they are
/// shown as what it says, and what is printed as remedy, to be typed by an admin, is the product's.
extension Problem {
    func remedy(at site: Site) -> String {
        guard let code else {
            return "its agent is newer than the coordinator, or not what it says; on \(site.place): \(Remedy.journal)"
        }
        return code.remedy(at: site)
    }
}

extension ProblemCode {
    fileprivate func remedy(at site: Site) -> String {
        let here = "on \(site.place):"
        let cloud = site.id.cloud
        let vpn = site.intent.name
        return switch self {
        case .frrUnreachable:
            "\(here) `systemctl status frr`; the agent goes on by itself when bgpd and zebra are back"
        case .asConflict:
            "\(here) `vtysh -c 'show bgp summary'` shows the AS that bgpd runs; give \(cloud) that AS in the federation file: "
                + "\(Remedy.apply); or reconfigure bgpd"
        case .bgpInstanceMissing:
            "\(here) `vtysh -c 'show running-config bgpd'` shows that bgpd has no default instance; give it one of AS \(site.base.asn), or set "
                + "“bgp: {management: agent}” for \(cloud) in the federation file: \(Remedy.apply)"
        case .peerTaken:
            "\(here) `vtysh -c 'show running-config bgpd'` shows the neighbor; remove it there, or set “bgp: {management: external}” for "
                + "\(cloud) in the federation file: \(Remedy.apply)"
        case .deviceNameTaken:
            "\(here) `ip -d link` shows the device that the evidence names; remove it if nobody needs it, or rename it"
        case .stepFailed:
            "the agent tries it again by itself; if it stays, \(here) \(Remedy.journal)"
        case .ipv6ForwardingOff:
            "\(here) `sysctl -w net.ipv6.conf.all.forwarding=1`, and put it in /etc/sysctl.d"
        case .vxlanFilterFailed:
            "\(here) `apt-get install nftables`, and `nft list tables` shows “inet ovn_federation” when it is in force; or take "
                + "“vxlanFilter” out of \(cloud) in the federation file: \(Remedy.apply)"
        case .attachmentNotFound:
            "compare with \(site.listings); create it in OpenStack, or correct the attachment of \(cloud) to \(vpn) in the federation file: "
                + Remedy.apply
        case .attachmentAmbiguous:
            "compare with \(site.listings); select by id in the attachment of \(cloud) to \(vpn) in the federation file: \(Remedy.apply)"
        case .attachmentNamesake:
            "compare with \(site.listings); select by id in the attachment of \(cloud) to \(vpn) to be rid of this: \(Remedy.apply)"
        case .attachmentGone:
            "compare with \(site.listings); if another one is the right one, select it by its id in the attachment of \(cloud) to \(vpn): "
                + Remedy.apply
        case .attachmentTaken:
            "one router must not join two tenants: select different routers for the two VPNs in the federation file, or share prefixes "
                + "of one of them: \(Remedy.apply)"
        case .shareOfOther:
            "select different routers for the VPN that shares and for the one that has the router, in the federation file: \(Remedy.apply)"
        case .shareSelectsNothing:
            "name prefixes of \(cloud)'s subnets under “shares” in the federation file, or name the clouds that have them: \(Remedy.apply)"
        case .prefixAmbiguous:
            "attach only one of the routers that the evidence names to \(vpn), or give them different addresses"
        case .destinationAmbiguous:
            "share into VPNs whose addresses differ, or deny those that overlap in the import filter of one of the VPNs: \(Remedy.apply)"
        case .gatewayMissing:
            "give the router that the evidence names an external gateway in OpenStack"
        case .gatewayLacksFamily:
            "give the external network a subnet of that family in OpenStack, and the router's gateway an address in it"
        case .routerLacksDefaultRoute:
            "give the subnet of the router's external network a gateway address of that family in OpenStack"
        case .providerNetworkNotMapped:
            "\(here) `ovs-vsctl get Open_vSwitch . external_ids` shows “ovn-bridge-mappings”; map the router's provider network there"
        case .providerBridgeMissing:
            "\(here) `ovs-vsctl list-br` shows the bridges; add the one that the evidence names, or correct “ovn-bridge-mappings”"
        case .patchPortMissing:
            "\(here) `ovs-vsctl show` shows the ports; see that ovn-controller runs, and “ovn-bridge-mappings” of this chassis"
        case .natNotExempted:
            "look at the NAT rules of the router that the evidence names: \(site.listings) lists the cloud's"
        case .prefixLimit:
            "raise “maximumPrefixes” of \(vpn) or “limits” of \(cloud) in the federation file, or advertise subnets instead of hosts: "
                + Remedy.apply
        case .localPreferenceNeedsSessions:
            "match the VPN's route targets in an inbound route-map of your own, or leave the sessions to the agent"
        }
    }
}

extension Site {
    /// How to list what the selectors of the VPN pick from here, as the intent has them.
    fileprivate var listings: String {
        let texts = intent.attachments.map { Remedy.listing($0.selector) }
        guard !texts.isEmpty else { return "`ovn-nbctl list Logical_Router`" }
        return texts.prefix(3).joined(separator: " and ")
    }
}
