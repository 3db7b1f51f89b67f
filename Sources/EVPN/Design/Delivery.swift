import FederationModel
import NetworkTypes

/// What is advertised of what routers offer: that whose way in is seen. Pure, but for what it remembers.
///
/// A prefix is let out when its way is whole. What is out already stays for a while when its way breaks: the agent mends most of it at once
/// (Open vSwitch restarts and has lost its flows), and a withdrawal costs all clouds more than packets lost meanwhile.
package struct Delivery: Hashable, Sendable, Codable {
    /// How long a way may be broken before what it leads to is withdrawn: milliseconds. A restart of Open vSwitch or of ovn-controller takes
    /// less.
    package static let patience: Int64 = 15_000
    /// After such a withdrawal, how long a way must be whole before it is told of again: milliseconds.
    package static let proof: Int64 = 3_000

    private struct Way: Hashable, Sendable, Codable {
        var instance: VPNInstance
        var router: String
        var subnet: IPPrefix
    }

    fileprivate enum State: Hashable, Sendable, Codable {
        /// Since then, and told of all the same.
        case broken(since: Int64)
        /// It was broken for too long.
        case withdrawn
        /// It was withdrawn, and is whole since then.
        case proving(since: Int64)
    }

    /// A way that is whole is in none.
    private var states: [Way: State] = [:]
    /// Why what routers offer is not advertised, or soon is not. They are of the moment and not of the design.
    package private(set) var problems: [VPNName: [Problem]] = [:]

    package init() {}

    /// Takes out of the design what cannot be delivered. Why, `problems` says.
    /// - Returns: when there may be another answer although nothing happens, in milliseconds since 1970; nil: never.
    package mutating func hold(_ design: inout HostDesign, on host: ObservedHost, at now: Int64) -> Int64? {
        guard host.isSeen else { return nil }
        var seen: [Way: State] = [:]
        var next: Int64?
        var gaps: [VPNInstance: [String: [(offer: Offer, gap: WayIn.Gap)]]] = [:]
        for instance in design.vpns.keys.sorted() {
            guard let vpn = design.vpns[instance] else { continue }
            let standing = host.routing?.vrfs[vpn.names.vrf]?.networks ?? []
            var delivered: Set<IPPrefix> = []
            var held: Set<IPPrefix> = []
            for offer in vpn.offers {
                let way = Way(instance: instance, router: offer.router, subnet: offer.subnet)
                let gap = offer.way.gap(on: host)
                let state = states[way].after(gap, at: now)
                seen[way] = state
                if let time = state?.next { next = min(next ?? time, time) }
                switch state {
                case nil: delivered.formUnion(offer.prefixes)
                case .broken:
                    delivered.formUnion(offer.prefixes.intersection(standing))
                    held.formUnion(offer.prefixes)
                case .withdrawn, .proving: held.formUnion(offer.prefixes)
                }
                if let gap { gaps[instance, default: [:]][offer.router, default: []].append((offer, gap)) }
            }
            design.vpns[instance]?.routing.networks.subtract(held.subtracting(delivered).subtracting(vpn.originated))
        }
        problems = Dictionary(
            uniqueKeysWithValues: Set(gaps.keys.map(\.vpn)).map { vpn in
                (vpn, Self.explain(gaps.filter { $0.key.vpn == vpn }, design, host))
            })
        states = seen
        return next
    }
}

extension Delivery.State? {
    /// - Parameter gap: nil: the way is whole.
    fileprivate func after(_ gap: WayIn.Gap?, at now: Int64) -> Self {
        // A clock that was set back must not make a time longer.
        switch (self, gap) {
        case (nil, nil): nil
        case (nil, .some): .broken(since: now)
        case (.broken, nil): nil
        case (.broken(let since), .some): now - min(since, now) < Delivery.patience ? .broken(since: min(since, now)) : .withdrawn
        case (.withdrawn, nil): .proving(since: now)
        case (.withdrawn, .some), (.proving, .some): .withdrawn
        case (.proving(let since), nil): now - min(since, now) < Delivery.proof ? .proving(since: min(since, now)) : nil
        }
    }
}

extension Delivery.State {
    fileprivate var next: Int64? {
        switch self {
        case .broken(let since): since + Delivery.patience
        case .withdrawn: nil
        case .proving(let since): since + Delivery.proof
        }
    }
}

extension Delivery {
    /// As many subnets as a problem lists.
    private static let mostPrefixes = 100

    /// Says of each router of a VPN why what it offers is not advertised, or soon is not. With two VNIs, one way in is enough.
    private static func explain(
        _ gaps: [VPNInstance: [String: [(offer: Offer, gap: WayIn.Gap)]]], _ design: HostDesign, _ host: ObservedHost
    ) -> [Problem] {
        guard let instance = gaps.keys.min(), let vpn = design.vpns[instance],
            gaps.count == design.vpns.keys.count(where: { $0.vpn == instance.vpn })
        else { return [] }
        let standing = host.routing?.vrfs[vpn.names.vrf]?.networks ?? []
        // What is said already, each where it is found.
        let known = Set(vpn.problems.map(\.code))
        let routers = (gaps[instance] ?? [:]).keys.filter { router in gaps.values.allSatisfy { $0[router] != nil } }
        return routers.sorted().compactMap { router in
            let unknown = (gaps[instance]?[router] ?? []).filter { _, gap in
                switch gap {
                case .nextHop: !known.contains(.gatewayLacksFamily)
                case .port: !known.contains(.patchPortMissing)
                default: true
                }
            }
            return problem(router, unknown, standing)
        }
    }

    /// Why what a router offers is not advertised, or soon is not.
    /// - Parameter standing: what bgpd advertises now.
    private static func problem(_ router: String, _ gaps: [(offer: Offer, gap: WayIn.Gap)], _ standing: Set<IPPrefix>) -> Problem? {
        guard let first = gaps.first else { return nil }
        let isStanding = gaps.contains { !$0.offer.prefixes.isDisjoint(with: standing) }
        let fate = isStanding ? "withdrawn if this lasts \(patience / 1000) s" : "not advertised"
        if first.gap == .gatewayDown {
            // Nothing goes out of it either.
            return Problem(
                code: .gatewayPortDown, message: "router \(router): \(first.gap); its prefixes are \(fate)",
                remedy:
                    "`ovn-sbctl --columns=logical_port,chassis,up find Port_Binding type=chassisredirect` shows it; check that ovn-controller "
                    + "runs: `systemctl status ovn-controller`")
        }
        let subnets = "\(first.offer.subnet)" + (gaps.count > 1 ? " and \(gaps.count - 1) more" : "")
        return Problem(
            code: .notDeliverable,
            message: "\(subnets) of router \(router) cannot be reached from here: \(first.gap); what is in it is \(fate)",
            remedy:
                "the agent repairs what is its own within seconds; if it persists: `systemctl status openvswitch-switch`, `systemctl status ovn-controller` "
                + "and `journalctl -u fed-agent -n 50`",
            prefixes: gaps.prefix(mostPrefixes).map(\.offer.subnet))
    }
}
