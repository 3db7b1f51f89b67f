import NetworkTypes
import OVN

/// Compares what the databases say with what stood before: what of it is held, and what is believed then.
struct CloudJudgement {
    private let before: CloudView
    private let told: CloudView
    private let former: [HeldObject: Hold]
    private let chassis: String?
    private let now: Int64
    private let evidence: CloudEvidence
    private(set) var holds: [HeldObject: Hold] = [:]

    init(before: CloudView, told: CloudView, holds: [HeldObject: Hold], chassis: String?, now: Int64) {
        self.before = before
        self.told = told
        self.chassis = chassis
        self.now = now
        // A clock that was set back must not make a hold longer.
        former = holds.mapValues { Hold(reason: $0.reason, since: min($0.since, now)) }
        evidence = CloudEvidence(before: before, told: told, holds: former, chassis: chassis, now: now)
    }

    /// What is believed.
    mutating func view() -> CloudView {
        let formers = Dictionary(before.routers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var routers = told.routers.map { router in
            guard let former = formers[router.id], router != former else { return router }
            return judge(router, former)
        }
        var networks = told.networks
        let known = Set(routers.map(\.id))
        for router in before.routers where !known.contains(router.id) {
            guard hold(.router(router.id), evidence.ofAbsence(of: router)) else { continue }
            routers.append(router)
        }
        routers = withoutGonePorts(of: routers)
        networks = keepLabels(of: networks)
        networks += missingNetworks(of: routers, beside: networks)
        return CloudView(
            routers: routers.sorted { ($0.id, $0.datapath) < ($1.id, $1.datapath) },
            networks: networks.sorted { ($0.identity.id, $0.identity.datapath) < ($1.identity.id, $1.identity.datapath) },
            chassis: told.chassis, problems: told.problems,
            // Nil only where it was never read.
            northbound: told.northbound ?? before.northbound, listed: told.northbound == nil ? before.listed : told.listed)
    }

    private mutating func judge(_ router: RouterView, _ former: RouterView) -> RouterView {
        if evidence.isHollow(router, former), hold(.router(router.id), evidence.ofAbsence(of: former)) { return former }
        var result = router
        for index in router.gateways.indices where router.gateways[index].chassis == nil {
            let port = router.gateways[index].logicalPort
            guard let old = former.gateways.first(where: { $0.logicalPort == port }), old.chassis == chassis, chassis != nil,
                hold(.gateway(router: router.id, port: port), evidence.ofUnbinding(router, former))
            else { continue }
            (result.gateways[index].chassis, result.gateways[index].isUp) = (old.chassis, old.isUp)
        }
        for index in router.interfaces.indices {
            guard let old = former.interfaces.first(where: { $0.logicalPort == router.interfaces[index].logicalPort }) else { continue }
            let bound = Set(router.interfaces[index].hosts.map(\.logicalPort))
            let kept = old.hosts.filter { host in
                let object = HeldObject.host(router: router.id, port: host.logicalPort)
                return !bound.contains(host.logicalPort)
                    && evidence.mayExist(host, (router, former), (router.interfaces[index], old), self.former[object])
                    && hold(object, evidence.ofUnbinding(host, router, former))
            }
            guard !kept.isEmpty else { continue }
            // Whether it is associated is of now, wherever it runs.
            let listed = Dictionary(
                router.interfaces[index].unbound.map { ($0.logicalPort, $0) }, uniquingKeysWith: { first, _ in first })
            let associated = kept.map { host in
                var host = host
                if let now = listed[host.logicalPort] { host.bgpvpns = now.bgpvpns }
                return host
            }
            result.interfaces[index].hosts = (router.interfaces[index].hosts + associated).sorted { $0.logicalPort < $1.logicalPort }
        }
        let known = result.withNorthboundPart(of: former)
        guard known != result else { return result }
        let isLost = evidence.lacksNorthbound(router) && hold(.northbound(router.id), .northboundLacks)
        return evidence.saysNothingOfNorthbound || isLost ? known : result
    }

    /// Whether an object is held: it is, or was until now, evident that its absence is not to be believed, and the time is not over.
    private mutating func hold(_ object: HeldObject, _ reason: Hold.Reason?) -> Bool {
        let old = former[object]
        guard let reason = reason ?? old.flatMap({ $0.reason.lasts ? $0.reason : nil }) else { return false }
        // What comes back in parts has no more time than what is gone as a whole.
        let since = old?.since ?? former[.router(object.router)]?.since ?? evidence.beginning(of: reason) ?? now
        // What both databases lack, or what was made anew, is so from now on, whatever it was held for until now.
        let isOther = reason == .bothLack || reason == .southboundRemade
        let hold = Hold(reason: isOther ? reason : old?.reason ?? reason, since: since)
        guard !hold.isOver(at: now) else { return false }
        holds[object] = hold
        return true
    }

    /// Labels stand in the northbound database only.
    private func keepLabels(of networks: [NetworkView]) -> [NetworkView] {
        guard evidence.saysNothingOfNorthbound || !holds.isEmpty && told.northbound?.networks == 0 else { return networks }
        let formers = Dictionary(before.networks.map { ($0.identity.id, $0) }, uniquingKeysWith: { first, _ in first })
        return networks.map { network in
            var network = network
            guard let former = formers[network.identity.id] else { return network }
            (network.labels, network.bgpvpns) = (former.labels, former.bgpvpns)
            return network
        }
    }

    /// A router that is held as a whole is not seen, but its networks may be, behind others.
    private func withoutGonePorts(of routers: [RouterView]) -> [RouterView] {
        guard isAnyRouterHeld else { return routers }
        let seen = Dictionary(grouping: told.routers.flatMap(\.interfaces)) { $0.network?.id }
        return routers.map { router in
            guard holds[.router(router.id)] != nil else { return router }
            var router = router
            for index in router.interfaces.indices {
                guard let network = router.interfaces[index].network?.id, let others = seen[network] else { continue }
                router.interfaces[index].removeGone(others)
            }
            return router
        }
    }

    private var isAnyRouterHeld: Bool { holds.keys.contains { if case .router = $0 { true } else { false } } }

    /// The networks of routers that are held, by which attachments may select.
    private func missingNetworks(of routers: [RouterView], beside networks: [NetworkView]) -> [NetworkView] {
        guard isAnyRouterHeld else { return [] }
        let known = Set(networks.map(\.identity.id))
        let needed = Set(
            routers.lazy.filter { holds[.router($0.id)] != nil }.flatMap { $0.interfaces.map(\.network) + $0.gateways.map(\.network) }
                .compactMap { $0?.id }
        ).subtracting(known)
        return before.networks.filter { needed.contains($0.identity.id) }
    }
}

extension RouterInterface {
    /// Removes ports that are not in the network any more, and addresses that others there have, as interfaces of other routers show it.
    fileprivate mutating func removeGone(_ others: [RouterInterface]) {
        let listed = others.flatMap { $0.hosts + $0.unbound }
        let ports = Set(listed.map(\.logicalPort))
        let subnets = others.flatMap(\.subnets)
        // One that was made anew may be without its ports still.
        let isRemade = others.contains { $0.network?.datapath != network?.datapath }
        var owners: [IPAddress: Set<String>] = [:]
        for host in listed { for address in host.addresses { owners[address, default: []].insert(host.logicalPort) } }
        func isOfOther(_ address: IPAddress, than port: String) -> Bool { owners[address].map { $0 != [port] } ?? false }
        func keep(_ host: Host) -> Host? {
            guard !host.addresses.contains(where: { isOfOther($0, than: host.logicalPort) }) else { return nil }
            let isShown = host.addresses.contains { address in subnets.contains { $0.contains(address) } }
            guard isRemade || !isShown || ports.contains(host.logicalPort) else { return nil }
            var host = host
            host.allowed.removeAll { isOfOther($0, than: host.logicalPort) }
            return host
        }
        (hosts, unbound) = (hosts.compactMap(keep), unbound.compactMap(keep))
    }
}
