import FederationModel
import NetworkTypes

/// Divides destinations between the VPNs of one router. A packet carries its destination, not its VPN, so each destination must belong to
/// one VPN only.
enum SharedDestinations {
    struct Portion {
        var steered: Set<IPPrefix> = []
        /// Destinations that another VPN of the router has, or that overlap one: no traffic goes there or is let in from there.
        var refused: Set<IPPrefix> = []
        /// Refused prefixes inside a steered one: traffic to them is dropped.
        var holes: Set<IPPrefix> = []
        var problems: [Problem] = []
    }

    /// The router's own VPN first, then those it is shared into, by name.
    /// - Parameters:
    ///   - routers: one router in all its VPNs.
    ///   - reserved: what no tenant's traffic goes to.
    ///   - destinations: those it would have if it were in one VPN only.
    static func divide(
        _ routers: [HostedRouter], reserved: ReservedAddresses, _ destinations: (HostedRouter) -> Set<IPPrefix>
    ) -> [VPNName: Portion] {
        var portions: [VPNName: Portion] = [:]
        var owners: [(vpn: VPNName, cover: OverlapSearch)] = []
        for router in routers.sorted(by: { ($0.isShared ? 1 : 0, $0.vpn) < ($1.isShared ? 1 : 0, $1.vpn) }) {
            let connected = PrefixCover(router.connected)
            let guests = OverlapSearch(router.refused)
            var portion = Portion()
            var ofGuests: [IPPrefix] = []
            var taken: [IPPrefix: String] = [:]
            // By OVN, in a network of the router's own.
            var delivered: [IPPrefix: IPPrefix] = [:]
            var clashes: [VPNName: [(IPPrefix, IPPrefix)]] = [:]
            for destination in destinations(router) {
                // A default route would take the tenant's Internet along: federated traffic only.
                guard destination.length > 0 else { continue }
                if let network = connected.widest(containing: destination) {
                    if !router.advertised.contains(destination) { delivered[destination] = network }
                    continue
                }
                if let reason = reserved.reason(against: destination) {
                    portion.refused.insert(destination)
                    taken[destination] = reason
                    continue
                }
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
            portion.holes = router.refused.union(reserved.hosts).filter(steered.contains)
            if !delivered.isEmpty { portion.problems.append(problem(router, delivered: delivered)) }
            if let first = taken.min(by: { $0.key < $1.key }) { portion.problems.append(problem(router, first, count: taken.count)) }
            if routers.count > 1 { owners.append((router.vpn, steered)) }
            portions[router.vpn] = portion
        }
        // Whether this VPN knows it or not: it may have been kept out by a filter, or be a sender's invention.
        let steered = portions.mapValues(\.steered)
        for (vpn, others) in steered { for other in portions.keys where other != vpn { portions[other]?.refused.formUnion(others) } }
        return portions
    }

    /// Where a VPN shares more than it has, a member's prefix in that range may belong to either.
    private static func problem(_ router: HostedRouter, _ destination: IPPrefix, in guests: OverlapSearch, count: Int) -> Problem {
        let shared = guests.overlapping(destination) ?? destination
        return Problem(
            code: .destinationAmbiguous,
            message:
                "\(destination) of \(router.vpn) lies in \(shared), which another VPN shares into VPN \(router.vpn): "
                + "router \(router.id), itself shared into it, cannot reach it" + (count > 1 ? "; and \(count - 1) more" : ""),
            remedy: "share narrower “prefixes” than \(shared) there: what that VPN has, and no more")
    }

    private static func problem(_ router: HostedRouter, delivered: [IPPrefix: IPPrefix]) -> Problem {
        let prefixes = delivered.keys.sorted()
        let first = prefixes.first.flatMap { prefix in delivered[prefix].map { "\(prefix) of VPN \(router.vpn) lies in \($0)" } } ?? ""
        return Problem(
            code: .destinationReserved,
            message: "\(first), a network of router \(router.id) itself, where OVN delivers it: the router cannot reach it elsewhere"
                + (prefixes.count > 1 ? "; and \(prefixes.count - 1) more" : ""),
            remedy: "renumber one of the two, or filter it: “filters: {import: [\"deny PREFIX\", …]}”", prefixes: prefixes)
    }

    private static func problem(_ router: HostedRouter, _ taken: (key: IPPrefix, value: String), count: Int) -> Problem {
        Problem(
            code: .destinationReserved,
            message: "\(taken.key) of VPN \(router.vpn) \(taken.value): router \(router.id) cannot reach it"
                + (count > 1 ? "; and \(count - 1) more" : ""),
            remedy: "give that port another address, or filter it: “filters: {import: [\"deny \(taken.key)\", …]}”")
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
