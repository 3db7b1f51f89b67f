import FederationModel
import NetworkTypes

extension Inspection {
    /// Underlays that leave tenants less than Ethernet's MTU.
    func mtu() -> [Finding] {
        let touched = clouds.filter {
            old?.graph.clouds[$0]?.underlayMTU != new.graph.clouds[$0]?.underlayMTU || old?.graph.clouds[$0] == nil
        }
        func reason(_ whose: String, _ mtu: Int) -> String {
            "\(whose) \(mtu) bytes, 50 of them for VXLAN: packets over \(mtu - 50) bytes are lost between clouds"
        }
        func remedy(_ mtu: Int) -> String {
            "raise the MTU between the VTEPs to 1550 and write underlayMTU, or set the MTU of tenants’ networks to at most \(mtu - 50): "
                + "openstack network set --mtu \(mtu - 50)"
        }
        var findings: [Finding] = []
        for name in touched {
            guard let mtu = new.graph.clouds[name]?.underlayMTU, mtu < 1550 else { continue }
            findings.append(
                Finding(
                    .warning, .tenantMTU, path: "clouds.\(name).underlayMTU", reason: reason("the underlay of \(name) carries", mtu),
                    remedy: remedy(mtu)))
        }
        let silent = touched.filter { new.graph.clouds[$0]?.underlayMTU == nil }
        if !silent.isEmpty {
            let mtu = Cloud.defaultUnderlayMTU
            findings.append(
                Finding(
                    .warning, .tenantMTU, path: silent.count == 1 ? "clouds.\(silent[0])" : "clouds",
                    reason: reason("without underlayMTU, \(silent.listed()) \(silent.count == 1 ? "uses" : "use")", mtu),
                    remedy: remedy(mtu)))
        }
        return findings
    }

    /// VPNs and clouds that reach nobody.
    func shape(of name: VPNName, _ vpn: VPN) -> [Finding] {
        let members = (new.targets.entries[name] ?? []).map(\.cloud)
        // Raw targets may reach other fabrics.
        guard let first = members.first, vpn.importTargets.isEmpty, vpn.exportTargets.isEmpty else { return [] }
        var findings: [Finding] = []
        if members.count == 1 {
            findings.append(
                Finding(
                    .warning, .oneCloudVPN, path: "vpns.\(name).attachments", reason: "VPN \(name) is in \(first) only and reaches nobody",
                    remedy: "attach it in another cloud, or remove it"))
        } else {
            let reaches = new.reaches(of: name)
            let joined = Set(reaches.map(\.from)).union(reaches.map(\.to))
            for cloud in members where !joined.contains(cloud) {
                findings.append(
                    Finding(
                        .warning, .cloudReachesNobody, path: "vpns.\(name)",
                        reason:
                            "\(cloud) reaches nobody in VPN \(name): its policy (\(vpn.policy.pattern.rawValue)) connects it to no cloud",
                        remedy: "change a role, add an edge, or remove the attachments of \(cloud)"))
            }
        }
        for (index, edge) in vpn.policy.edges.enumerated() {
            for pick in [edge.from, edge.to]
            where !members.contains(where: { name in new.graph.clouds[name].map { pick.picks(name, $0) } ?? false }) {
                findings.append(
                    Finding(
                        .warning, .edgePicksNobody, path: "vpns.\(name).policy.partial-mesh.edges[\(index)]",
                        reason: "in the edge \(edge.text), “\(pick.text)” matches no cloud of VPN \(name)",
                        remedy: "correct the name or labels, or add an attachment there"))
            }
        }
        return findings
    }
}
