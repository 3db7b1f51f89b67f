import FederationModel
import NetworkTypes

/// Recent changes of a gateway's report that another gateway's report may not show yet.
///
/// Two gateways are read at different moments. A prefix withdrawn by one stays in the other's report until its next report,
/// and a new one may be reported by the receiver before the sender. Times are milliseconds since 1970 by the coordinator's clock.
package struct ReportMoments: Hashable, Sendable, Codable {
    package private(set) var received = ReceivedMoments()
    private var vpns: [VPNName: VPNMoments] = [:]

    package init() {}

    /// The maximum distance of reports in milliseconds: the lifetime of one.
    package static let grace = GatewayObservation.lifetime

    package subscript(vpn: VPNName) -> VPNMoments { vpns[vpn] ?? VPNMoments() }

    /// Records routes that replace others.
    package mutating func tell(received routes: [ReceivedRoute], after former: [ReceivedRoute], at now: Int64) {
        received.tell(routes, after: former, at: now)
    }

    /// Records a report on a VPN that replaces another.
    package mutating func tell(_ report: VPNReport, after former: VPNReport?, at now: Int64) {
        vpns[report.name, default: VPNMoments()].tell(report, after: former, at: now)
    }

    /// Removes a VPN that the gateway no longer reports.
    package mutating func forget(_ vpn: VPNName) { vpns[vpn] = nil }

    func isYoung(_ route: ReceivedRoute, at now: Int64) -> Bool { received.youth(of: route, at: now) != nil }

    func wasWithdrawn(_ prefix: IPPrefix, of vpn: VPNName, at now: Int64) -> Bool { self[vpn].withdrawal(of: prefix, at: now) != nil }
}

/// Recent changes of a report on one VPN.
package struct VPNMoments: Hashable, Sendable, Codable {
    /// Prefixes that the gateway no longer advertises, with the times.
    private(set) var withdrawn: [IPPrefix: Int64] = [:]
    /// The time of the last report.
    private var toldAt: Int64?

    package init() {}

    mutating func tell(_ report: VPNReport, after former: VPNReport?, at now: Int64) {
        toldAt = now
        if !withdrawn.isEmpty { withdrawn = withdrawn.filter { now - $0.value < ReportMoments.grace } }
        guard let former, former.expected != report.expected else { return }
        for prefix in Set(former.expected).subtracting(report.expected) { withdrawn[prefix] = now }
    }

    /// Until when the report is too recent to be compared with others; nil: it is not.
    func youth(at now: Int64) -> Int64? { end(of: toldAt, at: now) }

    /// Until when others may still have the prefix; nil: they may not.
    func withdrawal(of prefix: IPPrefix, at now: Int64) -> Int64? { end(of: withdrawn[prefix], at: now) }
}

/// Routes that arrived a moment ago.
package struct ReceivedMoments: Hashable, Sendable, Codable {
    /// The identity of a route, whatever else changes.
    private struct Key: Hashable, Sendable, Codable {
        var prefix: IPPrefix
        var distinguisher: RouteDistinguisher
        var nextHop: IPAddress
        var originAS: UInt32?

        init(_ route: ReceivedRoute) {
            prefix = route.prefix
            distinguisher = route.routeDistinguisher
            nextHop = route.nextHop
            originAS = route.asPath.last
        }
    }

    /// With their arrival times.
    private var arrivals: [Key: Int64] = [:]

    package init() {}

    mutating func tell(_ routes: [ReceivedRoute], after former: [ReceivedRoute], at now: Int64) {
        let young = arrivals.filter { now - $0.value < ReportMoments.grace }
        guard routes != former else {
            arrivals = young
            return
        }
        let known = Set(former.map(Key.init))
        arrivals = [:]
        for key in routes.lazy.map(Key.init) {
            if let time = young[key] { arrivals[key] = time } else if !known.contains(key) { arrivals[key] = now }
        }
    }

    /// Until when the origin may not have reported the route yet; nil: it should have.
    func youth(of route: ReceivedRoute, at now: Int64) -> Int64? {
        arrivals.isEmpty ? nil : end(of: arrivals[Key(route)], at: now)
    }
}

/// When the grace ends that began then; nil if it has.
private func end(of moment: Int64?, at now: Int64) -> Int64? {
    moment.flatMap { now - $0 < ReportMoments.grace ? $0 + ReportMoments.grace : nil }
}
