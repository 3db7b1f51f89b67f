extension CauseCode {
    /// Causes at `probed` and `returned`: routes are good at both ends, and packets say otherwise.
    var probeManual: CauseManual {
        let underlay = "on the gateway: `ping -c 3 -I OWN_VTEP VTEP`"
        let filters = "on the gateway: `nft list ruleset`"
        let size = "on the gateway: `ping -c 3 -M do -s 1472 -I OWN_VTEP VTEP`"
        let larger = "raise the MTU on the way, or set “underlayMTU” of the cloud to what the way carries: `fedctl apply -f FILE`"
        return switch self {
        case .probeLostOut:
            CauseManual(
                "What the viewer’s gateway sends to the origin’s in this VPN does not arrive, though every route and flow is as it should be.",
                from: [
                    "a firewall that drops VXLAN (UDP 4789)", "an underlay that does not carry it that way",
                    "a forwarding entry that leads to another VTEP", "a routing rule of somebody else",
                ],
                look: [underlay, "on the gateway: `bridge fdb show`", "on the gateway: `ip rule`", filters],
                fix: [
                    "open UDP 4789 between the VTEPs, or remove what the evidence names: probes tell within seconds that packets pass again"
                ])
        case .probeLost:
            CauseManual(
                "Packets between the two gateways do not come back: they are lost both ways, or on which way is not known yet.",
                from: ["an underlay that is interrupted", "a firewall that drops VXLAN (UDP 4789)"],
                look: [underlay, filters], fix: ["repair the underlay between the VTEPs, or open UDP 4789"])
        case .probeLostBack:
            CauseManual(
                "The viewer’s packets arrive at the origin’s gateway, and what that one sends back does not.",
                from: [
                    "a firewall that drops VXLAN (UDP 4789) in one direction only", "an underlay whose way back is another one",
                    "a forwarding entry at the origin’s gateway that leads to another VTEP",
                ],
                look: [underlay, "on the gateway: `bridge fdb show`", filters],
                fix: ["open UDP 4789 in both directions, or remove what the evidence names"])
        case .probeTooBig:
            CauseManual(
                "Small packets pass, and those as large as the VPN’s MTU do not: connections open and then hang.",
                from: ["a link in the underlay with a smaller MTU", "a router on the way that drops what it would have to fragment"],
                look: [size, "on the gateway: `ip -d link show`"], fix: [larger])
        case .probeTooBigBack:
            CauseManual(
                "As `probe-too-big`, on the way back: large packets of the origin’s gateway do not arrive at the viewer’s.",
                from: ["a link in the underlay with a smaller MTU on that way"], look: [size, "on the gateway: `ip -d link show`"],
                fix: [larger])
        case .routerUnanswered:
            CauseManual(
                "Probes come to the gateway through the tunnel, and what it hands to its router of OVN does not come back, though every flow is "
                    + "as it should be. Large ones alone may be lost, or those of one family.",
                from: [
                    "a rule of the node’s firewall that drops what is forwarded (FORWARD, or the table raw)",
                    "a filter of tc on the devices between VRF and switch", "a flow of somebody else before the agent’s",
                    "a port that is set not to forward or not to receive", "a router that OVN does not run any more",
                ],
                look: [
                    "on the gateway: `iptables-save -c`", filters, "on the gateway: \(Remedy.bridges)",
                    "on the gateway: `ovn-sbctl --columns=logical_port,chassis,up find Port_Binding type=chassisredirect`",
                ],
                fix: ["remove what drops it: probes tell within seconds that packets pass again"])
        case .probeLossy:
            CauseManual(
                "Packets pass, and some are lost again and again: connections are slow.",
                from: ["an overloaded or damaged link", "a queue that overflows", "a policer in the underlay"],
                look: ["on the gateway: `ping -c 20 -i 0.2 -I OWN_VTEP VTEP`", "on the gateway: `ip -s link`"],
                fix: ["mend or relieve the link that drops"])
        case .probeUnanswered:
            CauseManual(
                "The origin’s gateway does not answer probes, and does not say that it misses answers itself: its agent may have stopped. "
                    + "Tenants’ packets may pass without it.",
                from: [
                    "an agent that is frozen, or whose node went down a moment ago", "one end that knows a loss earlier than the other one",
                    "a filter that drops probes (UDP 20862) and nothing else",
                ],
                look: ["on the gateway: `systemctl status fed-agent`", filters],
                fix: ["on the gateway: `systemctl restart fed-agent`; or let UDP 20862 in on “fed+”"])
        default: unlisted
        }
    }
}
