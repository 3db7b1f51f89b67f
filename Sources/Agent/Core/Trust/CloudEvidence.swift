import OVN

/// What speaks against believing that something is gone: whether a tenant or OVN can have done it, or a database lacks it.
struct CloudEvidence {
    private let told: CloudView
    /// This node's chassis is not there, or is there anew.
    private let isChassisShaken: Bool
    private let chassis: String?
    private let registered: Set<String>
    private let isChassisMissing: Bool
    /// More was unbound at once than tenants unbind.
    private let bindings: Loss
    /// More is gone from both databases at once than tenants delete.
    private let routers: Loss

    /// Milliseconds for which what is lost later belongs to the same loss.
    static let window: Int64 = 30_000

    /// Whether what is lost now, and is not held yet, is lost for a reason of the databases.
    private struct Loss {
        var isEvident = false
        /// When the loss began that it belongs to; nil: it begins now.
        var since: Int64?
        /// Those that are held for it already, by their ids.
        var held: Set<String> = []
    }

    /// - Parameter holds: until now.
    init(before: CloudView, told: CloudView, holds: [HeldObject: Hold], chassis: String?, now: Int64) {
        self.told = told
        self.chassis = chassis
        registered = Set(told.chassis.map(\.name))
        let old = before.chassis.first { $0.name == chassis }
        let new = told.chassis.first { $0.name == chassis }
        isChassisMissing = chassis != nil && new == nil
        isChassisShaken = isChassisMissing || old != nil && new != nil && old?.uuid != new?.uuid
        routers = Self.lostRouters(before, told, holds, now)
        bindings = Self.lostBindings(before, told, holds, now)
    }

    /// It was not read: what was known of it stands.
    var saysNothingOfNorthbound: Bool { told.northbound == nil }

    func lacksNorthbound(_ router: RouterView) -> Bool { told.northbound.map { !$0.has(router.id) } ?? false }

    /// A router that is gone from the southbound database. A tenant takes it from the northbound one first.
    func ofAbsence(of router: RouterView) -> Hold.Reason? {
        switch told.northbound?.has(router.id) {
        case true?: .southboundLacks
        case false?: areLost(router) ? .bothLack : nil
        // Without a witness only what no tenant does.
        case nil: areLost(router) ? .southboundLacks : nil
        }
    }

    private func areLost(_ router: RouterView) -> Bool { routers.isEvident || routers.held.contains(router.id) }

    /// When the loss began that something lost now belongs to; nil: it begins now.
    func beginning(of reason: Hold.Reason) -> Int64? {
        switch reason {
        case .bothLack: routers.since
        case .southboundLacks: saysNothingOfNorthbound ? routers.since : nil
        case .bindingsLost: bindings.since
        case .chassisMissing, .southboundRemade, .northboundLacks: nil
        }
    }

    /// Whether a VM's port that is bound nowhere may be there at all: the database lists it, or is being filled. Of a port that was deleted,
    /// Neutron gives the address to the next one, of whatever project.
    func mayExist(
        _ host: Host, _ router: (now: RouterView, before: RouterView), _ interface: (now: RouterInterface, before: RouterInterface),
        _ hold: Hold?
    ) -> Bool {
        let others = (interface.now.hosts + interface.now.unbound).filter { $0.logicalPort != host.logicalPort }
        guard !others.contains(where: { !Set($0.addresses).isDisjoint(with: host.addresses) }) else { return false }
        if let listed = interface.now.unbound.first(where: { $0.logicalPort == host.logicalPort }) {
            return listed.isDisabled != true && Set(listed.addresses).isSuperset(of: host.addresses)
        }
        if isRemade(router.now, router.before) { return true }
        // Once it is listed, the database has it again, and may lose it as any other.
        return hold?.reason == .southboundRemade && !interface.before.unbound.contains { $0.logicalPort == host.logicalPort }
    }

    /// A router without any port that had both kinds: Neutron takes ports away one by one, a database that is being filled has none yet. Where
    /// the northbound database has none either, a tenant took them.
    func isHollow(_ router: RouterView, _ former: RouterView) -> Bool {
        router.gateways.isEmpty && router.interfaces.isEmpty && !former.gateways.isEmpty && !former.interfaces.isEmpty
            && told.northbound?.ports[router.id] != 0
    }

    /// A gateway port of this node that is bound nowhere.
    func ofUnbinding(_ router: RouterView, _ former: RouterView) -> Hold.Reason? {
        if isRemade(router, former) { return .southboundRemade }
        if isChassisShaken { return .chassisMissing }
        return bindings.isEvident ? .bindingsLost : nil
    }

    /// A VM that is bound nowhere.
    func ofUnbinding(_ host: Host, _ router: RouterView, _ former: RouterView) -> Hold.Reason? {
        if isRemade(router, former) { return .southboundRemade }
        // While this node is not registered, others that are not may be there all the same.
        let isRegistered = host.chassis.map(registered.contains) ?? false
        if isChassisShaken && (host.chassis == chassis || isChassisMissing && !isRegistered) { return .chassisMissing }
        return bindings.isEvident ? .bindingsLost : nil
    }

    /// northd keeps the row of a router for as long as the router is there.
    private func isRemade(_ router: RouterView, _ former: RouterView) -> Bool { router.datapath != former.datapath }

    // MARK: - At once

    /// All of several, or most of many.
    private static func isMost(_ lost: Int, of all: Int, least: Int) -> Bool {
        lost >= 2 && lost == all || lost >= least && lost * 2 > all
    }

    private static func lostRouters(_ before: CloudView, _ told: CloudView, _ holds: [HeldObject: Hold], _ now: Int64) -> Loss {
        let gone = before.routers.filter { router in
            told.routers(id: router.id).isEmpty && told.northbound?.has(router.id) != true
        }
        let held = gone.compactMap { router in
            holds[.router(router.id)].flatMap { hold in
                hold.reason == .bothLack || hold.reason == .southboundLacks && told.northbound == nil
                    ? (id: router.id, since: hold.since) : nil
            }
        }
        var loss = Loss(since: beginning(held.map(\.since), now), held: Set(held.map(\.id)))
        let fresh = gone.count { !loss.held.contains($0.id) }
        // A router's gateway network outlives the router: where there is no network at all, nobody deleted a router.
        let isBare = told.networks.isEmpty && told.northbound?.networks ?? 0 == 0
        loss.isEvident = fresh > 0 && (isBare || loss.since != nil || isMost(fresh, of: before.routers.count - held.count, least: 3))
        return loss
    }

    /// A port that is deleted, or that an admin takes down, is not lost.
    private static func lostBindings(_ before: CloudView, _ told: CloudView, _ holds: [HeldObject: Hold], _ now: Int64) -> Loss {
        var (lost, all) = (0, 0)
        for former in before.routers {
            guard let router = told.routers(id: former.id).first else { continue }
            func isFree(_ port: String) -> Bool { holds[.host(router: router.id, port: port)] == nil }
            let ports = former.interfaces.reduce(into: Set<String>()) { ports, interface in
                for host in interface.hosts where isFree(host.logicalPort) { ports.insert(host.logicalPort) }
            }
            all += ports.count
            guard router.interfaces != former.interfaces else { continue }
            let unbound = router.interfaces.flatMap(\.unbound).filter { $0.isDisabled != true }
            lost += ports.intersection(unbound.map(\.logicalPort)).count
        }
        let since = beginning(holds.values.filter { $0.reason == .bindingsLost }.map(\.since), now)
        return Loss(isEvident: lost > 0 && since != nil || lost >= 5 && lost * 2 > all, since: since)
    }

    /// When a loss began that goes on; nil: there is none.
    private static func beginning(_ times: [Int64], _ now: Int64) -> Int64? { times.filter { now - $0 < window }.min() }
}
