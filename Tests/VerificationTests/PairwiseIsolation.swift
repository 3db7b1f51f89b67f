import FederationModel
import NetworkTypes
import Verification

/// The oracle: every VRF beside every other, as bgpd has them, without an index.
struct PairwiseIsolation {
    struct Path: Hashable, CustomStringConvertible {
        var exporter: LocalVRF
        var importer: LocalVRF
        var description: String { "\(exporter) → \(importer)" }
    }

    private struct VRF {
        var name: LocalVRF
        var gateway: GatewayID
        var imports: [RouteTarget]
        var exports: [RouteTarget]
    }

    static func paths(of federation: HonestFederation) -> Set<Path> {
        var vrfs: [VRF] = []
        var found: Set<Path> = []
        for (id, observation) in federation.observations {
            for (name, report) in observation.report.vpns {
                // What is intended counts too: it comes into force at any moment.
                let intent = federation.intents[id]!.vpns[name]
                for (effective, binding) in [
                    (report.effective, intent?.bindings.first),
                    (report.secondaryEffective, intent.flatMap { $0.bindings.count > 1 ? $0.bindings[1] : nil }),
                ] {
                    vrfs.append(
                        VRF(
                            name: .vpn(name), gateway: id, imports: (effective?.importTargets ?? []) + (binding?.importTargets ?? []),
                            exports: (effective?.exportTargets ?? []) + (binding?.exportTargets ?? [])))
                    for other in effective?.importedVRFs ?? [] where other != .vpn(name) {
                        found.insert(Path(exporter: other, importer: .vpn(name)))
                    }
                }
            }
            for vrf in observation.report.base.foreignVRFs?.vrfs ?? [] {
                vrfs.append(VRF(name: .foreign(vrf.name), gateway: id, imports: vrf.importTargets, exports: vrf.exportTargets))
                for case .vpn(let name) in vrf.importedVRFs { found.insert(Path(exporter: .vpn(name), importer: .foreign(vrf.name))) }
            }
        }
        found.formUnion(guests(of: federation))
        for exporter in vrfs {
            for importer in vrfs where exporter.name != importer.name {
                for target in exporter.exports where importer.imports.contains(where: { $0.admits(target) }) {
                    switch (exporter.name, importer.name) {
                    case (.foreign, .foreign): continue
                    case (.vpn(let name), .foreign) where federation.graph.vpns[name]?.exportTargets.contains(target) ?? false: continue
                    default: found.insert(Path(exporter: exporter.name, importer: importer.name))
                    }
                }
            }
        }
        return found
    }

    /// v1 and v3 meet in v2, where a guest of one imports what a guest of the other exports.
    private static func guests(of federation: HonestFederation) -> Set<Path> {
        let common = VPNName("v2")!
        func sharers(_ cloud: CloudName) -> [VPNName] {
            if federation.graph.vpns[common]!.clouds.contains(cloud) { return [] }
            return ["v1", "v3"].map { VPNName($0)! }.filter { name in
                let vpn = federation.graph.vpns[name]!
                return !vpn.shares.isEmpty && vpn.attachments.contains { $0.cloud == cloud && $0.role != .importOnly }
            }
        }
        func targets(_ id: GatewayID, _ path: KeyPath<Binding, [RouteTarget]>, _ other: KeyPath<EffectiveVPN, [RouteTarget]>)
            -> [RouteTarget]
        {
            let report = federation.observations[id]!.report.vpns[common]
            return (federation.intents[id]!.vpns[common]?.bindings ?? []).flatMap { $0[keyPath: path] }
                + [report?.effective, report?.secondaryEffective].flatMap { $0?[keyPath: other] ?? [] }
        }
        var found: Set<Path> = []
        for one in federation.intents.keys {
            for other in federation.intents.keys where one.cloud != other.cloud {
                let exports = targets(other, \.exportTargets, \.exportTargets)
                guard targets(one, \.importTargets, \.importTargets).contains(where: { wanted in exports.contains { wanted.admits($0) } })
                else {
                    continue
                }
                for importer in sharers(one.cloud) {
                    for exporter in sharers(other.cloud) where exporter != importer {
                        found.insert(Path(exporter: .vpn(exporter), importer: .vpn(importer)))
                    }
                }
            }
        }
        return found
    }
}
