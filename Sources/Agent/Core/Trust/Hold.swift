/// Something of the cloud that is kept as it was last seen, although the databases do not have it so any more.
package enum HeldObject: Hashable, Sendable, Codable {
    /// A router that is gone, by its id.
    case router(String)
    /// A gateway port of it that is bound nowhere, by its name.
    case gateway(router: String, port: String)
    /// A VM behind it that is bound nowhere, by the name of its port.
    case host(router: String, port: String)
    /// Its name, labels, NAT rules and static routes: the northbound database has no such router.
    case northbound(String)

    /// The id of the router that it is or belongs to.
    package var router: String {
        switch self {
        case .router(let id), .gateway(let id, _), .host(let id, _), .northbound(let id): id
        }
    }
}

extension HeldObject: Comparable {
    package static func < (a: Self, b: Self) -> Bool { (a.router, a.rank, a.port) < (b.router, b.rank, b.port) }

    private var rank: Int {
        switch self {
        case .router: 0
        case .gateway: 1
        case .host: 2
        case .northbound: 3
        }
    }

    private var port: String {
        switch self {
        case .gateway(_, let port), .host(_, let port): port
        case .router, .northbound: ""
        }
    }
}

/// Why something is held, and since when.
package struct Hold: Hashable, Sendable, Codable {
    package enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        /// This node's own chassis is not registered, or was registered anew: what was bound here is bound nowhere.
        case chassisMissing
        /// The southbound database lacks what the northbound one has.
        case southboundLacks
        /// The southbound rows were made anew, and are not bound yet.
        case southboundRemade
        /// Most of what was bound is bound nowhere at once.
        case bindingsLost
        /// The northbound database lacks what the southbound one has.
        case northboundLacks
        /// Both databases lost most of their routers at once.
        case bothLack

        /// Milliseconds for which the last good state is believed. ovn-controller takes seconds to come back, a database that is filled anew
        /// minutes.
        package var limit: Int64 { self == .chassisMissing ? 120_000 : 300_000 }

        /// Once begun, it lasts until the object is back or the limit is over. The others end when their evidence does.
        var lasts: Bool {
            switch self {
            case .chassisMissing, .southboundRemade, .bindingsLost, .bothLack: true
            case .southboundLacks, .northboundLacks: false
            }
        }
    }

    package var reason: Reason
    /// Milliseconds since 1970.
    package var since: Int64

    package init(reason: Reason, since: Int64) {
        self.reason = reason
        self.since = since
    }

    func isOver(at now: Int64) -> Bool { now - since >= reason.limit }
}
