import OVN

/// What of the cloud is stored for an agent that starts later, and when it was.
struct RememberedCloud: Hashable, Sendable, Codable {
    /// Milliseconds between two writes: each VM that starts changes it.
    static let interval: Int64 = 10_000

    private var view: CloudView?
    /// Milliseconds since 1970.
    private var checkedAt: Int64?

    init(_ view: CloudView?) { self.view = view }

    /// - Parameter routers: the ids of those that are attached: the rest is not remembered.
    /// - Returns: what is to be stored now; nil: nothing.
    mutating func renew(_ cloud: CloudView?, routers: Set<String>, at now: Int64) -> CloudView? {
        if let checkedAt, (0..<Self.interval).contains(now - checkedAt) { return nil }
        checkedAt = now
        guard let attached = cloud?.part(of: routers), attached != view else { return nil }
        view = attached
        return attached
    }
}

extension CloudView {
    /// These routers with their networks, and all chassis.
    fileprivate func part(of routers: Set<String>) -> CloudView {
        let kept = self.routers.filter { routers.contains($0.id) }
        let needed = Set(kept.flatMap { $0.interfaces.map(\.network) + $0.gateways.map(\.network) }.compactMap { $0?.id })
        return CloudView(
            routers: kept, networks: networks.filter { needed.contains($0.identity.id) }, chassis: chassis,
            northbound: northbound.map { NorthboundCensus(routers: $0.routers.intersection(routers), networks: $0.networks) })
    }
}
