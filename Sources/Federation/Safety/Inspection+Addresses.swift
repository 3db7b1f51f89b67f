import FederationModel
import NetworkTypes

extension Inspection {
    /// Networks that a cloud of the VPN cannot tell apart.
    func overlaps(_ addresses: AddressPlan, of name: VPNName) -> [Finding] {
        let conflicts = addresses.conflicts()
        guard !conflicts.isEmpty else { return [] }
        struct Networks: Hashable {
            var one: AddressPlan.Network
            var other: AddressPlan.Network
        }
        var before: [Networks: Set<CloudName>] = [:]
        for conflict in old.map({ AddressPlan(name, in: $0, book).conflicts() }) ?? [] {
            before[Networks(one: conflict.one, other: conflict.other)] = conflict.viewers
        }
        let kinds = Dictionary(grouping: conflicts) { conflict in
            before[Networks(one: conflict.one, other: conflict.other)].map(conflict.viewers.isSubset) ?? false
        }
        return kinds.map { isOld, conflicts in Self.overlap(conflicts, of: name, isOld: isOld) }
    }

    /// One for all of a VPN's: a hundred clouds with one prefix are thousands of pairs.
    private static func overlap(_ conflicts: [AddressPlan.Conflict], of name: VPNName, isOld: Bool) -> Finding {
        func told(_ conflict: AddressPlan.Conflict) -> String {
            let (one, other) = (conflict.one, conflict.other)
            let what = one.prefix == other.prefix ? "both have \(one.prefix)" : "have \(one.prefix) and \(other.prefix)"
            let viewer = [one.cloud, other.cloud].filter(conflict.viewers.contains).min() ?? conflict.viewers.min()
            return "\(one.cloud) and \(other.cloud) \(what), and \(viewer?.text ?? "nobody") cannot tell them apart"
        }
        return Finding(
            isOld ? .warning : .error, .overlappingPrefixes, path: "vpns.\(name)",
            reason: conflicts.told(told) + (isOld ? "; it is so today" : ""),
            remedy: "renumber one of them, keep it in with “export”, list it under “anycast” if it is one service at many places, "
                + "or write allowOverlap: true if you know that nobody sends there")
    }

    /// What agents have learned from somebody else's fabric by raw targets, over the VPN's own networks.
    func foreignOverlaps(_ addresses: AddressPlan, of name: VPNName, _ vpn: VPN) -> [Finding] {
        guard !vpn.importTargets.isEmpty, !vpn.allowsOverlap, !facts.isEmpty else { return [] }
        let raw = Set(vpn.importTargets)
        var findings: [Finding] = []
        for cloud in (new.targets.entries[name] ?? []).map(\.cloud) {
            let own = addresses.own(of: cloud).map(\.prefix)
            let foreign = book.reports(of: cloud).flatMap(\.received).filter { route in
                !ownVTEPs.contains(route.nextHop) && !raw.isDisjoint(with: route.routeTargets) && vpn.importFilter.permits(route.prefix)
            }
            let met = foreign.compactMap { route in own.first { $0.overlaps(route.prefix) }.map { (own: $0, route: route) } }
            guard let first = met.min(by: { $0.route.prefix < $1.route.prefix }) else { continue }
            findings.append(
                Finding(
                    .warning, .overlappingPrefixes, path: "vpns.\(name).importTargets",
                    reason: "\(cloud) has \(first.own) itself, and has learned \(first.route.prefix) with a target that VPN \(name) imports"
                        + (met.count > 1 ? ", and \(met.count - 1) more like it" : ""),
                    remedy: "keep it out with “filters: {import: […]}”, or renumber"))
        }
        return findings
    }

    /// A hub's transit prefixes stand in its VRF as unreachable. What is more special than they are is found before them; an own
    /// subnet that holds one of them, or is one, is hidden by it.
    func transit(_ addresses: AddressPlan, of name: VPNName, _ vpn: VPN) -> [Finding] {
        guard !vpn.policy.transit.isEmpty else { return [] }
        var findings: [Finding] = []
        for entry in new.targets.entries[name] ?? [] {
            guard let intent = Self.intent(of: name, in: entry.cloud, new), !intent.originated.isEmpty else { continue }
            for network in addresses.own(of: entry.cloud) {
                for transit in intent.originated where network.prefix.contains(transit) {
                    findings.append(
                        Finding(
                            .error, .transitHidesSubnet, path: "vpns.\(name).policy.hub-and-spoke.transit",
                            reason:
                                "the transit prefix \(transit) lies in \(network.prefix), which the hub \(entry.cloud) has itself: its machines there "
                                + "would not be reached",
                            remedy: "take a transit prefix that holds the subnets of all clouds, or leave \(transit) out"))
                }
            }
        }
        return findings
    }
}
