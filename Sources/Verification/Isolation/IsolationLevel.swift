/// What a proof of isolation rests on; each level includes those before.
package enum IsolationLevel: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    /// The compiled route targets only: what gateways really have is not known.
    case intent
    /// What bgpd of each gateway has in force, by the agents’ reports.
    case configuration
    /// Each route in the VRFs, too.
    case routes

    package static func < (a: Self, b: Self) -> Bool { a.order < b.order }

    private var order: Int {
        switch self {
        case .intent: 0
        case .configuration: 1
        case .routes: 2
        }
    }
}

/// The result for a VPN, or for all.
package enum IsolationState: String, Hashable, Sendable, Codable, CaseIterable {
    case proven
    /// There is an import path that no policy allows.
    case violated
    /// None is known, but not everything was seen: a gateway does not report, or a route is nobody’s. Never counts as proven.
    case unknown
}
