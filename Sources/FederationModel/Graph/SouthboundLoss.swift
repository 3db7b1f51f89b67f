/// What a gateway does with its routes when it has not heard its cloud's southbound database for half a minute, while BGP goes on: OVN may have
/// moved its routers to another gateway since.
package enum SouthboundLoss: String, Hashable, Sendable, Codable, CaseIterable {
    /// It goes on advertising as before.
    case keep
    /// It asks the others to prefer other ways (RFC 8326). Where there is none, nothing changes.
    case drain
    /// It withdraws what it advertises for its routers.
    case withdraw
}
