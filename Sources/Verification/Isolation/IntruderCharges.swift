import FederationModel
import NetworkTypes

/// The pairs of one viewer that an intruder breaks.
///
/// A pair is between clouds, but a route may come from a VTEP of no cloud. It breaks the pair with the cloud of the VTEP, connected by
/// the policy or not; without such a cloud it breaks each pair of the viewer, because its victim is unknown. It also breaks the
/// pair with each origin whose traffic it attracts: where the kernel forwards prefixes of the origin, or parts of them, to it.
struct IntruderCharges {
    private var byCloud: [CloudName: [Intruder]] = [:]
    private var unplaced: [Intruder] = []
    private let taken: [Intruder]

    init(_ intruders: [Intruder]) {
        taken = intruders.filter(\.isInstalled)
        for intruder in intruders {
            if let cloud = intruder.announcer?.cloud {
                byCloud[cloud, default: []].append(intruder)
            } else {
                unplaced.append(intruder)
            }
        }
    }

    /// The intruders of a pair; each is reported once for its own cloud.
    mutating func take(against origin: CloudInVPN) -> [Intruder] {
        var charged = (byCloud.removeValue(forKey: origin.cloud) ?? []) + unplaced
        guard !taken.isEmpty else { return charged }
        let cover = PrefixCover(origin.expected)
        charged += taken.filter { $0.announcer.map { $0.cloud != origin.cloud } ?? false && cover.contains($0.prefix) }
        return charged
    }

    /// The intruders of clouds without a pair with the viewer: each cloud needs its own verdict.
    ///
    /// - Parameter isAlone: Whether the viewer has no pairs; then intruders without a cloud count against the viewer itself.
    func rest(of viewer: CloudName, isAlone: Bool) -> [CloudName: [Intruder]] {
        var rest = byCloud
        if isAlone && !unplaced.isEmpty { rest[viewer, default: []] += unplaced }
        return rest
    }
}
