extension CauseCode {
    /// Causes at `received`, `accepted` and `imported`: BGP between the clouds.
    var routeManual: CauseManual {
        let summary = "on the gateway: `vtysh -c 'show bgp l2vpn evpn summary'`"
        let routes = "on the gateway: `vtysh -c 'show bgp l2vpn evpn route type prefix'`"
        let renumber = "give each cloud its own AS (set or omit “as:” in the federation file): `fedctl apply -f FILE`"
        return switch self {
        case .sessionDown:
            CauseManual(
                "No EVPN session that could carry the route is established.",
                from: [
                    "the underlay or TCP 179 is blocked", "passwords, AS numbers or hops differ between the two ends",
                    "the other bgpd is down",
                ],
                look: [summary, "on the gateway: `vtysh -c 'show bgp neighbors'`"],
                fix: ["mend what “Last reset” names; `ping -I VTEP PEER` on the gateway tests the underlay"])
        case .peerTaken:
            CauseManual(
                "bgpd has a neighbor of somebody else with the peer’s address. The agent leaves it alone, so the session is not ours.",
                from: ["the operator’s own BGP"], look: ["on the gateway: `vtysh -c 'show running-config bgpd'`"],
                fix: ["remove the neighbor there, or set “bgp: {management: external}” for the cloud: `fedctl apply -f FILE`"])
        case .bgpPasswordsUnreadable:
            CauseManual(
                "The file with the passwords of BGP sessions cannot be read. Sessions stay as they are; new ones have no password.",
                from: ["a wrong mode, owner or line"], look: ["on the gateway: `fed-agent check`"],
                fix: ["write lines of “ADDRESS PASSWORD” or “* PASSWORD”, readable by root only"])
        case .bfdNotRunning:
            CauseManual(
                "The cloud asks for BFD, and bfdd does not run: sessions end by BGP’s own timers instead, which is slower.",
                from: ["“bfdd=no” in /etc/frr/daemons"], look: ["on the gateway: `vtysh -c 'show bfd peers brief'`"],
                fix: ["on the gateway: write “bfdd=yes” in /etc/frr/daemons, then `systemctl restart frr` (costs some seconds)"])
        case .notReceived:
            CauseManual(
                "The origin advertises the prefix, and the viewer’s bgpd does not have it.",
                from: [
                    "a filter on the route server or at either end", "a route server that does not reflect EVPN",
                    "sessions that came up a moment ago",
                ],
                look: [summary, routes], fix: ["correct the filter; `fedctl export --route-server frr` prints one that fits"])
        case .asLoop:
            CauseManual(
                "The viewer’s own AS is in the route’s path, and BGP drops it.",
                from: ["two clouds with one AS behind a route server"], look: [routes], fix: [renumber])
        case .ownRouterMAC:
            CauseManual(
                "The route carries the viewer’s own router MAC, and FRR drops it.",
                from: ["“routerMAC” given twice in the federation file", "a machine that was cloned"],
                look: ["on the gateway: `ip -br link show type bridge`"],
                fix: ["remove “routerMAC” from one of the two gateways: `fedctl apply -f FILE`"])
        case .duplicateRouterMAC:
            CauseManual(
                "The route carries the router MAC of a third gateway: packets could go to either.",
                from: ["“routerMAC” given twice in the federation file"], look: ["on the gateway: `vtysh -c 'show evpn rmac vni all'`"],
                fix: ["remove “routerMAC” from one of them: `fedctl apply -f FILE`"])
        case .notValid:
            CauseManual(
                "bgpd holds the route for unusable: usually it has no route to the next hop (the origin’s VTEP).",
                from: ["the underlay has no route to the VTEP, or only a default route", "a policy denies it"],
                look: ["on the gateway: `vtysh -c 'show bgp nexthop'`", "on the gateway: `ip route get VTEP`"],
                fix: [
                    "give the underlay a route to the VTEP; with only a default route: `vtysh -c 'configure terminal' -c 'ip nht resolve-via-default'`"
                ])
        case .notBest:
            CauseManual(
                "bgpd prefers another route with the same distinguisher: somebody else uses it.",
                from: ["a distinguisher that is used twice"], look: [routes],
                fix: ["remove it where it was not allocated: `fedctl alloc list` shows whose it is"])
        case .localPreferenceNeedsSessions:
            CauseManual(
                "The VPN has a local preference, and the operator manages the sessions: the agent cannot set it.",
                from: ["“bgp: {management: external}” with “localPreference”"],
                look: ["on the gateway: `vtysh -c 'show running-config bgpd'`"],
                fix: ["match the VPN’s route targets in your own inbound route-map, or let the agent manage the sessions"])
        case .routeTargetStripped:
            CauseManual(
                "The route arrived without any route target that the VRF imports: somebody on the way removed or rewrote extended communities.",
                from: ["a route server without send-community extended", "a route-map"], look: [routes],
                fix: ["on the router between: `neighbor … send-community extended`"])
        case .notImported:
            CauseManual(
                "The route arrived with the right target, and is not in the VRF.",
                from: ["bgpd lost the VRF’s import", "another route is preferred"],
                look: ["on the gateway: `vtysh -c 'show bgp l2vpn evpn vrf-import-rt'`"],
                fix: ["the agent repairs this within seconds; if it stays, on the gateway: `systemctl restart fed-agent`"])
        case .intruder:
            CauseManual(
                "A route in the VRF comes from nobody who may export to this VPN, or its origin does not announce it. Tenants’ packets may go to a stranger.",
                from: ["a VRF made by hand with this VPN’s target", "a foreign fabric on the same route server", "a hostile neighbor"],
                look: ["`fedctl routes --vpn NAME`", routes],
                fix: [
                    "cut the sender off on the route server, as the verdict’s remedy says; `fedctl export --route-server frr` prints a filter that keeps such routes out"
                ])
        case .foreignRouteImported:
            CauseManual(
                "A route of another VPN is in this VPN’s VRF: two tenants can reach each other.",
                from: ["a foreign route target in bgpd"],
                look: ["on the gateway: `vtysh -c 'show bgp l2vpn evpn vni'`", "`fedctl routes --vpn NAME`"],
                fix: [
                    "shut the session down that it came from, as the verdict’s remedy says; the agent removes foreign targets within seconds"
                ])
        case .unjoinedRouteImported:
            CauseManual(
                "A route of this VPN is in the VRF of a cloud that its policy excludes, for example of one spoke at another.",
                from: ["a foreign route target in bgpd"], look: ["on the gateway: `vtysh -c 'show bgp l2vpn evpn vni'`"],
                fix: ["the agent removes foreign targets within seconds; if it stays, on the gateway: `systemctl restart fed-agent`"])
        default: unlisted
        }
    }
}
