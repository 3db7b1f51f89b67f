import FederationModel
import NetworkTypes

/// Recent changes of a gateway's report that another gateway's report may not show yet.
///
/// Two gateways are read at different moments. A prefix withdrawn by one stays in the other's report until its next report,
/// and a new one may be reported by the receiver before the sender. Times are milliseconds since 1970 by the coordinator's clock.
package struct ReportMoments: Hashable, Sendable {
    /// The identity of a route, whatever else changes.
    private struct Key: Hashable, Sendable {
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

    /// New received routes, with their arrival times.
    private var received: [Key: Int64] = [:]
    /// Prefixes that the gateway no longer advertises, with the times.
    private var withdrawn: [VPNName: [IPPrefix: Int64]] = [:]
    /// The time of the last report on each VPN.
    private var toldAt: [VPNName: Int64] = [:]

    package init() {}

    /// The maximum distance of reports in milliseconds: the lifetime of one.
    package static let grace = GatewayObservation.lifetime

    /// Records routes that replace others.
    package mutating func tell(received routes: [ReceivedRoute], after former: [ReceivedRoute], at now: Int64) {
        let young = received.filter { now - $0.value < Self.grace }
        guard routes != former else {
            received = young
            return
        }
        let known = Set(former.map(Key.init))
        received = [:]
        for key in routes.lazy.map(Key.init) {
            if let time = young[key] { received[key] = time } else if !known.contains(key) { received[key] = now }
        }
    }

    /// Records a report on a VPN that replaces another.
    package mutating func tell(_ report: VPNReport, after former: VPNReport?, at now: Int64) {
        toldAt[report.name] = now
        var gone = (withdrawn[report.name] ?? [:]).filter { now - $0.value < Self.grace }
        if let former, former.expected != report.expected {
            for prefix in Set(former.expected).subtracting(report.expected) { gone[prefix] = now }
        }
        withdrawn[report.name] = gone.isEmpty ? nil : gone
    }

    /// Removes a VPN that the gateway no longer reports.
    package mutating func forget(_ vpn: VPNName) {
        withdrawn[vpn] = nil
        toldAt[vpn] = nil
    }

    func isYoung(_ route: ReceivedRoute, at now: Int64) -> Bool { received[Key(route)].map { now - $0 < Self.grace } ?? false }

    func isYoung(_ vpn: VPNName, at now: Int64) -> Bool { toldAt[vpn].map { now - $0 < Self.grace } ?? false }

    func wasWithdrawn(_ prefix: IPPrefix, of vpn: VPNName, at now: Int64) -> Bool {
        withdrawn[vpn]?[prefix].map { now - $0 < Self.grace } ?? false
    }
}
