import FederationModel
import NetworkTypes

/// Witnesses, each once for all gateways where it is so. Bounded: one target in ten thousand VPNs would be fifty million pairs.
struct WitnessCollection {
    struct Key: Hashable {
        var exporter: LocalVRF
        var importer: LocalVRF
        var exported: RouteTarget?
        var imported: RouteTarget?
        /// Foreign VRFs of a name are others on each gateway, and what brings routes together without targets is, too.
        var gateway: Int?
    }

    struct Found {
        var breach: IsolationBreach
        var level: IsolationLevel
        var gateways: Set<Int>
        var route: IsolationWitness.Route?
        var vrf: ForeignVRF?
        var via: VPNName?
        /// What is wrong is on the exporter’s side.
        var isExport: Bool
        /// It is in the intents already.
        var isIntended: Bool
        /// The gateway where the importer has a target that is not intended, though the exporter’s side is as it may be.
        var strayAt: Int?
    }

    private(set) var found: [Key: Found] = [:]
    /// Those that are over the limit.
    private(set) var omitted = 0

    private static let limit = 10_000

    /// No further ones are taken.
    var isFull: Bool { found.count >= Self.limit }

    /// Counts those that were not worth making.
    mutating func omit(_ count: Int) { omitted += count }

    mutating func add(_ key: Key, _ other: Found) {
        guard var known = found[key] else {
            if found.count < Self.limit { found[key] = other } else { omitted += 1 }
            return
        }
        known.gateways.formUnion(other.gateways)
        known.isIntended = known.isIntended || other.isIntended
        known.level = max(known.level, other.level)
        // What was seen is due to what is set up, and that is the better name for it.
        if known.breach == .foreignRoute { (known.breach, known.isExport) = (other.breach, other.isExport) }
        known.strayAt = known.strayAt ?? other.strayAt
        if let route = other.route { known.route = known.route.map { min($0, route) } ?? route }
        found[key] = known
    }
}
