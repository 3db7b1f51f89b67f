import FederationModel
import NetworkTypes

/// The origins that may export to a VPN in one cloud. A reference type, because all members of a full mesh share it: it is sorted and
/// serialised for versions only once.
final class AdmittedOrigins: Sendable {
    /// Sorted, each VTEP once.
    let origins: [RouteOrigin]
    /// Of `origins`.
    let digest: String

    init(_ origins: [RouteOrigin]) {
        self.origins = origins
        digest = origins.digest
    }

    func isSame(as other: AdmittedOrigins) -> Bool { self === other || origins == other.origins }
}

/// Computes, from the exports of a VPN's members, whose routes each member accepts: only those of members that export a target it imports,
/// whatever targets others attach to their routes.
struct Admission {
    private let members: [[RouteOrigin]]
    private let exporters: [RouteTarget: [Int]]
    private let external: [RouteOrigin]
    private var known: [[RouteTarget]: AdmittedOrigins] = [:]
    private static let nobody = AdmittedOrigins([])

    /// - Parameters:
    ///   - members: The gateways and export targets of each member.
    ///   - external: Origins in other fabrics; every member that imports anything accepts them.
    init(_ members: [(origins: [RouteOrigin], exports: [RouteTarget])], external: [RouteOrigin]) {
        self.members = members.map(\.origins)
        self.external = external
        var exporters: [RouteTarget: [Int]] = [:]
        for (index, member) in members.enumerated() {
            // Most have one, and two of them may be equal to bgpd.
            let targets = member.exports.count == 1 ? member.exports : Array(Set(member.exports.map(\.asConfigured)))
            for target in targets { exporters[target.asConfigured, default: []].append(index) }
        }
        self.exporters = exporters
    }

    /// The origins accepted by an importer of these targets, including its own cloud's gateways and itself.
    mutating func origins(importing targets: [RouteTarget]) -> AdmittedOrigins {
        guard !targets.isEmpty else { return Self.nobody }
        if let known = known[targets] { return known }
        var found: Set<Int> = []
        for target in targets {
            found.formUnion(exporters[target.asConfigured] ?? [])
            guard target.isWildcard else { continue }
            for (exported, members) in exporters where TargetTable.imports(target, exported) { found.formUnion(members) }
        }
        let admitted = AdmittedOrigins(Set(found.flatMap { members[$0] } + external).sorted())
        known[targets] = admitted
        return admitted
    }
}
