import NetworkTypes

/// What the operator of the network configures in FRR, before any federation: the underlay, and the route server.
package struct RoutingConfiguration: Sendable {
    private let scenario: Scenario
    private let plan: AddressPlan

    package init(_ scenario: Scenario) {
        self.scenario = scenario
        plan = AddressPlan(scenario)
    }

    /// The spine: IPv4 with each uplink that has BGP, EVPN with each VTEP; what it reaches by static routes it tells the others. As a route server (RFC 7947) it changes neither next hop nor
    /// AS path; without a VNI of its own it keeps all EVPN routes.
    package var spine: String {
        var lines = [
            "hostname spine", "log timestamp precision 3", "router bgp \(scenario.spine.asn)", " bgp router-id \(scenario.spine.address)",
            " no bgp ebgp-requires-policy", " no bgp default ipv4-unicast", " timers bgp 1 3",
        ]
        var links: [String] = []
        var servers: [String] = []
        var networks = ["\(scenario.spine.address)"]
        for cloud in scenario.clouds {
            for gateway in cloud.gateways {
                let uplink = plan.uplink(of: cloud.name, gateway.name).gateway
                servers.append("\(gateway.vtep)")
                switch cloud.underlay {
                case .static: networks.append("\(gateway.vtep)")
                case .bgp:
                    links.append(uplink)
                    lines += [
                        " neighbor \(uplink) remote-as \(cloud.asn)",
                        " neighbor \(uplink) description \(cloud.name)/\(gateway.name) underlay",
                        " neighbor \(uplink) timers connect 1", " neighbor \(uplink) advertisement-interval 0",
                    ]
                }
                lines += [
                    " neighbor \(gateway.vtep) remote-as \(cloud.asn)",
                    " neighbor \(gateway.vtep) description \(cloud.name)/\(gateway.name)",
                    " neighbor \(gateway.vtep) ebgp-multihop 8", " neighbor \(gateway.vtep) update-source \(scenario.spine.address)",
                    " neighbor \(gateway.vtep) disable-connected-check", " neighbor \(gateway.vtep) passive",
                    " neighbor \(gateway.vtep) advertisement-interval 0",
                ]
            }
        }
        lines.append(" address-family ipv4 unicast")
        lines += networks.map { "  network \($0)/32" }
        lines += links.map { "  neighbor \($0) activate" }
        lines += [" exit-address-family", " address-family l2vpn evpn"]
        lines += servers.flatMap { ["  neighbor \($0) activate", "  neighbor \($0) route-server-client"] }
        lines += [" exit-address-family", "exit"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// A gateway: its VTEP into the underlay, and nothing else. EVPN sessions and VRFs are the agent's.
    /// Gateways of one cloud share its AS number, and hear of each other's VTEP only by `allowas-in`. Where the underlay is static,
    /// bgpd is configured by nobody.
    package func gateway(_ cloud: Scenario.Cloud, _ gateway: Scenario.Gateway) -> String {
        guard cloud.underlay == .bgp else { return "hostname \(cloud.name)-\(gateway.name)\n" }
        let spine = plan.uplink(of: cloud.name, gateway.name).spine
        return """
            hostname \(cloud.name)-\(gateway.name)
            log timestamp precision 3
            route-map UNDERLAY permit 10
            exit
            router bgp \(cloud.asn)
             bgp router-id \(gateway.vtep)
             no bgp default ipv4-unicast
             timers bgp 1 3
             neighbor \(spine) remote-as \(scenario.spine.asn)
             neighbor \(spine) description spine underlay
             neighbor \(spine) timers connect 1
             neighbor \(spine) advertisement-interval 0
             address-family ipv4 unicast
              network \(gateway.vtep)/32
              neighbor \(spine) activate
              neighbor \(spine) allowas-in 1
              neighbor \(spine) route-map UNDERLAY in
              neighbor \(spine) route-map UNDERLAY out
             exit-address-family
            exit

            """
    }
}
