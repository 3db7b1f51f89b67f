extension CauseCode {
    /// Causes at `effective`: bgpd’s and zebra’s configuration, as read back.
    var configurationManual: CauseManual {
        let evpn = "on the gateway: `vtysh -c 'show bgp l2vpn evpn vni'`"
        let again = "the agent repairs this within seconds; if it stays, on the gateway: `systemctl restart fed-agent`"
        return switch self {
        case .frrUnreachable:
            CauseManual(
                "bgpd or zebra does not answer the agent. What it installed may stand: where packets of all prefixes pass, the pair is DEGRADED, because "
                    + "nobody looks after their routes any more; else it fails.",
                from: ["FRR is stopped, restarting or frozen", "the agent may not open FRR’s sockets (group frrvty)"],
                look: ["on the gateway: `systemctl status frr`", "on the gateway: `fed-agent check`"],
                fix: ["on the gateway: `systemctl restart frr`; the agent writes its configuration as soon as bgpd answers"])
        case .asConflict:
            CauseManual(
                "bgpd already runs with another AS than the federation gives this cloud. The agent does not change the configuration.",
                from: ["the operator’s own BGP", "a changed AS in the federation file"],
                look: ["on the gateway: `vtysh -c 'show bgp summary'`"],
                fix: ["give the cloud bgpd’s AS in the federation file (`as:`): `fedctl apply -f FILE`; or reconfigure bgpd"])
        case .bgpInstanceMissing:
            CauseManual(
                "The operator manages BGP on this gateway (“bgp: {management: external}”), and bgpd has no default instance.",
                from: ["the operator’s configuration was not loaded"],
                look: ["on the gateway: `vtysh -c 'show running-config bgpd'`"],
                fix: ["load the operator’s configuration, or set “bgp: {management: agent}” for the cloud: `fedctl apply -f FILE`"])
        case .deviceNameTaken:
            CauseManual(
                "A device that is not ours has a name that the agent needs (fed…). The agent leaves it alone.",
                from: ["a device made by hand, or by other software"],
                look: ["on the gateway: `ip -d link`"],
                fix: ["rename or remove the device that the evidence names"])
        case .stepFailed:
            CauseManual(
                "Something that the agent wrote was refused. It tries again, with pauses that grow.",
                from: ["a kernel without the feature", "missing rights", "a daemon that was just restarting"],
                look: ["on the gateway: `fed-agent check`", "on the gateway: `journalctl -u fed-agent -n 50`"],
                fix: ["do what `fed-agent check` says of what fails"])
        case .vpnNotConfigured:
            CauseManual(
                "bgpd does not have this VPN at all.", from: ["bgpd was restarted with an empty configuration", "somebody removed it"],
                look: [evpn], fix: [again])
        case .wrongVNI:
            CauseManual(
                "The VPN runs under another VNI than the allocated one: packets of the two ends do not meet.",
                from: ["somebody changed it in FRR", "a change of the VNI that stopped half way"], look: [evpn, "`fedctl status`"],
                fix: [again])
        case .wrongRD:
            CauseManual(
                "The VPN’s routes go out under another route distinguisher than the allocated one; others do not know whose they are.",
                from: ["somebody changed it in FRR"], look: [evpn], fix: [again])
        case .wrongRouterMAC:
            CauseManual(
                "The gateway announces another router MAC than the allocated one.",
                from: ["the bridge’s address was changed by hand"],
                look: ["on the gateway: `vtysh -c 'show evpn vni detail'`", "on the gateway: `ip -br link show type bridge`"], fix: [again])
        case .exportTargetMissing:
            CauseManual(
                "bgpd does not export the VPN to a route target of the pair, though it is configured or should be: the viewer imports nothing.",
                from: ["somebody removed it in FRR", "FRR lost it"], look: [evpn], fix: [again])
        case .importTargetMissing:
            CauseManual(
                "bgpd does not import a route target of the pair: the origin’s routes arrive and are not taken.",
                from: ["somebody removed it in FRR", "FRR lost it and kept a wildcard"],
                look: [evpn, "on the gateway: `vtysh -c 'show bgp l2vpn evpn vrf-import-rt'`"], fix: [again])
        case .foreignExportTarget:
            CauseManual(
                "bgpd exports the VPN to a route target of another VPN: a leak between tenants.",
                from: ["somebody added it in FRR"], look: [evpn], fix: [again])
        case .foreignImportTarget:
            CauseManual(
                "bgpd imports a route target of another VPN into this one: a leak between tenants.",
                from: ["somebody added it in FRR"],
                look: [evpn, "on the gateway: `vtysh -c 'show bgp l2vpn evpn vrf-import-rt'`"], fix: [again])
        case .noRouteTargetInCommon:
            CauseManual(
                "Each end has some of the VPN’s route targets in force, but the two have none in common.",
                from: ["a change that one of the two has not applied", "targets removed by hand on both ends"], look: [evpn], fix: [again])
        case .l3vniDown:
            CauseManual(
                "zebra holds the VPN’s L3VNI for down: nothing is exported and nothing imported is installed.",
                from: ["the VXLAN device or its bridge is down or gone", "the bridge is not in the VRF"],
                look: ["on the gateway: `vtysh -c 'show evpn vni'`", "on the gateway: `ip -d link show type vxlan`"], fix: [again])
        default: unlisted
        }
    }
}
