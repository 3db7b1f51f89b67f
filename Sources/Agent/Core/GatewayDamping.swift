import EVPN
import NetworkTypes

/// Gateway ports that go back and forth between chassis: whoever told of each move would have all clouds learn and forget the same routes
/// again and again. A router that came here too often is not advertised before it has stayed for a while; one that goes is withdrawn at
/// once, so that two nodes never advertise it.
struct GatewayDamping: Hashable, Sendable, Codable {
    /// So many arrivals within the window, in milliseconds, are no flapping: failover tests of an operator are not, nor is a preemption.
    static let tolerated = 4
    static let window: Int64 = 60_000
    /// How long a gateway port must stay that came too often: milliseconds.
    static let calm: Int64 = 10_000

    /// Nil: nothing was placed here yet. What is here when the agent starts did not arrive.
    private var hosted: Set<String>?
    /// When routers came here, within the window, by OpenStack id.
    private var arrivals: [String: [Int64]] = [:]

    /// Marks the routers that are to wait.
    /// - Returns: when the first of these waits ends, in milliseconds since 1970; nil: there is none.
    mutating func settle(_ routers: inout [HostedRouter], at now: Int64) -> Int64? {
        let here = Set(routers.map(\.id))
        for router in here.subtracting(hosted ?? here) { arrivals[router, default: []].append(now) }
        hosted = here
        // A clock that was set back must not make the time longer.
        arrivals = arrivals.mapValues { times in times.filter { $0 <= now && now - $0 < Self.window } }.filter { !$0.value.isEmpty }
        var next: Int64?
        for index in routers.indices {
            guard let times = arrivals[routers[index].id], times.count > Self.tolerated, let last = times.max(), now - last < Self.calm
            else { continue }
            routers[index].isFlapping = true
            next = min(next ?? .max, last + Self.calm)
        }
        return next
    }
}
