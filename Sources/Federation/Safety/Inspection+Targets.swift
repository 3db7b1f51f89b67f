import FederationModel
import NetworkTypes

extension Inspection {
    /// Route targets that connect two tenants. Always refused.
    func leaks() -> [Finding] {
        struct Way: Hashable {
            var exporter: VPNName
            var importer: VPNName
            var exported: RouteTarget
            var imported: RouteTarget
        }
        let ways = Dictionary(grouping: new.targets.leaks()) {
            Way(exporter: $0.exporter.vpn, importer: $0.importer.vpn, exported: $0.exported, imported: $0.imported)
        }
        return ways.map { way, leaks in
            let importer = new.graph.vpns[way.importer], exporter = new.graph.vpns[way.exporter]
            let path =
                importer?.importTargets.contains(way.imported) == true
                ? "vpns.\(way.importer).importTargets"
                : exporter?.exportTargets.contains(way.exported) == true
                    ? "vpns.\(way.exporter).exportTargets" : "vpns.\(way.importer).rt"
            let targets = way.exported == way.imported ? "\(way.imported)" : "\(way.imported), which also matches \(way.exported)"
            return Finding(
                .error, .leak, path: path,
                reason:
                    "VPN \(way.importer) imports \(targets), exported by VPN \(way.exporter): the two tenants would reach each other, "
                    + "\(Set(leaks.map(\.importer.cloud)).sorted().listed()) from \(Set(leaks.map(\.exporter.cloud)).sorted().listed())",
                remedy:
                    "remove the target from one of them; to give VPN \(way.importer) some prefixes of VPN \(way.exporter), add “shares” to the latter"
            )
        }
    }

    /// Raw targets that another VPN had recently: an agent that was offline may still use them.
    func restingTargets() -> [Finding] {
        let resting = new.ledger.routeTargets.quarantined
        guard !resting.isEmpty else { return [] }
        return vpns.flatMap { name -> [Finding] in
            guard let vpn = new.graph.vpns[name] else { return [] }
            return Set(vpn.importTargets + vpn.exportTargets).compactMap { target in
                guard let owner = resting[target]?.owner.vpn, owner != name else { return nil }
                return Finding(
                    .error, .valueQuarantined,
                    path: "vpns.\(name).\(vpn.importTargets.contains(target) ? "importTargets" : "exportTargets")",
                    reason: "\(target) of VPN \(owner) is in quarantine: agents may still use it",
                    remedy: "choose another target, or apply again later; “fedctl alloc list” shows when")
            }
        }
    }

    /// Targets with a 16-bit number.
    func targets() -> [Finding] {
        vpns.compactMap { name in
            guard let vni = new.ledger.vni(of: name), vni.value > 0xffff, let vpn = new.graph.vpns[name] else { return nil }
            let narrow = ([vpn.routeTarget].compactMap(\.self) + vpn.importTargets + vpn.exportTargets).filter(\.hasShortNumber)
            guard !narrow.isEmpty else { return nil }
            let cut = narrow.filter { $0.localNumber == vni.value & 0xffff }
            let path =
                vpn.routeTarget.map(narrow.contains) == true
                ? "rt" : vpn.importTargets.contains(where: narrow.contains) ? "importTargets" : "exportTargets"
            return Finding(
                .warning, .vniExceedsTarget, path: "vpns.\(name).\(path)",
                reason:
                    "\(Set(narrow).sorted().listed()) leaves 16 bits for the number, VNI \(vni) needs more: the target cannot be derived from the VNI, by hand or "
                    + "automatically"
                    + (cut.isEmpty
                        ? ""
                        : "; truncated it becomes \(cut[0].localNumber), as for VNI \(cut[0].localNumber)"),
                remedy: "use the two-byte AS form (like 64900:\(vni)) if the other side can, or a VNI of at most 65535")
        }
    }
}

extension RouteTarget {
    /// An IPv4 address or a four-byte AS leaves 16 bits for the number.
    fileprivate var hasShortNumber: Bool { if case .as2 = number { false } else { true } }
}
