import FederationModel
import NetworkTypes

extension FederationYAML {
    /// The graph as YAML in canonical form: names sorted, omitted keys omitted. Reading it gives the same graph.
    ///
    /// The graph has no comments, so comments of the original file are lost.
    package static func write(_ graph: FederationGraph) -> String {
        var lines = ["federation: \(YAMLText.quoted(graph.federation.text))"]
        lines += section("pools", body(of: graph.pools))
        lines += section("reserved", graph.reservations.map { "- " + flow($0) })
        lines.append(graph.clouds.isEmpty ? "clouds: {}" : "clouds:")
        for (name, cloud) in graph.clouds.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(YAMLText.quoted(name.text)):")
            lines += body(of: cloud).map { "    " + $0 }
        }
        if !graph.vpns.isEmpty { lines.append("vpns:") }
        for (name, vpn) in graph.vpns.sorted(by: { $0.key < $1.key }) {
            let body = body(of: vpn)
            lines.append("  \(YAMLText.quoted(name.text)):" + (body.isEmpty ? " {}" : ""))
            lines += body.map { "    " + $0 }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A key with indented lines; empty if there are none.
    static func section(_ key: String, _ body: [String]) -> [String] { body.isEmpty ? [] : ["\(key):"] + body.map { "  " + $0 } }

    private static func body(of pools: PoolSettings) -> [String] {
        var lines: [String] = []
        if let asns = pools.asns { lines.append("as: \(asns.text)") }
        if let vnis = pools.vnis { lines.append("vni: \(vnis.text)") }
        let targets = [("administrator", pools.routeTargetAdministrator?.description), ("numbers", pools.routeTargetNumbers?.text)]
        if targets.contains(where: { $0.1 != nil }) { lines.append("rt: \(YAMLText.flow(targets))") }
        if let prefix = pools.probeAddresses { lines.append("probeAddresses: \(YAMLText.quoted(prefix.description))") }
        if let quarantine = pools.quarantine { lines.append("quarantine: \(TimeSpan.text(quarantine))") }
        return lines
    }

    private static func flow(_ reservation: Reservation) -> String {
        let values =
            switch reservation.values {
            case .asns(let numbers): ("as", numbers.text)
            case .vnis(let numbers): ("vni", numbers.text)
            case .routeTarget(let target): ("rt", YAMLText.quoted(target.description))
            case .routerMAC(let mac): ("routerMAC", YAMLText.quoted(mac.description))
            case .address(let address): ("address", YAMLText.quoted(address.description))
            }
        return YAMLText.flow([values, ("reason", YAMLText.quoted(reservation.reason))])
    }

    private static func body(of cloud: Cloud) -> [String] {
        var lines: [String] = []
        if let asn = cloud.asn { lines.append("as: \(asn)") }
        if !cloud.labels.isEmpty { lines.append("labels: \(YAMLText.flow(cloud.labels))") }
        if cloud.isDraining { lines.append("drain: true") }
        if cloud.onSouthboundLoss != .drain { lines.append("onSouthboundLoss: \(cloud.onSouthboundLoss.rawValue)") }
        if cloud.limits != CloudLimits() {
            let limits = [
                ("prefixesPerVPN", cloud.limits.prefixesPerVPN.map { "\($0)" }), ("prefixes", cloud.limits.prefixes.map { "\($0)" }),
                ("learnedPerVPN", cloud.limits.learnedPerVPN.map { "\($0)" }),
                ("learnedPerOrigin", cloud.limits.learnedPerOrigin.map { "\($0)" }),
            ]
            lines.append("limits: \(YAMLText.flow(limits))")
        }
        if cloud.bgp != BGPSettings() { lines.append("bgp:") }
        if cloud.bgp.management != .agent { lines.append("  management: \(cloud.bgp.management.rawValue)") }
        if cloud.bgp.failureDetection == .bfd { lines.append("  bfd: true") }
        if let hops = cloud.bgp.maximumHops { lines.append("  maximumHops: \(hops)") }
        if !cloud.bgp.routeServers.isEmpty { lines.append("  routeServers:") }
        for server in cloud.bgp.routeServers {
            let values = [
                ("name", server.name.map(YAMLText.quoted)), ("address", YAMLText.quoted(server.address.description)),
                ("as", server.asn.description),
            ]
            lines.append("    - " + YAMLText.flow(values))
        }
        if let mtu = cloud.underlayMTU { lines.append("underlayMTU: \(mtu)") }
        if cloud.filtersVXLAN { lines.append("vxlanFilter: true") }
        if let pool = cloud.vtepPool { lines.append("vtepPool: \(YAMLText.quoted(pool.description))") }
        lines.append(cloud.gateways.isEmpty ? "gateways: {}" : "gateways:")
        for (name, gateway) in cloud.gateways.sorted(by: { $0.key < $1.key }) {
            let values = [
                ("vtep", gateway.vtep?.description), ("routerMAC", gateway.routerMAC?.description),
                ("probeAddress", gateway.probeAddress?.description),
            ]
            lines.append("  \(YAMLText.quoted(name.text)): " + YAMLText.flow(values.map { ($0.0, $0.1.map(YAMLText.quoted)) }))
        }
        return lines
    }
}
