extension CauseCode {
    /// Causes at `attached`: what the VPN’s attachment means in OVN.
    var attachmentManual: CauseManual {
        let routers = "in the cloud: `ovn-nbctl --columns=name,external_ids list Logical_Router`"
        let file = "correct the attachment in the federation file: `fedctl apply -f FILE`"
        return switch self {
        case .southboundSilent:
            CauseManual(
                "The gateway has not heard OVN’s southbound database for longer than 15 s. What it last said is kept and forwarded; where routers are now is not known.",
                from: ["the database or its relay is down", "the network to it is cut", "a wrong ovn-remote"],
                look: [
                    "on the gateway: `ovs-vsctl --if-exists get Open_vSwitch . external_ids:ovn-remote`",
                    "on the gateway: `fed-agent status`",
                ],
                fix: ["bring the database back, in the cloud: `systemctl status ovn-ovsdb-server-sb`; the agent goes on by itself"])
        case .chassisNotRegistered:
            CauseManual(
                "The node’s chassis is not in the southbound database, or its ports are not bound again yet. What was bound is believed for a while.",
                from: ["ovn-controller is stopped, or restarts", "it cannot reach the southbound database"],
                look: ["on the gateway: `systemctl status ovn-controller`", "in the cloud: `ovn-sbctl show`"],
                fix: ["on the gateway: `systemctl start ovn-controller`"])
        case .southboundIncomplete:
            CauseManual(
                "The southbound database lacks routers or bindings that were there a moment ago: it was made anew, or is being filled. What it had is believed for a while.",
                from: ["a database that was re-created or restored", "ovn-northd does not run"],
                look: ["in the cloud: `systemctl status ovn-northd`", "in the cloud: `ovn-sbctl show`"],
                fix: ["in the cloud: `systemctl start ovn-northd`; it fills the database from the northbound one"])
        case .northboundIncomplete:
            CauseManual(
                "The northbound database lacks routers that were there a moment ago. What it had is believed for a while.",
                from: ["a database that was re-created or restored"],
                look: [routers],
                fix: ["restore it, or fill it again from Neutron: `neutron-ovn-db-sync-util --ovn-neutron_sync_mode repair`"])
        case .attachmentNotFound:
            CauseManual(
                "The attachment’s selector matches nothing in this cloud’s OVN.",
                from: ["the router, network or port does not exist yet", "a wrong name, id or label"], look: [routers],
                fix: ["create it in OpenStack, or \(file)"])
        case .attachmentAmbiguous:
            CauseManual(
                "The selector matches several routers, and one is meant. None is taken: a namesake must not join a tenant’s VPN.",
                from: ["two routers of the same name"], look: [routers], fix: ["select by id: `router: {id: …}`; \(file)"])
        case .attachmentNamesake:
            CauseManual(
                "Another object has the same name as the attached one. It changes nothing: the attached one is known by its id.",
                from: ["a router of the same name, in any project"], look: [routers], fix: ["select by id to clear this; \(file)"])
        case .attachmentGone:
            CauseManual(
                "The object that the name meant is gone, and what has the name now is not known to be the same tenant’s. Nothing is attached.",
                from: ["a router that was deleted and made again, perhaps in another project"], look: [routers],
                fix: ["if the new one is meant, select it by id; \(file)"])
        case .attachmentTaken:
            CauseManual(
                "The router is in another VPN already. One router joins one tenant’s VPN.",
                from: ["two attachments that mean the same router"], look: ["`fedctl get graph -o yaml`"],
                fix: ["select different routers, or share prefixes of one VPN into the other; \(file)"])
        case .bgpvpnNotAssociated:
            CauseManual(
                "The tenants of both clouds have a BGPVPN of the VPN and have associated nothing with it. Nothing is broken: the pair begins when both do.",
                from: ["a new VPN", "both disassociated their routers"],
                look: ["in either cloud, as the tenant: `openstack bgpvpn list --long`"],
                fix: ["as each tenant: `openstack bgpvpn router association create BGPVPN ROUTER`"])
        case .bgpvpnHalf:
            CauseManual(
                "The tenant of one cloud has associated something with its BGPVPN, the other one’s has not. Nothing is broken: the pair begins when both do.",
                from: ["a tenant who has not associated yet, or disassociated"],
                look: ["in the cloud that waits, as the tenant: `openstack bgpvpn list --long`"],
                fix: ["there, as the tenant: `openstack bgpvpn router association create BGPVPN ROUTER`"])
        case .bgpvpnMissing:
            CauseManual(
                "The cloud has no such BGPVPN yet, or it was deleted. Where no driver lists BGPVPNs in OVN, one with which nothing is associated looks the same.",
                from: ["the cloud’s admin has not made it for the project", "another name, project or id than the file has"],
                look: ["in the cloud, as its admin: `openstack bgpvpn list --long`"],
                fix: ["there: `openstack bgpvpn create --project PROJECT --name NAME --type l3`, or \(file)"])
        case .bgpvpnVNIShared:
            CauseManual(
                "BGPVPNs of several projects bear the VNI that the attachment selects. None is attached: two tenants would be joined.",
                from: ["the cloud’s admin gave one VNI to two projects"], look: ["in the cloud: `openstack bgpvpn list --long`"],
                fix: ["select by id: `bgpvpn: {id: …}`; \(file)"])
        case .bgpvpnTypeDiffers:
            CauseManual(
                "The BGPVPN is of type l2, and the VPN is routed: what is associated with it does not take part.",
                from: ["a BGPVPN that was made with `--type l2`"], look: ["in the cloud: `openstack bgpvpn list --long`"],
                fix: ["make one of type l3, and associate with that"])
        case .bgpvpnUnreadable:
            CauseManual(
                "A row of OVN’s northbound database says of a BGPVPN what makes no sense. It attaches nothing.",
                from: ["a key that was written by hand", "a driver of another version"],
                look: ["in the cloud: `ovn-nbctl --columns=_uuid,external_ids list Logical_Switch_Port`"],
                fix: ["correct it; the Neutron driver writes its own again within a minute"])
        case .bgpvpnVNIDiffers:
            CauseManual(
                "The BGPVPN has another VNI than the VPN. The VPN’s is used everywhere.", from: ["a BGPVPN that was made with `--vni`"],
                look: ["in the cloud: `openstack bgpvpn list --long`"],
                fix: ["nothing has to be done; `vni:` of the VPN makes them equal, for a BGPVPN’s own cannot be changed"])
        case .bgpvpnTargetsIgnored:
            CauseManual(
                "The BGPVPN has route targets or distinguishers of its own. The VPN’s are used everywhere.",
                from: ["a BGPVPN that was made with `--route-target` and the like"], look: ["in the cloud: `openstack bgpvpn list --long`"],
                fix: ["nothing has to be done; `openstack bgpvpn set --no-route-target BGPVPN` removes them"])
        case .labelNotKept:
            CauseManual(
                "The label that selects the router stands on the router’s own row only. Neutron replaces what is there at its next update of the router, which then leaves the VPN.",
                from: ["`ovn-nbctl set Logical_Router`"],
                look: ["in the cloud: `ovn-nbctl --columns=name,external_ids find Logical_Switch_Port type=router`"],
                fix: ["set it on a port of the router too: `ovn-nbctl set Logical_Switch_Port PORT external_ids:KEY=VALUE`"])
        case .gatewayMissing:
            CauseManual(
                "The router has no gateway port: there is no way between it and the provider network, and so none to the federation.",
                from: ["no external gateway was set"], look: [routers],
                fix: ["in OpenStack: `openstack router set --external-gateway NETWORK ROUTER`"])
        case .providerNetworkNotMapped:
            CauseManual(
                "The gateway’s node has no bridge for the router’s provider network.",
                from: ["a missing or wrong entry in ovn-bridge-mappings"],
                look: ["on the gateway: `ovs-vsctl get Open_vSwitch . external_ids`"],
                fix: [
                    "on the gateway: `ovs-vsctl set Open_vSwitch . external_ids:ovn-bridge-mappings=PHYSNET:BRIDGE`, with the entries that it has"
                ])
        case .gatewayNotHosted:
            CauseManual(
                "No node that runs an agent hosts the router’s gateway port.",
                from: ["OVN scheduled it to another chassis", "the gateway’s chassis is down"],
                look: ["in the cloud: `ovn-sbctl --columns=logical_port,chassis find Port_Binding type=chassisredirect`"],
                fix: [
                    "install an agent there, or move the port to a gateway: `ovn-nbctl ha-chassis-group-add-chassis GROUP CHASSIS PRIORITY`"
                ])
        case .shareOfOther:
            CauseManual(
                "The shared prefix is behind a router of another VPN, which does not share it. It is not advertised.",
                from: ["a wrong `shares`, or a wrong attachment"], look: ["`fedctl get graph -o yaml`"],
                fix: ["share from the VPN that owns the router; \(file)"])
        case .shareSelectsNothing:
            CauseManual(
                "No router of this cloud has the prefix that is shared: nothing is advertised for it here.",
                from: ["a prefix of another cloud under `shares`"], look: ["`fedctl get graph -o yaml`"],
                fix: ["list prefixes of this cloud’s subnets; \(file)"])
        case .prefixAmbiguous:
            CauseManual(
                "Two attached routers of this cloud have the same prefix: which one is meant is not known, so neither is advertised.",
                from: ["overlapping subnets behind two routers of one VPN"], look: [routers],
                fix: ["attach one of them only, or renumber; \(file)"])
        default: unlisted
        }
    }
}
