import EVPN

/// Whether bgpd's default instance may be made where there is none.
///
/// When FRR starts, bgpd listens first, and its start script effects it the operator's configuration a moment later. An agent that is faster
/// would take the instance: were the operator's AS another one, his whole `router bgp` would be refused.
package struct InstanceWatch: Hashable, Sendable, Codable {
    /// Milliseconds that a bgpd without instance is left to others.
    package static let grace: Int64 = 10_000

    private var absentSince: Int64?

    package init() {}

    /// - Parameter routing: nil while bgpd cannot be asked. When it can be again, the time begins anew.
    package mutating func mayMake(_ routing: ObservedRouting?, at now: Int64) -> Bool {
        guard let routing, routing.asn == nil else {
            absentSince = nil
            return routing != nil
        }
        // A clock that was set back must not make the time longer.
        let since = min(absentSince ?? now, now)
        absentSince = since
        return now - since >= Self.grace
    }
}
