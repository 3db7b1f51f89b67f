import FederationModel
import NetworkTypes

/// Numbers in quarantine that belonged to one VRF: a VPN released them at the same time.
struct RestingNumbers {
    private struct Departure: Hashable {
        var vpn: VPNName
        /// Milliseconds since 1970.
        var at: Int64
    }

    private var vnis: [VNI: Departure] = [:]
    private var indexes: [Departure: [DistinguisherIndex]] = [:]
    private var targets: [Departure: [TargetOwner: RouteTarget]] = [:]
    private var targetsOfVRFs: Set<RouteTarget> = []

    init(_ ledger: Ledger) {
        for (vni, released) in ledger.vnis.quarantined { vnis[vni] = Departure(vpn: released.owner, at: released.at) }
        guard !vnis.isEmpty else { return }
        for (index, released) in ledger.distinguishers.quarantined {
            indexes[Departure(vpn: released.owner, at: released.at), default: []].append(index)
        }
        let departures = Set(vnis.values)
        for (target, released) in ledger.routeTargets.quarantined {
            let departure = Departure(vpn: released.owner.vpn, at: released.at)
            guard departures.contains(departure) else { continue }
            targets[departure, default: [:]].merge([released.owner: target]) { min($0, $1) }
            targetsOfVRFs.insert(target)
        }
    }

    /// Whether it was released together with a VNI.
    func isOfVRF(_ target: RouteTarget) -> Bool { targetsOfVRFs.contains(target) }

    /// Nil if the VPN did not have the VNI, or its other numbers are ambiguous.
    subscript(_ vpn: VPNName, _ vni: VNI) -> VRFNumbers? {
        guard let departure = vnis[vni], departure.vpn == vpn, let indexes = indexes[departure], indexes.count == 1 else { return nil }
        return VRFNumbers(vni: vni, index: indexes[0], targets: targets[departure] ?? [:])
    }
}
