import FederationModel
import NetworkTypes

extension Inspection {
    /// What agents found, or did not find. Nothing is said of what they have not been asked yet.
    func attachments(of name: VPNName, _ vpn: VPN) -> [Finding] {
        vpn.attachments.enumerated().compactMap { index, attachment in
            guard let found = book.found(attachment.selector, of: name, in: attachment.cloud) else { return nil }
            let path = "vpns.\(name).attachments[\(index)]", selector = attachment.selector
            // Of two things, agents take none, and report the problem.
            let problems = book.reports(of: name, in: attachment.cloud).flatMap(\.problems)
            let ambiguity = problems.first {
                $0.code == .attachmentAmbiguous && $0.message.contains(selector.description)
            }
            if ambiguity != nil || selector.kind == .router && selector.key != .label && found.routers.count > 1 {
                return Finding(
                    .warning, .attachmentAmbiguous, path: path,
                    reason: ambiguity.map { "the agents of \(attachment.cloud) say: \($0.message)" }
                        ?? "\(attachment.cloud) has \(found.routers.count) routers for \(selector): \(found.routers.sorted().listed())",
                    remedy: "name the right one by id: \(selector.kind.rawValue): {id: …}")
            }
            guard found.routers.isEmpty else { return nil }
            return Finding(
                .warning, .attachmentNotFound, path: path,
                reason: "\(attachment.cloud) has no \(selector) that could be attached, by its agents",
                remedy: "compare with openstack \(selector.kind.rawValue) list, or create it; it is attached as soon as it is there")
        }
    }

    /// Shared prefixes that are behind none of the attachments that share them.
    func shares(of name: VPNName, _ vpn: VPN) -> [Finding] {
        var findings: [Finding] = []
        for (index, share) in vpn.shares.enumerated() {
            let path = "vpns.\(name).shares[\(index)]"
            for cloud in share.clouds where !vpn.attachments.contains(where: { $0.cloud == cloud }) {
                findings.append(
                    Finding(
                        .error, .sharedPrefixNotAttached, path: "\(path).clouds",
                        reason: "VPN \(name) shares prefixes of \(cloud), where it has no attachment",
                        remedy: "attach it there, or take \(cloud) out"))
            }
            let sharing = vpn.attachments.filter { share.clouds.isEmpty || share.clouds.contains($0.cloud) }
            let known = sharing.map { book.found($0.selector, of: name, in: $0.cloud) }
            // An attachment that nobody has looked at may have any.
            guard !known.isEmpty, known.allSatisfy({ $0 != nil }) else { continue }
            let subnets = known.compactMap(\.self).reduce(into: Set()) { $0.formUnion($1.subnets) }
            for prefix in share.prefixes where !subnets.contains(where: { $0.contains(prefix) }) {
                findings.append(
                    Finding(
                        .warning, .sharedPrefixNotAttached, path: "\(path).prefixes",
                        reason: "\(prefix) is in no subnet of what VPN \(name) attaches: \(subnets.sorted().listed())",
                        remedy: "share a subnet that is there, or a part of one"))
            }
        }
        return findings
    }

    /// More is to be advertised already than would be let through.
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
                        "\(id) has \(count) prefixes for VPN \(name), and more than \(maximum) are not let through: what it advertises stays, and nothing is added"
                    ))
            case .base:
                let count = report.vpns.values.reduce(0) { $0 + $1.expected.count }
                guard let maximum = intent.base.maximumPrefixes, count > maximum else { continue }
                findings.append(
                    exceeded(
                        "clouds.\(id.cloud).limits.prefixes",
                        "\(id) has \(count) prefixes in all, and more than \(maximum) are not let through: what it advertises stays, and nothing is added"
                    ))
            }
        }
        return findings
    }

    private func exceeded(_ path: String, _ reason: String) -> Finding {
        Finding(
            .warning, .maximumPrefixesExceeded, path: path, reason: reason,
            remedy: "raise the maximum, or advertise subnets in place of hosts: advertise: [subnets]")
    }
}
