import FederationModel
import NetworkTypes

/// What changed in a gateway's report so lately that another gateway's report need not know of it yet.
///
/// Two gateways are read at different moments. A prefix that one has withdrawn stands in the other's report until that is made anew,
/// and a new one may be seen where it arrives before it is where it comes from. Times are milliseconds since 1970 by the coordinator's clock.
package struct ReportMoments: Hashable, Sendable {
    /// What makes a route the same one, whatever else of it changes.
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

    /// Received routes that were not there before, by when they came.
    private var received: [Key: Int64] = [:]
    /// Prefixes that the gateway was to advertise and is no longer, by when.
    private var withdrawn: [VPNName: [IPPrefix: Int64]] = [:]
    /// When the report on a VPN was last told.
    private var toldAt: [VPNName: Int64] = [:]

    package init() {}

    /// How far apart reports may be, in milliseconds: as long as one counts.
    package static let grace = Testimony.lifetime

    /// Takes the routes that are told in place of others.
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

    /// Takes a report on a VPN that is told in place of another.
    package mutating func tell(_ report: VPNReport, after former: VPNReport?, at now: Int64) {
        toldAt[report.name] = now
        var gone = (withdrawn[report.name] ?? [:]).filter { now - $0.value < Self.grace }
        if let former, former.expected != report.expected {
            for prefix in Set(former.expected).subtracting(report.expected) { gone[prefix] = now }
        }
        withdrawn[report.name] = gone.isEmpty ? nil : gone
    }

    /// The gateway says nothing of a VPN any longer.
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
