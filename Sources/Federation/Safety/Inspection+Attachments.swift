import FederationModel
import NetworkTypes

extension Inspection {
    /// What agents found or did not find. No finding about attachments without a report.
    func attachments(of name: VPNName, _ vpn: VPN) -> [Finding] {
        vpn.attachments.enumerated().compactMap { index, attachment in
            guard let found = book.found(attachment.selector, of: name, in: attachment.cloud) else { return nil }
            let path = "vpns.\(name).attachments[\(index)]", selector = attachment.selector
            // If there are two, agents attach neither and report the problem.
            let problems = book.reports(of: name, in: attachment.cloud).flatMap(\.problems)
            let ambiguity = problems.first {
                $0.code == .attachmentAmbiguous && $0.message.contains(selector.description)
            }
            if ambiguity != nil || selector.kind == .router && selector.key != .label && found.routers.count > 1 {
                return Finding(
                    .warning, .attachmentAmbiguous, path: path,
                    reason: ambiguity.map { "agents of \(attachment.cloud) report: \($0.message)" }
                        ?? "\(selector) matches \(found.routers.count) routers in \(attachment.cloud): \(found.routers.sorted().listed())",
                    remedy: "choose one by id: \(selector.kind.rawValue): {id: …}")
            }
            // With a BGPVPN something is associated when its owner does it.
            guard found.routers.isEmpty, selector.kind != .bgpvpn else { return nil }
            return Finding(
                .warning, .attachmentNotFound, path: path,
                reason: "\(selector) not found in \(attachment.cloud), as its agents report",
                remedy: "compare with openstack \(selector.kind.rawValue) list, or create it; it is attached once it exists")
        }
    }

    /// Shared prefixes that are behind none of the sharing attachments.
    func shares(of name: VPNName, _ vpn: VPN) -> [Finding] {
        var findings: [Finding] = []
        for (index, share) in vpn.shares.enumerated() {
            let path = "vpns.\(name).shares[\(index)]"
            for cloud in share.clouds where !vpn.attachments.contains(where: { $0.cloud == cloud }) {
                findings.append(
                    Finding(
                        .error, .sharedPrefixNotAttached, path: "\(path).clouds",
                        reason: "VPN \(name) shares prefixes from \(cloud) but has no attachment there",
                        remedy: "add an attachment there, or remove \(cloud)"))
            }
            let sharing = vpn.attachments.filter { share.clouds.isEmpty || share.clouds.contains($0.cloud) }
            let known = sharing.map { book.found($0.selector, of: name, in: $0.cloud) }
            // An attachment without a report may have any prefix.
            guard !known.isEmpty, known.allSatisfy({ $0 != nil }) else { continue }
            let subnets = known.compactMap(\.self).reduce(into: Set()) { $0.formUnion($1.subnets) }
            for prefix in share.prefixes where !subnets.contains(where: { $0.contains(prefix) }) {
                findings.append(
                    Finding(
                        .warning, .sharedPrefixNotAttached, path: "\(path).prefixes",
                        reason: "\(prefix) is outside the subnets attached to VPN \(name): \(subnets.sorted().listed())",
                        remedy: "share an attached subnet, or a part of one"))
            }
        }
        return findings
    }

    /// Prefixes over the maximum.
    func maximums() -> [Finding] {
        guard !facts.isEmpty else { return [] }
        var findings: [Finding] = []
        for change in plan.gateways where change.kind != .removed {
            let id = change.gateway
            guard let report = facts[id], let intent = new.intents[id] else { continue }
            switch change.resource {
            case .vpn(let name):
                guard let maximum = intent.vpns[name]?.maximumPrefixes, let count = report.vpns[name]?.expected.count, count > maximum
                else { continue }
                findings.append(
                    exceeded(
                        "vpns.\(name).maximumPrefixes",
                        "\(id) has \(count) prefixes for VPN \(name), over the maximum of \(maximum): advertised prefixes stay, no more are added"
                    ))
            case .base:
                let count = report.vpns.values.reduce(0) { $0 + $1.expected.count }
                guard let maximum = intent.base.maximumPrefixes, count > maximum else { continue }
                findings.append(
                    exceeded(
                        "clouds.\(id.cloud).limits.prefixes",
                        "\(id) has \(count) prefixes in total, over the maximum of \(maximum): advertised prefixes stay, no more are added"
                    ))
            }
        }
        return findings
    }

    private func exceeded(_ path: String, _ reason: String) -> Finding {
        Finding(
            .warning, .maximumPrefixesExceeded, path: path, reason: reason,
            remedy: "raise the maximum, or advertise subnets instead of hosts: advertise: [subnets]")
    }
}
