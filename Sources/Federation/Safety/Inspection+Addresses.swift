import FederationModel
import NetworkTypes

extension Inspection {
    /// Networks that are ambiguous in a cloud of the VPN.
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

    /// One finding per VPN: a hundred clouds with one prefix make thousands of pairs.
    private static func overlap(_ conflicts: [AddressPlan.Conflict], of name: VPNName, isOld: Bool) -> Finding {
        func told(_ conflict: AddressPlan.Conflict) -> String {
            let (one, other) = (conflict.one, conflict.other)
            let what = one.prefix == other.prefix ? "both have \(one.prefix)" : "have \(one.prefix) and \(other.prefix)"
            let viewer = [one.cloud, other.cloud].filter(conflict.viewers.contains).min() ?? conflict.viewers.min()
            return "\(one.cloud) and \(other.cloud) \(what): ambiguous in \(viewer?.text ?? "no cloud")"
        }
        return Finding(
            isOld ? .warning : .error, .overlappingPrefixes, path: "vpns.\(name)",
            reason: conflicts.told(told) + (isOld ? "; already so today" : ""),
            remedy: "renumber one of them, exclude it with “export”, list it under “anycast” if it is one service in many places, "
                + "or write allowOverlap: true if nobody sends to it")
    }

    /// Routes learned from another fabric through raw targets that overlap the VPN's own networks.
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
                    reason:
                        "\(cloud) has \(first.own) itself and also learned \(first.route.prefix) through a target that VPN \(name) imports"
                        + (met.count > 1 ? ", and \(met.count - 1) more" : ""),
                    remedy: "filter it out with “filters: {import: […]}”, or renumber"))
        }
        return findings
    }

    /// A hub's transit prefixes are unreachable routes in its VRF. More specific routes win; but an own
    /// subnet that contains or equals one of them is hidden.
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
                                "transit prefix \(transit) is inside \(network.prefix) of hub \(entry.cloud): machines in that subnet "
                                + "would become unreachable",
                            remedy: "choose a transit prefix that contains the subnets of all clouds, or remove \(transit)"))
                }
            }
        }
        return findings
    }
}
