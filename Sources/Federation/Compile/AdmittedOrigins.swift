import FederationModel
import NetworkTypes

/// Who may export to a VPN in one cloud. A reference, because all members of a full mesh have the same: it is put in order, and into the
/// bytes of versions, once.
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

/// Works out, from what the members of a VPN export, whose routes each of them takes: those of who exports a target that it imports, and
/// nobody else's, whatever targets others attach to theirs.
struct Admission {
    private let members: [[RouteOrigin]]
    private let exporters: [RouteTarget: [Int]]
    private let external: [RouteOrigin]
    private var known: [[RouteTarget]: AdmittedOrigins] = [:]
    private static let nobody = AdmittedOrigins([])

    /// - Parameters:
    ///   - members: The gateways of each member, and what it exports.
    ///   - external: Those of other fabrics; every member that imports anything takes theirs.
    init(_ members: [(origins: [RouteOrigin], exports: [RouteTarget])], external: [RouteOrigin]) {
        self.members = members.map(\.origins)
        self.external = external
        var exporters: [RouteTarget: [Int]] = [:]
        for (index, member) in members.enumerated() {
            // Most have one, and two of them may be one to bgpd.
            let targets = member.exports.count == 1 ? member.exports : Array(Set(member.exports.map(\.asConfigured)))
            for target in targets { exporters[target.asConfigured, default: []].append(index) }
        }
        self.exporters = exporters
    }

    /// Those of who imports these targets: other gateways of its own cloud among them, and itself.
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
