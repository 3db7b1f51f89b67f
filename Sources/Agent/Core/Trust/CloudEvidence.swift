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
    private let hasLostBindings: Bool
    /// More is gone from both databases at once than tenants delete.
    private let haveBothLost: Bool

    init(before: CloudView, told: CloudView, holds: [HeldObject: Hold], chassis: String?) {
        self.told = told
        self.chassis = chassis
        registered = Set(told.chassis.map(\.name))
        let old = before.chassis.first { $0.name == chassis }
        let new = told.chassis.first { $0.name == chassis }
        isChassisMissing = chassis != nil && new == nil
        isChassisShaken = isChassisMissing || old != nil && new != nil && old?.uuid != new?.uuid
        haveBothLost = Self.haveBothLost(before, told, holds)
        hasLostBindings = Self.haveLostBindings(before, told, holds)
    }

    /// It was not read: what was known of it stands.
    var saysNothingOfNorthbound: Bool { told.northbound == nil }

    func lacksNorthbound(_ router: RouterView) -> Bool { told.northbound.map { !$0.routers.contains(router.id) } ?? false }

    /// A router that is gone from the southbound database. A tenant takes it from the northbound one first.
    func ofAbsence(of router: RouterView) -> Hold.Reason? {
        switch told.northbound?.routers.contains(router.id) {
        case true?: .southboundLacks
        case false?: haveBothLost ? .bothLack : nil
        // Without a witness only what no tenant does.
        case nil: haveBothLost ? .southboundLacks : nil
        }
    }

    /// A router without any port that had both kinds: Neutron takes ports away one by one, a database that is being filled has none yet.
    static func isHollow(_ router: RouterView, _ former: RouterView) -> Bool {
        router.gateways.isEmpty && router.interfaces.isEmpty && !former.gateways.isEmpty && !former.interfaces.isEmpty
    }

    /// A gateway port of this node that is bound nowhere.
    func ofUnbinding(_ router: RouterView, _ former: RouterView) -> Hold.Reason? {
        if isRemade(router, former) { return .southboundRemade }
        if isChassisShaken { return .chassisMissing }
        return hasLostBindings ? .bindingsLost : nil
    }

    /// A VM that is bound nowhere.
    func ofUnbinding(_ host: Host, _ router: RouterView, _ former: RouterView) -> Hold.Reason? {
        if isRemade(router, former) { return .southboundRemade }
        // While this node is not registered, others that are not may be there all the same.
        let isRegistered = host.chassis.map(registered.contains) ?? false
        if isChassisShaken && (host.chassis == chassis || isChassisMissing && !isRegistered) { return .chassisMissing }
        return hasLostBindings ? .bindingsLost : nil
    }

    /// northd keeps the row of a router for as long as the router is there.
    private func isRemade(_ router: RouterView, _ former: RouterView) -> Bool { router.datapath != former.datapath }

    // MARK: - At once

    /// All of several, or most of many.
    private static func isMost(_ lost: Int, of all: Int, least: Int) -> Bool {
        lost >= 2 && lost == all || lost >= least && lost * 2 > all
    }

    private static func haveBothLost(_ before: CloudView, _ told: CloudView, _ holds: [HeldObject: Hold]) -> Bool {
        let gone = before.routers.filter { router in
            told.routers(id: router.id).isEmpty && told.northbound?.routers.contains(router.id) != true
        }
        guard !gone.isEmpty else { return false }
        // A router's gateway network outlives the router: where there is no network at all, nobody deleted a router.
        if told.networks.isEmpty && told.northbound?.networks ?? 0 == 0 { return true }
        // What goes while others are held for that belongs to it.
        if holds.values.contains(where: { $0.reason == .bothLack }) { return true }
        return isMost(gone.count, of: before.routers.count, least: 3)
    }

    private static func haveLostBindings(_ before: CloudView, _ told: CloudView, _ holds: [HeldObject: Hold]) -> Bool {
        var (lost, all) = (0, 0)
        for former in before.routers {
            guard let router = told.routers(id: former.id).first else { continue }
            let ports = former.interfaces.reduce(into: Set<String>()) { ports, interface in
                for host in interface.hosts { ports.insert(host.logicalPort) }
            }
            all += ports.count
            guard router.interfaces != former.interfaces else { continue }
            let bound = Set(router.interfaces.flatMap { $0.hosts.map(\.logicalPort) })
            lost += ports.subtracting(bound).count { holds[.host(router: router.id, port: $0)] == nil }
        }
        if lost > 0, holds.values.contains(where: { $0.reason == .bindingsLost }) { return true }
        return lost >= 5 && lost * 2 > all
    }
}
