import FederationModel
import NetworkTypes

extension Inspection {
    func gatewayNumbers() -> [Finding] { Uniqueness.ofGateways(new.intents) }

    /// Touched VPNs against all. For an untouched VPN one gateway represents all, because
    /// a VPN has one VNI, and one RD index after each gateway's own address.
    func vpnNumbers() -> [Finding] {
        guard !vpns.isEmpty else { return [] }
        let touched = Set(vpns)
        let others = new.graph.vpns.keys.lazy.filter { !touched.contains($0) }.compactMap { name in
            new.targets.entries[name]?.first.flatMap { Self.intent(of: name, in: $0.cloud, new) }
        }
        return Uniqueness.ofVPNs(vpns.map(intents(of:)), among: others)
    }

    /// By cloud and node.
    private func intents(of name: VPNName) -> [VPNIntent] {
        (new.targets.entries[name] ?? []).flatMap { entry in
            (new.graph.clouds[entry.cloud]?.gateways.keys.sorted() ?? []).compactMap {
                new.intents[GatewayID(cloud: entry.cloud, node: $0)]?.vpns[name]
            }
        }
    }

    func autonomousSystems() -> [Finding] {
        var systems: [CloudName: ASN] = [:]
        var gateways: [IPAddress: CloudName] = [:]
        for (id, intent) in new.intents {
            systems[id.cloud] = intent.base.asn
            gateways[.v4(intent.base.vtep)] = id.cloud
        }
        return loops(systems, gateways) + residues(systems)
    }

    private func loops(_ systems: [CloudName: ASN], _ gateways: [IPAddress: CloudName]) -> [Finding] {
        var findings: [Finding] = []
        let owners = Dictionary(grouping: systems.keys.sorted()) { systems[$0] }
        for (name, cloud) in new.graph.clouds {
            for (index, server) in cloud.bgp.routeServers.enumerated() {
                let path = "clouds.\(name).bgp.routeServers[\(index)]"
                // A route server may be another cloud's gateway; then its AS is that cloud's, and may be in the path.
                let gateway = gateways[server.address]
                if let gateway, let asn = systems[gateway], asn != server.asn {
                    findings.append(
                        Finding(
                            .error, .routeServerASMismatch, path: "\(path).as",
                            reason:
                                "\(server.address) is a gateway of \(gateway) in AS \(asn), not AS \(server.asn): the session would never establish",
                            remedy: "write as: \(asn)"))
                }
                for owner in owners[server.asn] ?? [] where owner != gateway {
                    // With a server in its own AS it has iBGP; if the operator manages BGP, loops are the operator's matter.
                    let bgp = new.graph.clouds[owner]?.bgp
                    if bgp?.management == .external || bgp?.routeServers.contains(where: { $0.asn == server.asn }) == true { continue }
                    findings.append(
                        Finding(
                            .error, .asLoop, path: "clouds.\(owner).as",
                            reason:
                                "\(owner) has the same AS \(server.asn) as route server \(server.address) of \(name): it drops every route "
                                + "from it as a loop",
                            remedy: "change the AS of \(owner) or of the route server"))
                }
            }
        }
        return findings
    }

    /// FRR 8.4 derives an automatic target from the low 16 bits of the AS and the VNI. Ours are explicit, but bgpd can lose them.
    private func residues(_ systems: [CloudName: ASN]) -> [Finding] {
        let touched = Set(clouds.filter { old == nil || old?.ledger.asn(of: $0) != systems[$0] })
        guard !touched.isEmpty else { return [] }
        return Dictionary(grouping: systems.keys.sorted()) { (systems[$0]?.value ?? 0) & 0xffff }.values.compactMap { names in
            guard names.count > 1, Set(names.compactMap { systems[$0] }).count > 1, let name = names.first(where: touched.contains)
            else { return nil }
            return Finding(
                .warning, .asEqualModulo65536, path: "clouds.\(name).as",
                reason:
                    "\(names.map { "\($0) (AS \(systems[$0]?.description ?? "none"))" }.listed()) are equal modulo 65536: FRR’s automatic route "
                    + "targets would be equal if bgpd ever lost the explicit ones",
                remedy: "choose AS numbers with different low 16 bits, or omit them")
        }
    }

    /// Make before break, in several steps after this plan.
    func vniChanges() -> [Finding] {
        guard let old else { return [] }
        return vpns.compactMap { name in
            guard let before = old.ledger.vni(of: name), let after = new.ledger.vni(of: name), before != after,
                let gateways = new.targets.entries[name]?.compactMap({ new.graph.clouds[$0.cloud]?.gateways.count }).reduce(0, +),
                gateways > 0
            else { return nil }
            let steps =
                "VNI \(before) → \(after), make before break: \(gateways) gateways add VNI \(after), then send with it, "
                + "then remove VNI \(before); each step waits for all gateways, also for agents that are away"
            // Then each VRF has the routes of both, and zebra 8.4.4 loses the tunnel entries if all routes of one go at once.
            if let target = new.graph.vpns[name]?.routeTarget, old.ledger.routeTarget(of: name) == target {
                return Finding(
                    .warning, .vniChange, path: "vpns.\(name).vni",
                    reason:
                        "\(steps). Both use route target \(target) of the file: the last step loses traffic for some tenths of a second",
                    remedy: "change or omit “rt:” together with the VNI to lose nothing; “fedctl status” shows the progress")
            }
            return Finding(
                .warning, .vniChange, path: "vpns.\(name).vni", reason: steps,
                remedy: "no traffic is lost; “fedctl status” shows the progress, and the old VNI in the file reverts it")
        }
    }
}
