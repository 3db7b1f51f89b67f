extension CauseCode {
    /// Causes at `steered`: between the tenant’s router and the VRF.
    var steeringManual: CauseManual {
        let flows = "on the gateway: `ovs-vsctl list-br | xargs -n 1 ovs-ofctl dump-flows | grep 0xfed`"
        return switch self {
        case .providerBridgeMissing:
            CauseManual(
                "The bridge of the provider network is not in Open vSwitch.", from: ["a bridge that was renamed or removed"],
                look: ["on the gateway: `ovs-vsctl list-br`"], fix: ["add the bridge, or correct ovn-bridge-mappings"])
        case .patchPortMissing:
            CauseManual(
                "The provider bridge has no patch port to br-int: nothing passes between OVN and the provider network.",
                from: ["ovn-controller does not run", "a wrong ovn-bridge-mappings"], look: ["on the gateway: `ovs-vsctl show`"],
                fix: ["on the gateway: `systemctl restart ovn-controller`; correct ovn-bridge-mappings"])
        case .gatewayLacksFamily:
            CauseManual(
                "The router’s gateway port has no address of this family: tenants’ packets of the family have no way out to the VRF.",
                from: ["an external network without a subnet of the family"], look: ["in OpenStack: `openstack router show ROUTER`"],
                fix: ["give the external network such a subnet, and the router’s gateway an address in it"])
        case .routerLacksDefaultRoute:
            CauseManual(
                "OVN’s router has no route for the destination: it drops the packets before they could be steered.",
                from: ["the external subnet has no gateway address"], look: ["in the cloud: `ovn-nbctl lr-route-list ROUTER`"],
                fix: ["in OpenStack: `openstack subnet set --gateway ADDRESS SUBNET`"])
        case .nextHopUnanswered:
            CauseManual(
                "Nobody answers for the next hop of the router’s default route: OVN drops the packets that it is to send there, before they could be steered.",
                from: ["the provider network’s gateway is off or was replaced", "a wrong gateway address of the external subnet"],
                look: ["in the cloud: `ovn-sbctl --columns=logical_port,ip,mac list MAC_Binding`"],
                fix: ["bring the device back that has the address; it must answer ARP and ND in the provider network"])
        case .routerDiverts:
            CauseManual(
                "A route or a policy of OVN’s router takes tenants’ packets to the prefix elsewhere: they never get to the gateway port.",
                from: [
                    "an extra route of the tenant (`openstack router set --route`) that holds the prefix",
                    "a policy made by hand (`ovn-nbctl lr-policy-add`)", "a port of the router that was disabled",
                ],
                look: ["in the cloud: `ovn-nbctl lr-route-list ROUTER`", "in the cloud: `ovn-nbctl lr-policy-list ROUTER`"],
                fix: ["take the route or the policy away: `openstack router unset --route destination=PREFIX,gateway=ADDRESS ROUTER`"])
        case .routerPolicyUnread:
            CauseManual(
                "A policy of OVN’s router has conditions that the agent does not understand, and may take tenants’ packets to the prefix elsewhere.",
                from: ["a policy made by hand (`ovn-nbctl lr-policy-add`)"], look: ["in the cloud: `ovn-nbctl lr-policy-list ROUTER`"],
                fix: ["narrow its match by “ip4.dst == PREFIX” to what it is for, or take it away"])
        case .portBlocked:
            CauseManual(
                "A port of the provider bridge by which the VPN’s packets go is set down, not to receive or not to forward (OpenFlow’s port configuration).",
                from: ["`ovs-ofctl mod-port` by hand, or a controller of somebody else"],
                look: ["on the gateway: `ovs-vsctl list-br | xargs -n 1 ovs-ofctl show`"],
                fix: ["set it back, on the gateway: `ovs-ofctl mod-port BRIDGE PORT up`, and the same with “receive” and “forward”"])
        case .flowOverridden:
            CauseManual(
                "An OpenFlow entry of somebody else on the provider bridge takes the VPN’s packets before the agent’s entries: it has a higher priority, or the same.",
                from: ["an entry made by hand", "another agent or controller that uses the same bridge"],
                look: ["on the gateway: \(Remedy.bridges)"],
                fix: ["take it away, or give it a priority below 900: the agent’s have 980 to 2000"])
        case .flowUnread:
            CauseManual(
                "An OpenFlow entry of somebody else has a higher priority than the agent’s, and conditions that the agent does not understand: it may take the VPN’s packets.",
                from: ["an entry made by hand", "another agent or controller that uses the same bridge"],
                look: ["on the gateway: \(Remedy.bridges)"],
                fix: ["take it away, narrow it by addresses, or give it a priority below 900"])
        case .conntrackFull:
            CauseManual(
                "The connection tracking that tenants’ packets pass is full, the kernel’s or that of Open vSwitch in user space: connections that stand go on, new ones do not pass.",
                from: ["more connections than the limit was made for", "a scan or an attack", "a limit set too low"],
                look: [
                    "on the gateway: `sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max`",
                    "on the gateway: `ovs-appctl dpctl/ct-get-nconns`",
                ],
                fix: [
                    "raise the limit, on the gateway: `sysctl -w net.netfilter.nf_conntrack_max=NUMBER`, or `ovs-appctl dpctl/ct-set-maxconns NUMBER`"
                ])
        case .northboundSilent:
            CauseManual(
                "The gateway has not heard OVN’s northbound database for longer than 15 s: whether NAT leaves federated traffic alone is not known.",
                from: ["the database is down", "the network to it is cut", "a wrong ovn-nb-remote"],
                look: [
                    "on the gateway: `ovs-vsctl --if-exists get Open_vSwitch . external_ids:ovn-nb-remote`",
                    "on the gateway: `fed-agent status`",
                ],
                fix: ["bring the database back, in the cloud: `systemctl status ovn-ovsdb-server-nb`; the agent goes on by itself"])
        case .openVSwitchSilent:
            CauseManual(
                "The gateway has not heard its own Open_vSwitch database for longer than 15 s.", from: ["ovsdb-server is dead or frozen"],
                look: ["on the gateway: `systemctl status openvswitch-switch`"], fix: ["on the gateway: `systemctl restart ovsdb-server`"])
        case .vswitchdSilent:
            CauseManual(
                "ovs-vswitchd does not answer: its flows are no evidence, and it may forward nothing.",
                from: ["ovs-vswitchd is dead or frozen"],
                look: ["on the gateway: `systemctl status ovs-vswitchd`", "on the gateway: `ovs-appctl version`"],
                fix: ["on the gateway: `systemctl restart ovs-vswitchd`"])
        case .notSteered:
            CauseManual(
                "The gateway can forward the prefix, but Open vSwitch does not hand it the tenant’s traffic: it leaves by the provider network, or not at all.",
                from: ["flows were removed (`ovs-ofctl del-flows`)", "ovs-vswitchd was restarted a moment ago"], look: [flows],
                fix: ["the agent repairs this within seconds; if it stays, on the gateway: `systemctl restart fed-agent`"])
        case .natNotExempted:
            CauseManual(
                "OVN would translate the tenant’s source address towards the prefix (SNAT): answers find no way back.",
                from: ["a NAT rule that was made a moment ago", "the agent may not write the northbound database"],
                look: ["in the cloud: `ovn-nbctl --columns=logical_ip,exempted_ext_ips find NAT type=snat`"],
                fix: ["the agent repairs this within seconds; if it stays, on the gateway: `journalctl -u fed-agent -n 50`"])
        case .destinationAmbiguous:
            CauseManual(
                "A router serves two VPNs whose destinations overlap: whose packets these are cannot be told, so they are not steered.",
                from: ["a share into a VPN with the same addresses"], look: ["`fedctl routes --cloud NAME`"],
                fix: ["deny the overlapping ones in the import filter of one VPN: `fedctl apply -f FILE`"])
        case .destinationReserved:
            CauseManual(
                "The destination is an address of the node itself, or a gateway’s VTEP: steering it would cut the gateway off. "
                    + "Or it lies in a network that a router of the VPN has itself: OVN delivers it there.",
                from: ["a tenant’s address that the underlay uses too", "overlapping subnets of one VPN in two clouds"],
                look: ["on the gateway: `ip -br address`", "on the gateway: `fed-agent explain VPN ADDRESS`"],
                fix: ["give the tenant’s port another address, or deny it in the VPN’s import filter: `fedctl apply -f FILE`"])
        case .agentProblem:
            CauseManual(
                "The agent reports a problem that this coordinator does not know. It may be anything.",
                from: ["an agent that is newer than the coordinator"],
                look: ["`fedctl describe agent CLOUD/NODE`"], fix: ["upgrade the coordinator"])
        case .problemsCut:
            CauseManual(
                "The agent has more problems than a report holds: 100 of a VPN, and 100 of the node. Those that fail a pair are told first; what the "
                    + "others are is not known.",
                from: ["a node or a cloud in which much is broken at once"],
                look: ["`fedctl describe agent CLOUD/NODE`"], fix: ["mend the problems that are shown; the others follow"])
        default: unlisted
        }
    }
}
