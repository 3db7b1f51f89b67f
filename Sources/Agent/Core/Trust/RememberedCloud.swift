import FederationModel
import OVN

/// What is stored of the cloud, by which an agent that starts judges what the databases say.
package struct RememberedCloud: Hashable, Sendable {
    /// What is attached, as it was believed.
    package var view: CloudView
    /// Until when the southbound database was heard: milliseconds since 1970.
    package var believedAt: Int64
    /// What of it was held then.
    package var holds: [HeldObject: Hold]
    /// The VPN that each router was found to belong to, by the router's id, however long ago; nil: none.
    package var owners: [String: VPNName]?

    /// Milliseconds after which it says nothing of the cloud any more: longer than a restart of a node.
    package static let lifetime: Int64 = 600_000

    package init(view: CloudView, believedAt: Int64, holds: [HeldObject: Hold] = [:], owners: [String: VPNName]? = nil) {
        self.view = view
        self.believedAt = believedAt
        self.holds = holds
        self.owners = owners
    }
}

/// The same is always written the same: a recording is compared byte by byte.
extension RememberedCloud: Codable {
    private enum CodingKeys: String, CodingKey {
        case view, believedAt, holds, owners
    }

    private struct Entry: Codable {
        var object: HeldObject
        var hold: Hold
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let entries = try container.decode([Entry].self, forKey: .holds)
        self.init(
            view: try container.decode(CloudView.self, forKey: .view), believedAt: try container.decode(Int64.self, forKey: .believedAt),
            holds: Dictionary(entries.map { ($0.object, $0.hold) }, uniquingKeysWith: { first, _ in first }),
            owners: try container.decodeIfPresent([String: VPNName].self, forKey: .owners))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(view, forKey: .view)
        try container.encode(believedAt, forKey: .believedAt)
        try container.encode(holds.sorted { $0.key < $1.key }.map { Entry(object: $0, hold: $1) }, forKey: .holds)
        try container.encodeIfPresent(owners, forKey: .owners)
    }
}

/// When what is believed of the cloud is stored anew.
struct CloudMemory: Hashable, Sendable, Codable {
    /// Milliseconds between two writes: each VM that starts changes it.
    static let interval: Int64 = 10_000
    /// Milliseconds after which the same is stored once more where the database is heard, so that its age is that of the agent's end.
    static let renewal: Int64 = 60_000

    private var stored: RememberedCloud?
    private var checkedAt: Int64?

    init(_ stored: RememberedCloud?) { self.stored = stored }

    /// - Parameters:
    ///   - routers: the ids of those that are attached: of the rest nothing is remembered but whose they are.
    ///   - owners: the VPN of each router, by its id.
    ///   - heardAt: until when the southbound database was heard.
    /// - Returns: what is to be stored now; nil: nothing.
    mutating func renew(_ trust: CloudTrust, routers: Set<String>, owners: [String: VPNName]?, heardAt: Int64, at now: Int64)
        -> RememberedCloud?
    {
        if let checkedAt, (0..<Self.interval).contains(now - checkedAt) { return nil }
        checkedAt = now
        guard var current = trust.memory(of: routers, heardAt: heardAt) else { return nil }
        current.owners = owners
        if let stored, stored.view == current.view, stored.holds == current.holds, stored.owners == current.owners,
            (0..<Self.renewal).contains(heardAt - stored.believedAt)
        {
            return nil
        }
        stored = current
        return current
    }
}

extension CloudView {
    /// These routers with their networks, and all chassis.
    func part(of routers: Set<String>) -> CloudView {
        let kept = self.routers.filter { routers.contains($0.id) }
        let needed = Set(kept.flatMap { $0.interfaces.map(\.network) + $0.gateways.map(\.network) }.compactMap { $0?.id })
        return CloudView(
            routers: kept, networks: networks.filter { needed.contains($0.identity.id) }, chassis: chassis,
            northbound: northbound.map { NorthboundCensus(ports: $0.ports.filter { routers.contains($0.key) }, networks: $0.networks) },
            listed: listed)
    }
}
