import FederationModel
import NetworkTypes

/// The exported and imported route targets of each VPN in each cloud, and the resulting reachability.
///
/// It models bgpd, and tests compare the two: a route enters a VRF if one of its targets equals one of the VRF's imports as the eight
/// bytes on the wire, so forms and administrators matter. The exceptions are in `RouteTarget.admits(_:)`.
package struct TargetTable: Sendable {
    /// The targets of one cloud in a VPN.
    package struct Entry: Hashable, Sendable {
        package var cloud: CloudName
        /// Sorted, each once.
        package var imports: [RouteTarget]
        package var exports: [RouteTarget]

        package init(cloud: CloudName, imports: [RouteTarget], exports: [RouteTarget]) {
            self.cloud = cloud
            self.imports = imports
            self.exports = exports
        }
    }

    /// By cloud.
    package private(set) var entries: [VPNName: [Entry]] = [:]
    /// Keyed by the target as bgpd reads it. Most targets have one VPN; an array costs least.
    private var exporters: [RouteTarget: [VPNName]] = [:]
    private var importers: [RouteTarget: [VPNName]] = [:]

    package init() {}

    /// Whether a VRF that imports `wanted` imports a route with `target`.
    package static func imports(_ wanted: RouteTarget, _ target: RouteTarget) -> Bool { wanted.admits(target) }

    /// Replaces a VPN's targets; an empty list removes the VPN.
    package mutating func replace(_ vpn: VPNName, with list: [Entry]) {
        for entry in entries[vpn] ?? [] {
            for target in entry.exports { Self.remove(vpn, from: &exporters, at: target.asConfigured) }
            for target in entry.imports { Self.remove(vpn, from: &importers, at: target.asConfigured) }
        }
        entries[vpn] = list.isEmpty ? nil : list
        for entry in list {
            for target in entry.exports { Self.add(vpn, to: &exporters, at: target.asConfigured) }
            for target in entry.imports { Self.add(vpn, to: &importers, at: target.asConfigured) }
        }
    }

    /// The reachable pairs inside a VPN.
    package func reaches(of vpn: VPNName) -> Set<Reach> {
        let entries = entries[vpn] ?? []
        var reaches: Set<Reach> = []
        // By target: a full mesh of n clouds has only one.
        var takers: [RouteTarget: [CloudName]] = [:]
        for entry in entries { for target in entry.imports { takers[target.asConfigured, default: []].append(entry.cloud) } }
        let wildcards = takers.filter { $0.key.isWildcard }
        for entry in entries {
            for target in entry.exports {
                for cloud in takers[target.asConfigured] ?? [] where cloud != entry.cloud {
                    reaches.insert(Reach(vpn: vpn, from: entry.cloud, to: cloud))
                }
                for (wanted, clouds) in wildcards where Self.imports(wanted, target) {
                    for cloud in clouds where cloud != entry.cloud { reaches.insert(Reach(vpn: vpn, from: entry.cloud, to: cloud)) }
                }
            }
        }
        return reaches
    }

    /// Every import of routes of one VPN into another; sorted.
    package func leaks() -> [TargetLeak] {
        var leaks: [TargetLeak] = []
        for (target, vpns) in exporters {
            for importer in importers[target] ?? [] { append(target, target, vpns, importer, to: &leaks) }
        }
        for wanted in wildcards {
            for (target, vpns) in exporters where target != wanted && Self.imports(wanted, target) {
                for importer in importers[wanted] ?? [] { append(target, wanted, vpns, importer, to: &leaks) }
            }
        }
        return leaks.sorted()
    }

    private var wildcards: [RouteTarget] { importers.keys.filter(\.isWildcard) }

    /// - Parameters:
    ///   - exported, imported: As bgpd reads them; a leak shows them as written.
    private func append(
        _ exported: RouteTarget, _ imported: RouteTarget, _ exporters: [VPNName], _ importer: VPNName, to leaks: inout [TargetLeak]
    ) {
        for exporter in exporters where exporter != importer {
            for source in entries[exporter] ?? [] {
                guard let exported = source.exports.first(where: { $0.asConfigured == exported }) else { continue }
                for destination in entries[importer] ?? [] {
                    guard let imported = destination.imports.first(where: { $0.asConfigured == imported }) else { continue }
                    leaks.append(
                        TargetLeak(
                            exporter: .init(vpn: exporter, cloud: source.cloud), importer: .init(vpn: importer, cloud: destination.cloud),
                            exported: exported, imported: imported))
                }
            }
        }
    }

    private static func add(_ vpn: VPNName, to users: inout [RouteTarget: [VPNName]], at target: RouteTarget) {
        if users[target]?.contains(vpn) != true { users[target, default: []].append(vpn) }
    }

    private static func remove(_ vpn: VPNName, from users: inout [RouteTarget: [VPNName]], at target: RouteTarget) {
        users[target]?.removeAll { $0 == vpn }
        if users[target]?.isEmpty == true { users[target] = nil }
    }
}
