import EVPN
import Netlink
import NetworkTypes

/// Finds what others put before the routes of VRFs: routes in our tables, and rules that are asked before the VRF's table.
struct RouteOverrides {
    /// So many of one table are looked at.
    private static let most = 256

    private var found: [UInt32: [RouteOverride]] = [:]
    /// What VRFs forward to.
    private var destinations: [UInt32: [IPPrefix]] = [:]
    /// Tables of ours by the VRF that they are of, and by the devices that are in it.
    private let tables: [String: UInt32]
    private let rules: [Rule]

    /// - Parameters:
    ///   - routes: of our tables.
    ///   - rules: of both families, in the order in which they are asked.
    ///   - links: all devices.
    init(_ routes: [KernelRoute], _ rules: [Rule], links: [KernelLink]) {
        self.rules = rules
        let vrfs = Dictionary(
            links.compactMap { link -> (String, UInt32)? in
                guard case .vrf(let table) = link.kind, LocalNames.index(ofVRF: link.name) != nil else { return nil }
                return (link.name, table)
            }, uniquingKeysWith: { first, _ in first })
        tables = links.reduce(into: vrfs) { tables, link in
            if let table = link.master.flatMap({ vrfs[$0] }) { tables[link.name] = table }
        }
        var foreign: [UInt32: [KernelRoute]] = [:]
        for route in routes {
            if route.isOfVRF {
                destinations[route.table, default: []].append(route.prefix)
            } else if route.maySteal {
                foreign[route.table, default: []].append(route)
            }
        }
        for (table, routes) in foreign {
            found[table] = routes.prefix(Self.most).map { route in
                RouteOverride(
                    what: "route \(route.words) in table \(table)", prefix: route.prefix, removal: route.removal, metric: route.metric)
            }
        }
    }

    // MARK: - Rules

    /// The tables that rules ask before those of VRFs: what is in them decides whether they are in the way.
    var tablesAskedBefore: Set<UInt32> {
        Set(early.compactMap { if case .lookup(let table) = $0.action, !Self.leadsAnywhere($0) { table } else { nil } })
    }

    /// - Parameter others: the routes of `tablesAskedBefore`.
    func all(with others: [KernelRoute]) -> [UInt32: [RouteOverride]] {
        var all = found
        for (table, destinations) in destinations {
            let real = destinations.filter { $0.length > 0 }
            all[table, default: []] += early.compactMap { override($0, of: table, real, others) }
            all[table, default: []] += missing(for: real)
            if all[table]?.isEmpty == true { all[table] = nil }
        }
        return all
    }

    /// Those before the rule that asks the VRF's table, which packets of VRFs may match.
    private var early: [Rule] {
        AddressFamily.allCases.flatMap { family in
            let own = rules.filter { $0.family == family }
            return own.prefix { !$0.isL3Master }.filter { mayMatch($0) && decides($0, among: own) }
        }
    }

    /// What is asked for by a mark or by a device that is none of ours concerns others; what is asked for by `not` that concerns us.
    private func mayMatch(_ rule: Rule) -> Bool {
        rule.isInverted || !rule.isForMarked && [rule.inInterface, rule.outInterface].allSatisfy { $0.map { tables[$0] != nil } ?? true }
    }

    /// Whether a packet that matches may come to its end here, or miss the rule that asks the VRF's table.
    private func decides(_ rule: Rule, among own: [Rule]) -> Bool {
        switch rule.action {
        // The kernel's own `local` has addresses of the node only.
        case .lookup(let table): return table != 255
        case .blackhole, .unreachable, .prohibit: return true
        case .goTo(let priority):
            // One that leads to no rule is passed over.
            guard let master = own.first(where: \.isL3Master) else { return false }
            return priority > master.priority && own.contains { $0.priority == priority }
        case .nothing, .other: return false
        }
    }

    private static let mainTable: UInt32 = 254

    /// A node has a default route in the main table, or something else that is wider than what it is for.
    private static func leadsAnywhere(_ rule: Rule) -> Bool { rule.action == .lookup(table: mainTable) && rule.suppressedLength == nil }

    private func override(_ rule: Rule, of table: UInt32, _ destinations: [IPPrefix], _ others: [KernelRoute]) -> RouteOverride? {
        // Another VRF's table is others' for this one.
        guard rule.action != .lookup(table: table) else { return nil }
        if !rule.isInverted {
            for case let device? in [rule.inInterface, rule.outInterface] where tables[device] != table { return nil }
        }
        let family = destinations.filter { $0.family == rule.family }
        let matches: (IPPrefix) -> Bool = { destination in
            rule.isInverted || rule.destination?.overlaps(destination) ?? true
        }
        // Sources are tenants' addresses: those of this cloud or of others.
        guard rule.isInverted || rule.source.map({ source in family.contains { $0.overlaps(source) } }) ?? true,
            let taken = family.first(where: { matches($0) && leads(rule, to: $0, others) })
        else { return nil }
        let narrower = rule.destination.flatMap { !rule.isInverted && taken.contains($0) ? $0 : nil } ?? taken
        let command = rule.family == .ipv4 ? "ip rule" : "ip -6 rule"
        return RouteOverride(
            what: "rule \(rule.priority), “\(rule)”,", prefix: narrower, removal: "\(command) del pref \(rule.priority) \(rule)")
    }

    /// Whether a rule that matches has the last word on packets there.
    private func leads(_ rule: Rule, to destination: IPPrefix, _ others: [KernelRoute]) -> Bool {
        guard case .lookup(let table) = rule.action, !Self.leadsAnywhere(rule) else { return true }
        return others.contains { route in
            route.table == table && route.prefix.overlaps(destination) && route.kind != .other(9)
                && rule.suppressedLength.map { route.prefix.length > $0 } ?? true
        }
    }

    /// Without the rule that the kernel makes with the first VRF, no VRF's table is asked.
    private func missing(for destinations: [IPPrefix]) -> [RouteOverride] {
        guard !tables.isEmpty else { return [] }
        return AddressFamily.allCases.compactMap { family in
            let own = rules.filter { $0.family == family }
            guard !own.isEmpty, !own.contains(where: \.isL3Master), let first = destinations.first(where: { $0.family == family }) else {
                return nil
            }
            let command = family == .ipv4 ? "ip rule" : "ip -6 rule"
            return RouteOverride(
                what: "the main table, because the rule “l3mdev” is gone,", prefix: first, removal: "\(command) add l3mdev pref 1000")
        }
    }
}

extension KernelRoute {
    /// Ours, or learned by bgpd from another gateway.
    fileprivate var isOfVRF: Bool {
        protocolNumber == RouteProtocol.federation
            || protocolNumber == RouteProtocol.bgp
                && nextHops.first.map { LocalNames.index(in: $0.interface, stem: "fedbr") != nil } ?? false
    }

    /// Whether it could take packets from others. What the kernel adds for addresses of our devices comes and goes with those.
    fileprivate var maySteal: Bool {
        switch kind {
        case .unicast, .local:
            !(protocolNumber == RouteProtocol.kernel && nextHops.allSatisfy { LocalNames.isOurs($0.interface) })
        case .blackhole, .unreachable, .prohibit: true
        // `throw` ends the search in this table, and the next one is asked.
        case .other(let number): number == 9
        }
    }

    /// As ip-route(8) takes it.
    private var selector: String {
        let kindWord = kind == .unicast ? "" : "\(kind.word) "
        return "\(kindWord)\(prefix.length == 0 ? "default" : prefix.description)"
    }

    fileprivate var words: String {
        let hop = nextHops.first.map { hop in (hop.gateway.map { " via \($0)" } ?? "") + " dev \(hop.interface)" } ?? ""
        return "\(selector)\(hop)" + (metric > 0 ? " metric \(metric)" : "")
    }

    fileprivate var removal: String {
        "ip \(prefix.family == .ipv4 ? "" : "-6 ")route del \(selector) table \(table)" + (metric > 0 ? " metric \(metric)" : "")
    }
}
