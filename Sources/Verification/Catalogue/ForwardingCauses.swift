extension CauseCode {
    /// Causes at `installed`: the viewer’s kernel.
    var forwardingManual: CauseManual {
        let table = "on the gateway: `ip route show table all`"
        return switch self {
        case .prefixClaimedTwice:
            CauseManual(
                "Two clouds, or the viewer itself, have the same address in this VPN: packets go to one of them.",
                from: ["overlapping subnets", "a machine that was moved and not removed"], look: ["`fedctl routes --vpn NAME`"],
                fix: ["renumber one; if it is one service in many places, list it under “anycast” of the VPN: `fedctl apply -f FILE`"])
        case .notInstalled:
            CauseManual(
                "bgpd imported the route, and the kernel does not have it.",
                from: ["zebra is busy or disconnected from bgpd", "somebody removed the route"],
                look: ["on the gateway: `vtysh -c 'show ip route vrf all'`", "on the gateway: `vtysh -c 'show zebra'`"],
                fix: ["on the gateway: `systemctl restart fed-agent`; where zebra stays without bgpd: `systemctl restart frr`"])
        case .learnedLimit:
            CauseManual(
                "Others announce more prefixes than the gateway takes for this VPN or from this origin: the rest is kept out.",
                from: ["hosts are advertised where subnets would do", "a cloud that announces far too much"],
                look: ["`fedctl routes --vpn NAME`"],
                fix: ["advertise subnets there, or raise “maximumLearned” and “maximumLearnedPerOrigin”: `fedctl apply -f FILE`"])
        case .originNotAuthorized:
            CauseManual(
                "The origin announces a prefix that the federation file gives it no right to: it is kept out.",
                from: ["an “export” or “filters” that are too narrow", "a cloud that announces what is not its own"],
                look: ["`fedctl routes --vpn NAME`"],
                fix: ["permit the prefix in the federation file, or stop the announcement: `fedctl apply -f FILE`"])
        case .deniedPrefixInstalled:
            CauseManual(
                "The kernel forwards a prefix that the VPN’s import filter denies.",
                from: ["a filter that was applied a moment ago", "a route made by hand"], look: [table],
                fix: ["the agent removes it within seconds; if it stays, on the gateway: `systemctl restart fed-agent`"])
        case .wrongNextHop:
            CauseManual(
                "The kernel sends the prefix to another VTEP than the origin’s.",
                from: ["somebody else advertises it too", "a route made by hand"],
                look: [table, "on the gateway: `vtysh -c 'show bgp vrf all ipv4 unicast'`"],
                fix: ["stop who else advertises it, or remove the route"])
        case .tunnelEntryMissing:
            CauseManual(
                "The route is there, but the neighbour or forwarding entry of its next hop is not: packets find no tunnel.",
                from: ["zebra lost it", "somebody flushed the neighbours"],
                look: ["on the gateway: `vtysh -c 'show evpn next-hops vni all'`", "on the gateway: `bridge fdb show`"],
                fix: ["on the gateway: `systemctl restart fed-agent` configures the VNI again"])
        case .ipv6ForwardingOff:
            CauseManual(
                "The node does not forward IPv6.", from: ["a sysctl"], look: ["on the gateway: `sysctl net.ipv6.conf.all.forwarding`"],
                fix: ["on the gateway: `sysctl -w net.ipv6.conf.all.forwarding=1`, and the same in /etc/sysctl.d"])
        case .vxlanFilterFailed:
            CauseManual(
                "The node takes VXLAN from any source, though its cloud asks for a filter: a stranger in the underlay could send into VPNs.",
                from: ["nftables is not installed or was refused"], look: ["on the gateway: `nft list tables`"],
                fix: ["on the gateway: `apt-get install nftables`; or remove “vxlanFilter” from the cloud"])
        case .routeOverridden:
            CauseManual(
                "A route or a routing rule of somebody else takes traffic of the VPN on the node.",
                from: ["a rule with a lower preference than the VRFs’", "a more specific route"],
                look: ["on the gateway: `ip rule`", table],
                fix: ["remove the rule or route that the evidence names, and keep its maker away"])
        case .underlayMTU:
            CauseManual(
                "The underlay carries smaller packets than the VPN sends: small packets go, large ones are lost.",
                from: ["a tunnel or device in the underlay with a smaller MTU"], look: ["on the gateway: `tracepath -n VTEP`"],
                fix: [
                    "raise the MTU on the way (50 bytes more than the tenants’), or set “underlayMTU” for the cloud: `fedctl apply -f FILE`"
                ])
        case .forwardingFiltered:
            CauseManual(
                "The node’s firewall drops what VRFs forward.", from: ["a FORWARD policy DROP: Docker, firewalld, ufw"],
                look: ["on the gateway: `nft list ruleset`", "on the gateway: `fed-agent check`"],
                fix: ["let the chain that the evidence names accept what comes in by “fed*”"])
        case .firewallUnreadable:
            CauseManual(
                "Whether the node’s firewall drops what VRFs forward cannot be found out.",
                from: ["nft is not installed", "rules that the agent cannot judge"],
                look: ["on the gateway: `nft list ruleset`"],
                fix: ["on the gateway: `apt-get install nftables`; a rule at the head of the chain that accepts “fed*” leaves no doubt"])
        case .reversePathFilter:
            CauseManual(
                "The node drops packets from sources that it has no route back to (strict rp_filter).", from: ["a sysctl"],
                look: ["on the gateway: `sysctl net.ipv4.conf.all.rp_filter`"],
                fix: ["on the gateway: `sysctl -w net.ipv4.conf.all.rp_filter=0`, and the same in /etc/sysctl.d"])
        case .kernelSilent:
            CauseManual(
                "The agent cannot read the node’s kernel (netlink).", from: ["missing rights", "a full socket buffer that stays full"],
                look: ["on the gateway: `fed-agent check`", "on the gateway: `journalctl -u fed-agent -n 50`"],
                fix: ["on the gateway: `systemctl restart fed-agent`"])
        default: unlisted
        }
    }
}
