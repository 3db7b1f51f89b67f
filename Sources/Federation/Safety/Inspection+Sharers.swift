import NetworkTypes

/// VPNs that meet in a third one, into which both share.
extension Inspection {
    private struct Pair: Hashable {
        var one: VPNName
        var other: VPNName
    }

    /// A share joins its VPN with the one that it is for, and not with others that share into that one too. Clouds of both would learn
    /// each other's shared prefixes there, and no target tells them from those of the VPN itself.
    func sharers(into name: VPNName) -> [Finding] {
        let before = old.map { meetings($0, name) } ?? [:]
        return meetings(new, name).map { pair, reach in
            let isOld = before[pair] != nil
            return Finding(
                isOld ? .warning : .error, .sharersMeet, path: "vpns.\(pair.other).shares",
                reason:
                    "VPNs \(pair.one) and \(pair.other) both share into VPN \(name), and would reach each other's prefixes through it, "
                    + "\(reach.to) those of \(reach.from)" + (isOld ? "; it is so today" : ""),
                remedy: "let VPN \(name) share into the two of them instead, or let them share in the same one cloud only")
        }
    }

    /// The pairs of VPNs that share into one, with a reach between clouds of them.
    private func meetings(_ compilation: Compilation, _ name: VPNName) -> [Pair: Reach] {
        var sharers: [VPNName: Set<CloudName>] = [:]
        for (sharer, vpn) in compilation.graph.vpns where sharer != name {
            for share in vpn.shares where share.to == name {
                let clouds = vpn.attachments.filter { $0.role != .importOnly && (share.clouds.isEmpty || share.clouds.contains($0.cloud)) }
                sharers[sharer, default: []].formUnion(clouds.map(\.cloud))
            }
        }
        guard sharers.count > 1 else { return [:] }
        let names = sharers.keys.sorted(), reaches = compilation.reaches(of: name).sorted()
        var met: [Pair: Reach] = [:]
        for (index, one) in names.enumerated() {
            for other in names[(index + 1)...] {
                let (ones, others) = (sharers[one] ?? [], sharers[other] ?? [])
                met[Pair(one: one, other: other)] = reaches.first {
                    ones.contains($0.from) && others.contains($0.to) || others.contains($0.from) && ones.contains($0.to)
                }
            }
        }
        return met
    }

    /// Spokes that every other spoke reaches, because their cloud serves what another VPN shares: a VRF exports all that it has alike.
    func servingSpokes(of name: VPNName, _ vpn: VPN) -> [Finding] {
        guard case .hubAndSpoke = vpn.policy else { return [] }
        let sharers = new.graph.vpns.filter { $0.key != name && $0.value.shares.contains { $0.to == name } }
        guard !sharers.isEmpty else { return [] }
        return Member.members(of: name, in: new.graph, IncomingShares(new.graph)).compactMap { member in
            guard member.isServing, member.role == .spoke || member.role == .member else { return nil }
            return Finding(
                .warning, .spokeServes, path: "vpns.\(name).attachments",
                reason:
                    "\(member.cloud) is a spoke of VPN \(name), and serves what \(sharers.keys.sorted().map { "VPN \($0)" }.listed()) shares: "
                    + "the other spokes reach all that VPN \(name) has there, and not what is shared only",
                remedy: "share from a cloud where VPN \(name) has no spoke, or keep the spoke's own prefixes in with “export”")
        }
    }

    private struct Place: Hashable {
        var cloud: CloudName
        var selector: AttachmentSelector
    }

    /// Attachments that a VPN shares and another VPN has too: an agent cannot tell which of them shares, and gives the router to one only.
    func sharedByOne() -> [Finding] {
        var sharers: [Place: [VPNName]] = [:]
        for (name, vpn) in new.graph.vpns where !vpn.shares.isEmpty {
            for attachment in vpn.attachments
            where vpn.shares.contains(where: { $0.clouds.isEmpty || $0.clouds.contains(attachment.cloud) }) {
                sharers[Place(cloud: attachment.cloud, selector: attachment.selector), default: []].append(name)
            }
        }
        guard !sharers.isEmpty else { return [] }
        let touched = Set(vpns), areSharersTouched = sharers.values.contains { $0.contains(where: touched.contains) }
        var findings: [Finding] = []
        for name in areSharersTouched ? Array(new.graph.vpns.keys) : vpns {
            for attachment in new.graph.vpns[name]?.attachments ?? [] {
                for sharer in sharers[Place(cloud: attachment.cloud, selector: attachment.selector)] ?? []
                where sharer != name && (touched.contains(sharer) || touched.contains(name)) {
                    findings.append(
                        Finding(
                            .error, .shareOfOther, path: "vpns.\(sharer).shares",
                            reason:
                                "VPN \(sharer) shares \(attachment.selector) of \(attachment.cloud), which VPN \(name) attaches too: "
                                + "it would share what is the other's",
                            remedy: "attach different routers to VPN \(sharer) and VPN \(name)"))
                }
            }
        }
        return findings
    }
}
