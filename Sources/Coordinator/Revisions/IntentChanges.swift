import FederationModel

/// When what gateways are to do in each VPN last changed. Pure: times are milliseconds since 1970.
struct IntentChanges: Sendable {
    /// What the gateways of a VPN are told of it; their bases, too, because AS and VTEP stand there.
    private typealias Versions = [GatewayID: [ResourceVersion]]

    private var versions: [VPNName: Versions]
    private var changedAt: [VPNName: Int64] = [:]
    private var number: UInt64

    /// Everything is as old as the revision.
    init(_ revision: Revision) {
        versions = Self.versions(of: revision)
        number = revision.number
        for vpn in versions.keys { changedAt[vpn] = revision.appliedAt }
    }

    /// A later revision is put in force; of an earlier one nothing is taken.
    mutating func take(_ revision: Revision, at now: Int64) {
        guard revision.number > number else { return }
        number = revision.number
        let next = Self.versions(of: revision)
        for (vpn, told) in next where versions[vpn] != told { changedAt[vpn] = now }
        for vpn in versions.keys where next[vpn] == nil { changedAt[vpn] = nil }
        versions = next
    }

    /// Of each VPN.
    var times: [VPNName: Int64] { changedAt }

    private static func versions(of revision: Revision) -> [VPNName: Versions] {
        var found: [VPNName: Versions] = [:]
        for (gateway, intent) in revision.intents {
            for (name, vpn) in intent.vpns { found[name, default: [:]][gateway] = [intent.base.version, vpn.version] }
        }
        return found
    }
}
