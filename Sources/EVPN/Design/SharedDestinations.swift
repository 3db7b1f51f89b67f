import FederationModel
import NetworkTypes

/// Divides destinations between the VPNs that one router takes part in: a packet of the router's says where it goes and not in which VPN,
/// so that no destination may be in two.
enum SharedDestinations {
    struct Portion {
        var steered: Set<IPPrefix> = []
        /// What another VPN has, or something that overlaps it: neither steered to nor let in from.
        var refused: Set<IPPrefix> = []
        /// What further VPNs share, where something steered holds it: what goes there goes nowhere.
        var holes: Set<IPPrefix> = []
        var problems: [Problem] = []
    }

    /// The VPN that the router belongs to comes first, then those that it is shared into, by name.
    /// - Parameters:
    ///   - routers: one router in all its VPNs.
    ///   - destinations: those that it would have if it were in one only.
    static func divide(_ routers: [HostedRouter], _ destinations: (HostedRouter) -> Set<IPPrefix>) -> [VPNName: Portion] {
        var portions: [VPNName: Portion] = [:]
        var owners: [(vpn: VPNName, cover: OverlapSearch)] = []
        for router in routers.sorted(by: { ($0.isShared ? 1 : 0, $0.vpn) < ($1.isShared ? 1 : 0, $1.vpn) }) {
            let connected = PrefixCover(router.connected)
            let guests = OverlapSearch(router.refused)
            var portion = Portion()
            var ofGuests: [IPPrefix] = []
            var clashes: [VPNName: [(IPPrefix, IPPrefix)]] = [:]
            for destination in destinations(router) {
                // A default route would take the tenant's Internet along: federated traffic only.
                guard destination.length > 0, !connected.contains(destination) else { continue }
                guard !guests.contains(destination) else {
                    ofGuests.append(destination)
                    continue
                }
                let clash = owners.lazy.compactMap { owner in owner.cover.overlapping(destination).map { (owner.vpn, $0) } }.first
                if let (other, prefix) = clash {
                    portion.refused.insert(destination)
                    clashes[other, default: []].append((destination, prefix))
                } else {
                    portion.steered.insert(destination)
                }
            }
            for other in clashes.keys.sorted() {
                guard let first = clashes[other]?.min(by: { $0 < $1 }) else { continue }
                portion.problems.append(problem(router, other, first, count: clashes[other]?.count ?? 0))
            }
            if let first = ofGuests.min() { portion.problems.append(problem(router, first, in: guests, count: ofGuests.count)) }
            // Members carry on what comes to them to the longest prefix that they know, and they know those of all that share.
            let steered = OverlapSearch(portion.steered)
            portion.refused.formUnion(router.refused)
            portion.holes = router.refused.filter(steered.contains)
            if routers.count > 1 { owners.append((router.vpn, steered)) }
            portions[router.vpn] = portion
        }
        // Whether this VPN knows it or not: it may have been kept out by a filter, or be a sender's invention.
        let steered = portions.mapValues(\.steered)
        for (vpn, others) in steered { for other in portions.keys where other != vpn { portions[other]?.refused.formUnion(others) } }
        return portions
    }

    /// Where a VPN shares more than it has, what members have there may be its own: nobody can tell.
    private static func problem(_ router: HostedRouter, _ destination: IPPrefix, in guests: OverlapSearch, count: Int) -> Problem {
        let shared = guests.overlapping(destination) ?? destination
        return Problem(
            code: .destinationAmbiguous,
            message:
                "\(destination) of \(router.vpn) lies in \(shared), which another VPN shares into VPN \(router.vpn): "
                + "router \(router.id), itself shared into it, cannot reach it" + (count > 1 ? "; and \(count - 1) more" : ""),
            remedy: "share narrower “prefixes” than \(shared) there: what that VPN has, and no more")
    }

    private static func problem(_ router: HostedRouter, _ other: VPNName, _ clash: (IPPrefix, IPPrefix), count: Int) -> Problem {
        Problem(
            code: .destinationAmbiguous,
            message:
                "router \(router.id) is in VPNs \(other) and \(router.vpn), and \(clash.0) of \(router.vpn) overlaps \(clash.1) of \(other): "
                + "the router cannot reach it" + (count > 1 ? "; and \(count - 1) more" : ""),
            remedy:
                "share into VPNs whose addresses do not overlap those of \(other), or filter them: “filters: {import: [\"deny \(clash.0)\", …]}”"
        )
    }
}
