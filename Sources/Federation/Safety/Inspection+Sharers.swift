import FederationModel
import NetworkTypes

/// VPNs that meet in a third VPN into which both share.
///
/// Guests do not learn guests' routes, so two tenants may share into one VPN. These checks find ways around that.
extension Inspection {
    private struct Pair: Hashable, Comparable {
        var one: VPNName
        var other: VPNName

        static func < (a: Self, b: Self) -> Bool { (a.one, a.other) < (b.one, b.other) }
    }

    /// Clouds that learn another VPN's shared prefixes and share as well: their routers would be steered there.
    func sharers(into name: VPNName) -> [Finding] {
        let met = meetings(new, name)
        guard !met.isEmpty else { return throughHubs(of: name) }
        let before = old.map { meetings($0, name) } ?? [:]
        // One finding for all pairs: a hundred tenants make thousands.
        return [false, true].compactMap { isOld in
            let pairs = met.keys.filter { (before[$0] != nil) == isOld }.sorted()
            guard let pair = pairs.first, let reach = met[pair] else { return nil }
            return meeting(pair, reach, in: name, more: pairs.count - 1, isOld: isOld)
        } + throughHubs(of: name)
    }

    private func meeting(_ pair: Pair, _ reach: Reach, in name: VPNName, more: Int, isOld: Bool) -> Finding {
        let own = Set(new.graph.vpns[name]?.attachments.map(\.cloud) ?? [])
        let meant = "VPNs \(pair.one) and \(pair.other) both share into VPN \(name) and would reach each other’s prefixes through it"
        let rest = (more > 0 ? "; the same for \(more) more pairs of VPNs" : "") + (isOld ? "; already so today" : "")
        let both = [reach.to, reach.from].first(where: own.contains)
        return Finding(
            isOld ? .warning : .error, .sharersMeet, path: "vpns.\(pair.other).shares",
            reason: both.map {
                "\(meant): \($0) serves a share and has attachments of VPN \(name), and a member’s VRF holds the routes of "
                    + "all guests, also of \($0 == reach.to ? reach.from : reach.to)\(rest)"
            } ?? "\(meant) (\(reach.to) those of \(reach.from)): VPN \(name) exports and imports the same raw target\(rest)",
            remedy: both.map {
                "share from clouds where VPN \(name) has no attachments, attach VPN \(name) outside of \($0), or share from it into the others"
            } ?? "give VPN \(name) different “importTargets” and “exportTargets”, or share from it into the others")
    }

    /// The pairs of VPNs that share into one VPN, with a reach between their clouds.
    private func meetings(_ compilation: Compilation, _ name: VPNName) -> [Pair: Reach] {
        let sharers = sharers(compilation, name)
        guard sharers.count > 1 else { return [:] }
        // Usually nobody reaches another, and no pairs need to be checked.
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

    /// Transit prefixes lead to hubs, whose VRFs have the routes of all guests: hubs would forward from one guest to another.
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
                    "transit prefix \(found.transit) contains \(found.prefix), shared by VPN \(found.sharer) into VPN \(name): other sharers "
                    + "would reach it through a hub" + (isOld ? "; already so today" : ""),
                remedy: "choose transit prefixes that contain only the spokes’ own networks")
        ]
    }

    /// Spokes that all other spokes reach because their cloud serves shared prefixes: a VRF exports all its prefixes alike.
    func servingSpokes(of name: VPNName, _ vpn: VPN) -> [Finding] {
        guard case .hubAndSpoke = vpn.policy else { return [] }
        let sharers = new.graph.vpns.filter { $0.key != name && $0.value.shares.contains { $0.to == name } }
        guard !sharers.isEmpty else { return [] }
        return Member.members(of: name, in: new.graph, IncomingShares(new.graph)).compactMap { member in
            guard member.isServing, member.role == .spoke || member.role == .member else { return nil }
            return Finding(
                .warning, .spokeServes, path: "vpns.\(name).attachments",
                reason:
                    "\(member.cloud) is a spoke of VPN \(name) and serves prefixes of \(sharers.keys.sorted().map { "VPN \($0)" }.listed()): "
                    + "the other spokes reach everything of VPN \(name) there, not only the shared prefixes",
                remedy: "share from a cloud where VPN \(name) has no spoke, or exclude the spoke's own prefixes with “export”")
        }
    }

    private struct Place: Hashable {
        var cloud: CloudName
        var selector: AttachmentSelector
    }

    /// Attachments shared by one VPN and also attached to another: an agent attaches the router to only one of them.
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
                                "VPN \(sharer) shares \(attachment.selector) of \(attachment.cloud), also attached to VPN \(name): "
                                + "it would share the other VPN's prefixes",
                            remedy: "attach different routers to VPN \(sharer) and VPN \(name)"))
                }
            }
        }
        return findings
    }
}
