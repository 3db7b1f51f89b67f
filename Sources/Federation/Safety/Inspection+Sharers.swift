import FederationModel
import NetworkTypes

/// VPNs that meet in a third one, into which both share.
///
/// Guests learn no guests' routes: two tenants may share into one VPN. What gets round it is looked for here.
extension Inspection {
    private struct Pair: Hashable, Comparable {
        var one: VPNName
        var other: VPNName

        static func < (a: Self, b: Self) -> Bool { (a.one, a.other) < (b.one, b.other) }
    }

    /// Clouds that learn what another VPN shares, and share themselves: a router of theirs would be steered there.
    func sharers(into name: VPNName) -> [Finding] {
        let met = meetings(new, name)
        guard !met.isEmpty else { return throughHubs(of: name) }
        let before = old.map { meetings($0, name) } ?? [:]
        // One for all pairs: of a hundred tenants there are thousands.
        return [false, true].compactMap { isOld in
            let pairs = met.keys.filter { (before[$0] != nil) == isOld }.sorted()
            guard let pair = pairs.first, let reach = met[pair] else { return nil }
            return meeting(pair, reach, in: name, more: pairs.count - 1, isOld: isOld)
        } + throughHubs(of: name)
    }

    private func meeting(_ pair: Pair, _ reach: Reach, in name: VPNName, more: Int, isOld: Bool) -> Finding {
        let own = Set(new.graph.vpns[name]?.attachments.map(\.cloud) ?? [])
        let meant = "VPNs \(pair.one) and \(pair.other) both share into VPN \(name), and would reach each other’s prefixes through it"
        let rest = (more > 0 ? "; so would \(more) more pairs of VPNs" : "") + (isOld ? "; it is so today" : "")
        let both = [reach.to, reach.from].first(where: own.contains)
        return Finding(
            isOld ? .warning : .error, .sharersMeet, path: "vpns.\(pair.other).shares",
            reason: both.map {
                "\(meant): \($0) serves a share and has attachments of VPN \(name) itself, and a VRF that is a member’s has the routes of "
                    + "all guests, of \($0 == reach.to ? reach.from : reach.to) too\(rest)"
            } ?? "\(meant), \(reach.to) those of \(reach.from): a raw target is among those that VPN \(name) exports and imports\(rest)",
            remedy: both.map {
                "share from clouds where VPN \(name) has no attachments, attach VPN \(name) elsewhere than in \($0), or let it share into the others"
            } ?? "give VPN \(name) different “importTargets” and “exportTargets”, or let it share into the others")
    }

    /// The pairs of VPNs that share into one, with a reach between clouds of them.
    private func meetings(_ compilation: Compilation, _ name: VPNName) -> [Pair: Reach] {
        let sharers = sharers(compilation, name)
        guard sharers.count > 1 else { return [:] }
        // Mostly nobody reaches another one, and no two of them need to be looked at.
        let guests = Set(sharers.values.joined())
        let reaches = compilation.reaches(of: name).filter { guests.contains($0.from) && guests.contains($0.to) }.sorted()
        guard !reaches.isEmpty else { return [:] }
        let names = sharers.keys.sorted()
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

    /// The clouds of each VPN that shares into this one.
    private func sharers(_ compilation: Compilation, _ name: VPNName) -> [VPNName: Set<CloudName>] {
        var sharers: [VPNName: Set<CloudName>] = [:]
        for (sharer, vpn) in compilation.graph.vpns where sharer != name {
            for share in vpn.shares where share.to == name {
                let clouds = vpn.attachments.filter { $0.role != .importOnly && (share.clouds.isEmpty || share.clouds.contains($0.cloud)) }
                sharers[sharer, default: []].formUnion(clouds.map(\.cloud))
            }
        }
        return sharers.filter { !$0.value.isEmpty }
    }

    /// What hubs originate leads to them, and their VRFs have the routes of all guests: they would carry on from one to the other.
    private func throughHubs(of name: VPNName) -> [Finding] {
        func way(_ compilation: Compilation) -> (transit: IPPrefix, sharer: VPNName, prefix: IPPrefix)? {
            guard let transit = compilation.graph.vpns[name]?.policy.transit, !transit.isEmpty else { return nil }
            let sharers = sharers(compilation, name).keys.sorted()
            guard sharers.count > 1 else { return nil }
            for sharer in sharers {
                for prefix in compilation.graph.vpns[sharer]?.shares.filter({ $0.to == name }).flatMap(\.prefixes).sorted() ?? [] {
                    if let transit = transit.first(where: { $0.overlaps(prefix) }) { return (transit, sharer, prefix) }
                }
            }
            return nil
        }
        guard let found = way(new) else { return [] }
        let isOld = old.flatMap(way) != nil
        return [
            Finding(
                isOld ? .warning : .error, .sharersMeet, path: "vpns.\(name).policy.hub-and-spoke.transit",
                reason:
                    "the transit prefix \(found.transit) holds \(found.prefix), which VPN \(found.sharer) shares into VPN \(name): others "
                    + "that share into it would reach it through a hub" + (isOld ? "; it is so today" : ""),
                remedy: "take transit prefixes that hold the spokes’ own networks only")
        ]
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
