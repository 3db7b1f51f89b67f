import NetworkTypes

/// What must be unique, looked up in what was compiled: the ledger sees to it, and nobody relies on one lock alone.
extension Inspection {
    func gatewayNumbers() -> [Finding] {
        var findings: [Finding] = []
        var vteps: [IPv4Address: GatewayID] = [:]
        var macs: [MACAddress: GatewayID] = [:]
        var probes: [IPv4Address: GatewayID] = [:]
        var systems: [ASN: CloudName] = [:]
        func twice(_ code: FindingCode, _ key: String, _ id: GatewayID, _ other: GatewayID, _ value: String, _ remedy: String) {
            findings.append(
                Finding(
                    .error, code, path: "clouds.\(id.cloud).gateways.\(id.node).\(key)", reason: "\(id) and \(other) both have \(value)",
                    remedy: remedy))
        }
        for (id, intent) in new.intents.sorted(by: { $0.key < $1.key }) {
            let base = intent.base
            if let other = vteps.updateValue(id, forKey: base.vtep) {
                twice(.vtepUsedTwice, "vtep", id, other, "VTEP \(base.vtep)", "give one of them another address")
            }
            if let other = macs.updateValue(id, forKey: base.routerMAC) {
                twice(
                    .routerMACUsedTwice, "routerMAC", id, other, "router MAC \(base.routerMAC)",
                    "remove routerMAC from one of them, and one is allocated (FRR drops routes that carry its own)")
            }
            if let other = probes.updateValue(id, forKey: base.probeAddress) {
                twice(.probeAddressUsedTwice, "probeAddress", id, other, "probe address \(base.probeAddress)", "remove it from one of them")
            }
            if let other = systems.updateValue(id.cloud, forKey: base.asn), other != id.cloud {
                findings.append(
                    Finding(
                        .error, .asUsedTwice, path: "clouds.\(id.cloud).as", reason: "\(id.cloud) and \(other) both have AS \(base.asn)",
                        remedy: "give each cloud an AS of its own, or leave it out: BGP drops routes that carry the receiver’s AS"))
            }
        }
        return findings
    }

    /// Of the touched VPNs, against all.
    func vpnNumbers() -> [Finding] {
        guard !vpns.isEmpty else { return [] }
        var vnis: [VNI: VPNName] = [:]
        var distinguishers: [RouteDistinguisher: VPNName] = [:]
        let touched = Set(vpns)
        var findings: [Finding] = []
        for name in vpns {
            for cloud in (new.targets.entries[name] ?? []).map(\.cloud) {
                for node in new.graph.clouds[cloud]?.gateways.keys.sorted() ?? [] {
                    guard let intent = new.intents[GatewayID(cloud: cloud, node: node)]?.vpns[name] else { continue }
                    if let other = vnis.updateValue(name, forKey: intent.vni), other != name { findings.append(twice(intent.vni, name, other)) }
                    if let other = distinguishers.updateValue(name, forKey: intent.routeDistinguisher) {
                        findings.append(twice(intent.routeDistinguisher, name, other))
                    }
                }
            }
        }
        for intent in new.intents.values {
            for (name, vpn) in intent.vpns where !touched.contains(name) {
                if let other = vnis[vpn.vni] { findings.append(twice(vpn.vni, other, name)) }
                if let other = distinguishers[vpn.routeDistinguisher] { findings.append(twice(vpn.routeDistinguisher, other, name)) }
            }
        }
        return findings
    }

    private func twice(_ vni: VNI, _ name: VPNName, _ other: VPNName) -> Finding {
        Finding(
            .error, .vniUsedTwice, path: "vpns.\(name).vni", reason: "VPN \(name) and VPN \(other) both have VNI \(vni)",
            remedy: "give each a VNI of its own, or leave it out and one is allocated")
    }

    private func twice(_ rd: RouteDistinguisher, _ name: VPNName, _ other: VPNName) -> Finding {
        Finding(
            .error, .rdUsedTwice, path: "vpns.\(name)", reason: "VPN \(name) and VPN \(other) both have RD \(rd) on a gateway",
            remedy: "this is a fault of the program, or of VTEP addresses that are used twice: correct these, or report it")
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
                // A route server may be another cloud's gateway; its AS then is that cloud's, and in the path by right.
                let gateway = gateways[server.address]
                if let gateway, let asn = systems[gateway], asn != server.asn {
                    findings.append(
                        Finding(
                            .error, .routeServerASMismatch, path: "\(path).as",
                            reason: "\(server.address) is a gateway of \(gateway) in AS \(asn), and not in AS \(server.asn): the session would never come up",
                            remedy: "write as: \(asn)"))
                }
                for owner in owners[server.asn] ?? [] where owner != gateway {
                    findings.append(
                        Finding(
                            .error, .asLoop, path: "clouds.\(owner).as",
                            reason: "\(owner) has the AS \(server.asn) of the route server \(server.address) of \(name), and drops every route "
                                + "that came by it as a loop",
                            remedy: "give \(owner) another AS, or the route server"))
                }
            }
        }
        return findings
    }

    /// FRR 8.4 makes an automatic target of the low 16 bits of the AS and the VNI. Ours are explicit; but bgpd can lose those.
    private func residues(_ systems: [CloudName: ASN]) -> [Finding] {
        let touched = Set(clouds.filter { old == nil || old?.ledger.asn(of: $0) != systems[$0] })
        guard !touched.isEmpty else { return [] }
        return Dictionary(grouping: systems.keys.sorted()) { (systems[$0]?.value ?? 0) & 0xffff }.values.compactMap { names in
            guard names.count > 1, Set(names.compactMap { systems[$0] }).count > 1, let name = names.first(where: touched.contains)
            else { return nil }
            return Finding(
                .warning, .asEqualModulo65536, path: "clouds.\(name).as",
                reason: "\(names.map { "\($0) (AS \(systems[$0]?.description ?? "none"))" }.listed()) are equal modulo 65536: FRR’s automatic route "
                    + "targets would be the same, should bgpd ever lose the explicit ones",
                remedy: "take ASes with different low 16 bits, or leave them out")
        }
    }
}
