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
