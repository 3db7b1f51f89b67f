import FederationModel
import NetworkTypes

/// VPNs that share into the same one must not meet there: it is the only place where VRFs of one VPN serve several tenants.
///
/// Their clouds are guests of that VPN. Guests in different clouds are kept apart by route targets, and those behind the same gateway, or behind
/// one of a member, by the prefixes that each attachment refuses.
extension IsolationSearch {
    mutating func lookAtSharers() {
        var sharers: [VPNName: [VPNName]] = [:]
        for name in vpns.keys.sorted() {
            for target in Set((vpns[name]?.shares ?? []).map(\.to)) where target != name && !clouds(of: name, in: target).isEmpty {
                sharers[target, default: []].append(name)
            }
        }
        for (common, names) in sharers.sorted(by: { $0.key < $1.key }) where names.count > 1 && vpns[common] != nil {
            lookAtGuests(of: common, names)
            lookAtRefusals(in: common, names)
        }
    }

    /// The clouds in which a VPN takes part by sharing.
    private func clouds(of sharer: VPNName, in common: VPNName) -> Set<CloudName> {
        guard let vpn = vpns[sharer] else { return [] }
        let places = Set(vpn.attachments.filter { $0.role != .importOnly }.map(\.cloud))
        return vpn.shares.filter { $0.to == common }.reduce(into: []) { found, share in
            found.formUnion(share.clouds.isEmpty ? places : places.intersection(share.clouds))
        }
    }

    private mutating func lookAtGuests(of common: VPNName, _ names: [VPNName]) {
        let members = vpns[common]?.clouds ?? []
        var guests: [CloudName: [VPNName]] = [:]
        for name in names {
            for cloud in clouds(of: name, in: common) where !members.contains(cloud) { guests[cloud, default: []].append(name) }
        }
        guard guests.count > 1 else { return }
        var exports: [RouteTarget: [(cloud: CloudName, target: RouteTarget)]] = [:]
        for (gateway, id) in gateways.enumerated() where guests[id.cloud] != nil {
            for target in targets(of: common, at: gateway, \.exportTargets, \.exportTargets).keys
            where !exports[target.asConfigured, default: []].contains(where: { $0.cloud == id.cloud }) {
                exports[target.asConfigured, default: []].append((id.cloud, target))
            }
        }
        for (gateway, id) in gateways.enumerated() {
            guard let mine = guests[id.cloud] else { continue }
            for (wanted, level) in targets(of: common, at: gateway, \.importTargets, \.importTargets) {
                for (key, holders) in exports where wanted.admits(key) {
                    for (cloud, exported) in holders where cloud != id.cloud {
                        for importer in mine {
                            for exporter in guests[cloud] ?? [] where exporter != importer {
                                add(
                                    .sharersMeet, level, from: .vpn(exporter), to: .vpn(importer), exported: exported, imported: wanted,
                                    at: gateway, via: common)
                            }
                        }
                    }
                }
            }
        }
    }

    /// By intent, and what is in force besides, each with the level that it is known by.
    private func targets(
        of vpn: VPNName, at gateway: Int, _ intended: KeyPath<Binding, [RouteTarget]>, _ effective: KeyPath<EffectiveVPN, [RouteTarget]>
    ) -> [RouteTarget: IsolationLevel] {
        let id = gateways[gateway]
        var found: [RouteTarget: IsolationLevel] = [:]
        if let observation = observations[id], !observation.isStale(at: now), let report = observation.report.vpns[vpn] {
            for part in [report.effective, report.secondaryEffective] {
                for target in part?[keyPath: effective] ?? [] { found[target] = .configuration }
            }
        }
        for binding in intents[id]?.vpns[vpn]?.bindings ?? [] { for target in binding[keyPath: intended] { found[target] = .intent } }
        return found
    }

    private mutating func lookAtRefusals(in common: VPNName, _ names: [VPNName]) {
        var sharers: [IPPrefix: Set<VPNName>] = [:]
        for name in names {
            for share in vpns[name]?.shares ?? [] where share.to == common {
                for prefix in share.prefixes { sharers[prefix, default: []].insert(name) }
            }
        }
        for (gateway, id) in gateways.enumerated() {
            guard let intent = intents[id]?.vpns[common] else { continue }
            for attachment in intent.attachments where !attachment.only.isEmpty {
                let mine = Set(
                    names.filter { name in
                        clouds(of: name, in: common).contains(id.cloud)
                            && vpns[name]?.attachments.contains { $0.cloud == id.cloud && $0.selector == attachment.selector } ?? false
                    })
                guard let importer = mine.min() else { continue }
                let refused = Set(attachment.refused)
                for (prefix, others) in sharers.sorted(by: { $0.key < $1.key })
                where mine.isDisjoint(with: others) && !refused.contains(prefix) {
                    guard let exporter = others.min() else { continue }
                    add(
                        .sharersMeet, .intent, from: .vpn(exporter), to: .vpn(importer), exported: nil, imported: nil, at: gateway,
                        via: common)
                }
            }
        }
    }
}
