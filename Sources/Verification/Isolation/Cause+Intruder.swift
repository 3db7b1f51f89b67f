import FederationModel
import NetworkTypes

extension Cause {
    /// - Parameters:
    ///   - intruders: not empty.
    ///   - sites: of the viewer.
    init(intruders: [Intruder], in vpn: VPNName, at sites: [GatewayInVPN], view: FederationView) {
        // Routes in the kernel first: they harm most.
        let first = intruders.first(where: \.isInstalled) ?? intruders[0]
        let more = intruders.count > 1 ? " (and \(intruders.count - 1) more such routes)" : ""
        var evidence = Array(intruders.prefix(Cause.evidenceLimit).map { $0.line(vpn, view) })
        if let site = sites.first(where: { $0.id == first.gateway }) { evidence += site.complaints }
        self.init(
            .intruder,
            "\(first.gateway) has \(first.prefix) in VPN \(vpn) from \(first.source): \(first.accusation(vpn, view)); "
                + (first.isInstalled ? "the kernel forwards to it" : "it is not in the kernel") + more,
            evidence: evidence, remedy: first.remedy(at: sites, view))
    }
}

extension Intruder {
    /// `VTEP 10.255.1.1 (paris/gw1), AS 4200000001`.
    fileprivate var source: String {
        "VTEP \(nextHop)" + (announcer.map { " (\($0))" } ?? "") + (originAS.map { ", AS \($0)" } ?? "")
    }

    fileprivate func line(_ vpn: VPNName, _ view: FederationView) -> String {
        let origin =
            routeDistinguisher.map { "RD \($0), origin AS \(originAS.map(String.init) ?? "none")" } ?? "no matching received route"
        return "\(gateway): \(prefix) via \(nextHop) in \(vpn), \(origin): \(reason.rawValue)"
            + (isInstalled ? ", in the kernel" : ", not in the kernel")
    }

    fileprivate func accusation(_ vpn: VPNName, _ view: FederationView) -> String {
        let owner = routeDistinguisher.flatMap { view.owners[$0] }
        let name = announcer?.description ?? "\(nextHop)"
        return switch reason {
        case .unknownVTEP: "this VTEP belongs to no gateway of the federation"
        case .notMember: "\(name) may not export to this VPN"
        case .foreignDistinguisher: "its RD is \(owner.map { "\($0.gateway)’s in VPN \($0.vpn)" } ?? "another gateway’s")"
        case .unknownDistinguisher: "its RD \(routeDistinguisher?.description ?? "") is not allocated"
        case .foreignAS: "\(name) is in AS \(announcer.flatMap { view.intents[$0]?.base.asn.description } ?? "of its own")"
        case .notAdvertised: "\(name) does not advertise this prefix"
        case .unexpected: "\(name) advertises this prefix, but has it in neither OVN nor its intent"
        }
    }

    fileprivate func remedy(at sites: [GatewayInVPN], _ view: FederationView) -> String {
        let site = sites.first { $0.id == gateway } ?? sites[0]
        let server = site.base.peers.first { view.gatewaysByVTEP[$0.address] == nil }
        let distinguisher = routeDistinguisher.map { "`vtysh -c 'show bgp l2vpn evpn route rd \($0)'`" }
        let losses = announcer == nil ? "" : " (affects all its VPNs)"
        var steps: [String] = []
        if let server {
            let place = "on \(server.name) (\(server.address))"
            if announcer != nil {
                steps.append(
                    "\(place), cut it off\(losses): `vtysh -c 'configure terminal' -c 'router bgp \(server.asn)' "
                        + "-c 'neighbor \(nextHop) shutdown'`")
            } else if let distinguisher {
                steps.append("\(place), \(distinguisher) shows the neighbor that sends it")
            }
        }
        if server == nil || announcer == nil {
            steps.append("on \(site.place), block packets to it\(losses): `ip route add blackhole \(nextHop)/\(nextHop.family.width)`")
        }
        if let announcer {
            let place = "on \(announcer.node) of \(announcer.cloud)"
            switch reason {
            case .notAdvertised, .unexpected, .foreignDistinguisher, .foreignAS:
                steps.append("\(place), \(distinguisher ?? Remedy.bgpRoutes(of: prefix)) shows whether its bgpd advertises it")
            case .unknownVTEP, .notMember, .unknownDistinguisher:
                steps.append("\(place), `vtysh -c 'show bgp l2vpn evpn vni'` shows the VRF with this RD; the agent did not create it")
            }
        }
        if let server {
            steps.append("`fedctl export --route-server frr --name \(server.address)` prints a filter that blocks such routes")
        }
        return steps.joined(separator: "; ")
    }
}
