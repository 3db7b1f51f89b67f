import FederationModel
import NetworkTypes

/// Which pairs of one viewer an intruder breaks.
///
/// A pair has clouds, and a route may come from a VTEP that is no cloud's. So it breaks the pair with the cloud that has the VTEP, joined by
/// the policy or not; without one it breaks each pair of the viewer, because nobody knows whom it takes the place of. Beyond that it breaks the
/// pair with each origin whose traffic it takes: where the kernel forwards to it what the origin has, or a part of that.
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

    /// What there is against a pair; said once of those whose cloud it is.
    mutating func take(against origin: Side) -> [Intruder] {
        var charged = (byCloud.removeValue(forKey: origin.cloud) ?? []) + unplaced
        let cover = PrefixCover(origin.expected)
        charged += taken.filter { $0.announcer.map { $0.cloud != origin.cloud } ?? false && cover.contains($0.prefix) }
        return charged
    }

    /// What is against clouds that the viewer has no pair with: each needs a verdict of its own.
    ///
    /// - Parameter isAlone: the viewer has no pair at all; then what has no cloud stands against the viewer itself.
    func rest(of viewer: CloudName, isAlone: Bool) -> [CloudName: [Intruder]] {
        var rest = byCloud
        if isAlone && !unplaced.isEmpty { rest[viewer, default: []] += unplaced }
        return rest
    }
}
