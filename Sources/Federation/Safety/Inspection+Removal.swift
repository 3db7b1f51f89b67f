import NetworkTypes

extension Inspection {
    /// An admin who means to lose more than this share of what is there says so: of a few, most; of many, a quarter.
    static func removalPercent(of part: Int) -> Int { part > 10 ? 25 : 50 }

    func removal() -> [Finding] {
        guard let old, plan.removals > 0 else { return [] }
        func isMass(_ part: Int, _ counts: some Sequence<Int>) -> Bool {
            guard part > 0 else { return false }
            // Counting stops as soon as the part is small, so that a small change of a large federation costs little.
            var whole = 0
            for count in counts {
                whole += count
                if part * 100 <= whole * Self.removalPercent(of: part) { return false }
            }
            return true
        }
        let massive =
            isMass(plan.lost.count, old.graph.vpns.keys.lazy.map { old.reaches(of: $0).count })
            || isMass(plan.withdrawals, facts.values.lazy.flatMap { $0.vpns.values.lazy.map { Set($0.advertised).count } })
        guard massive else { return [] }
        let vpns = Set(plan.lost.map(\.vpn)).sorted().map { "VPN \($0)" }
        return [
            Finding(
                .error, .massWithdrawal, path: "",
                reason:
                    "\(plan.lost.count) reachabilities and \(plan.withdrawals) advertised prefixes go, more than \(Self.removalPercent(of: plan.removals)) % of all"
                    + (vpns.isEmpty ? "" : ": of \(vpns.listed())"),
                remedy: "look at what the plan loses; if it is meant, apply with --yes-remove \(plan.removals)")
        ]
    }

    /// A VRF of FRR has one L3VNI, so that the old one goes out of force before the new one comes in.
    func vniChanges() -> [Finding] {
        guard let old else { return [] }
        return vpns.compactMap { name in
            guard old.graph.vpns[name] != nil, let before = old.ledger.vni(of: name), let after = new.ledger.vni(of: name), before != after,
                plan.gateways.contains(where: { $0.resource == .vpn(name) && $0.kind == .changed })
            else { return nil }
            return Finding(
                .warning, .vniChange, path: "vpns.\(name).vni",
                reason:
                    "VNI \(before) → \(after): a VRF has one VNI at a time, so that each gateway lets the old one go before it has the new one. "
                    + "VPN \(name) stands still there for a second or two, and between two gateways until both have applied it",
                remedy: "apply it when the tenant can bear it, or leave VNI \(before)")
        }
    }

    func mtu() -> [Finding] {
        let touched = clouds.filter {
            old?.graph.clouds[$0]?.underlayMTU != new.graph.clouds[$0]?.underlayMTU || old?.graph.clouds[$0] == nil
        }
        func reason(_ whose: String, _ mtu: Int) -> String {
            "\(whose) \(mtu) bytes, of which VXLAN takes 50: packets of more than \(mtu - 50) bytes are lost between clouds"
        }
        func remedy(_ mtu: Int) -> String {
            "raise the MTU between the VTEPs to 1550 and write underlayMTU, or see that tenants’ networks have an MTU of \(mtu - 50) or less: "
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
                    reason: reason("\(silent.listed()) \(silent.count == 1 ? "says" : "say") no underlayMTU, which then is", mtu),
                    remedy: remedy(mtu)))
        }
        return findings
    }

    /// VPNs and clouds that reach nobody.
    func shape(of name: VPNName, _ vpn: VPN) -> [Finding] {
        let members = (new.targets.entries[name] ?? []).map(\.cloud)
        // Raw targets reach what we do not see.
        guard let first = members.first, vpn.importTargets.isEmpty, vpn.exportTargets.isEmpty else { return [] }
        var findings: [Finding] = []
        if members.count == 1 {
            findings.append(
                Finding(
                    .warning, .oneCloudVPN, path: "vpns.\(name).attachments", reason: "VPN \(name) is in \(first) only, and reaches nobody",
                    remedy: "attach it in another cloud, or remove it"))
        } else {
            let reaches = new.reaches(of: name)
            let joined = Set(reaches.map(\.from)).union(reaches.map(\.to))
            for cloud in members where !joined.contains(cloud) {
                findings.append(
                    Finding(
                        .warning, .cloudReachesNobody, path: "vpns.\(name)",
                        reason: "\(cloud) takes part in VPN \(name), but its policy (\(vpn.policy.pattern.rawValue)) joins it with nobody",
                        remedy: "change a role or add an edge, or take the attachments of \(cloud) out"))
            }
        }
        for (index, edge) in vpn.policy.edges.enumerated() {
            for pick in [edge.from, edge.to]
            where !members.contains(where: { name in new.graph.clouds[name].map { pick.picks(name, $0) } ?? false }) {
                findings.append(
                    Finding(
                        .warning, .edgePicksNobody, path: "vpns.\(name).policy.partial-mesh.edges[\(index)]",
                        reason: "the edge \(edge.text) means no cloud of VPN \(name) by “\(pick.text)”",
                        remedy: "correct the name or labels, or attach such a cloud"))
            }
        }
        return findings
    }
}
