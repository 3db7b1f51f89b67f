import FederationModel
import NetworkTypes

/// Checks uniqueness in the compiled result, as a second safeguard after the ledger.
package enum Uniqueness {
    /// VTEPs, router MACs, probe addresses, and the AS of each cloud.
    package static func ofGateways(_ intents: [GatewayID: GatewayIntent]) -> [Finding] {
        var findings: [Finding] = []
        var vteps: [IPv4Address: GatewayID] = [:]
        var macs: [MACAddress: GatewayID] = [:]
        var probes: [IPv4Address: GatewayID] = [:]
        var systems: [ASN: [CloudName: Bool]] = [:]
        func twice(_ code: FindingCode, _ key: String, _ id: GatewayID, _ other: GatewayID, _ value: String, _ remedy: String) {
            findings.append(
                Finding(
                    .error, code, path: id.path(key), reason: "\(id) and \(other) both have \(value)",
                    remedy: remedy))
        }
        for (id, intent) in intents.sorted(by: { $0.key < $1.key }) {
            let base = intent.base
            if let other = vteps.updateValue(id, forKey: base.vtep) {
                twice(.vtepUsedTwice, "vtep", id, other, "VTEP \(base.vtep)", "give one of them another address")
            }
            if let other = macs.updateValue(id, forKey: base.routerMAC) {
                twice(
                    .routerMACUsedTwice, "routerMAC", id, other, "router MAC \(base.routerMAC)",
                    "remove routerMAC from one of them to have one allocated (FRR drops routes that carry its own)")
            }
            if let other = probes.updateValue(id, forKey: base.probeAddress) {
                twice(.probeAddressUsedTwice, "probeAddress", id, other, "probe address \(base.probeAddress)", "remove it from one of them")
            }
            // iBGP does not extend the path, so nothing is dropped as a loop; see `Cloud.mayShare`.
            let mayShare = base.management == .external || base.peers.contains { $0.asn == base.asn }
            systems[base.asn, default: [:]][id.cloud] = mayShare
        }
        for (asn, clouds) in systems where clouds.count > 1 {
            for (cloud, mayShare) in clouds where !mayShare {
                let others = clouds.keys.filter { $0 != cloud }.sorted().map(\.text).listed()
                findings.append(
                    Finding(
                        .error, .asUsedTwice, path: "clouds.\(cloud).as",
                        reason:
                            "\(cloud) has the same AS \(asn) as \(others) but no iBGP session with them: BGP drops their routes as loops",
                        remedy: "give each cloud its own AS, a route reflector of AS \(asn), or “bgp: external”"))
            }
        }
        return findings
    }

    /// VNIs and route distinguishers.
    ///
    /// - Parameters:
    ///   - vpns: For each VPN the intents on all gateways.
    ///   - others: One intent for each other VPN.
    package static func ofVPNs(_ vpns: [[VPNIntent]], among others: some Sequence<VPNIntent>) -> [Finding] {
        var vnis: [VNI: VPNName] = [:]
        var distinguishers: [RouteDistinguisher: VPNName] = [:]
        var indexes: [UInt16: VPNName] = [:]
        var findings: [Finding] = []
        for intent in vpns.joined() {
            for binding in intent.bindings {
                if let other = vnis.updateValue(intent.name, forKey: binding.encapsulation.vni), other != intent.name {
                    findings.append(twice(binding.encapsulation.vni, intent.name, other))
                }
                if let other = distinguishers.updateValue(intent.name, forKey: binding.routeDistinguisher) {
                    findings.append(twice(binding.routeDistinguisher, intent.name, other))
                }
                if case .ipv4(_, let index) = binding.routeDistinguisher.number { indexes[index] = intent.name }
            }
        }
        for intent in others {
            for binding in intent.bindings {
                if let other = vnis[binding.encapsulation.vni] { findings.append(twice(binding.encapsulation.vni, other, intent.name)) }
                if case .ipv4(_, let index) = binding.routeDistinguisher.number, let other = indexes[index] {
                    findings.append(twice(binding.routeDistinguisher, other, intent.name))
                }
            }
        }
        return findings
    }

    private static func twice(_ vni: VNI, _ name: VPNName, _ other: VPNName) -> Finding {
        Finding(
            .error, .vniUsedTwice, path: "vpns.\(name).vni", reason: "VPN \(name) and VPN \(other) both have VNI \(vni)",
            remedy: "give each VPN its own VNI, or omit it to have one allocated")
    }

    private static func twice(_ rd: RouteDistinguisher, _ name: VPNName, _ other: VPNName) -> Finding {
        Finding(
            .error, .rdUsedTwice, path: "vpns.\(name)",
            reason: name == other
                ? "two gateways have RD \(rd) for VPN \(name)" : "VPN \(name) and VPN \(other) both have RD \(rd), or its index",
            remedy: "correct VTEP addresses that appear twice; if there are none, report this as a bug")
    }
}
