extension CauseCode {
    /// Causes at `advertised`: at the origin.
    var advertisementManual: CauseManual {
        let bindings = "in the cloud: `ovn-sbctl --columns=logical_port,chassis,up find Port_Binding up=false`"
        return switch self {
        case .notAdvertised:
            CauseManual(
                "The origin has the prefix, and its bgpd does not advertise it: nobody can reach it.",
                from: ["the agent is about to (a second)", "somebody removed the route, the redistribution or the VNI in FRR"],
                look: [
                    "on the origin’s gateway: `vtysh -c 'show bgp l2vpn evpn route type prefix'`",
                    "on the origin’s gateway: `fed-agent status`",
                ],
                fix: ["the agent repairs this within seconds; if it stays, on the origin’s gateway: `systemctl restart fed-agent`"])
        case .gatewayPortDown:
            CauseManual(
                "The router’s gateway port is bound to the node, but OVN has not installed its flows: packets that came in would be lost, so nothing is advertised.",
                from: ["ovn-controller is stopped, frozen or busy"],
                look: ["on the origin’s gateway: `systemctl status ovn-controller`", bindings],
                fix: ["on the origin’s gateway: `systemctl restart ovn-controller`"])
        case .notDeliverable:
            CauseManual(
                "Something is missing on the way in, from the VRF to the subnet, for longer than 15 s. What could not be delivered is not advertised.",
                from: [
                    "the provider bridge, its patch port or our flows are gone", "ovs-vswitchd is dead",
                    "the next hop inside the cloud has no neighbour",
                ],
                look: ["on the origin’s gateway: `fed-agent status`", "on the origin’s gateway: `ovs-vsctl show`"],
                fix: ["what is ours the agent repairs within seconds; else, on the origin’s gateway: `systemctl status openvswitch-switch`"]
            )
        case .portDown:
            CauseManual(
                "The machine’s port is down in OVN, so its address is not advertised.",
                from: ["the machine is off, or starts", "ovn-controller on its node is stopped", "an admin took the port down"],
                look: [bindings], fix: ["start the machine, or ovn-controller on its node: `systemctl restart ovn-controller`"])
        case .distributedFloatingIP:
            CauseManual(
                "The machine’s floating IP is translated on its own node: its packets never pass a gateway. Its address takes no part in the federation.",
                from: ["Neutron’s enable_distributed_floating_ip"], look: ["in OpenStack: `openstack floating ip list`"],
                fix: ["centralise floating IPs (“enable_distributed_floating_ip = False”), or take the floating IP off the machine"])
        case .prefixLimit:
            CauseManual(
                "The cloud or the VPN has more prefixes than its maximum: the rest is not advertised.",
                from: ["hosts are advertised where subnets would do", "a maximum that is too small"], look: ["`fedctl describe vpn NAME`"],
                fix: ["raise “maximumPrefixes”, or advertise subnets: `fedctl apply -f FILE`"])
        default: unlisted
        }
    }
}
