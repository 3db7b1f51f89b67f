import NetworkTypes

/// A tenant network that clouds share: one VNI, one VRF on each gateway.
package struct VPN: Hashable, Sendable, Codable {
    /// Nil: allocated.
    package var vni: VNI?
    /// The one target of a full mesh, or the hubs' of a hub and spoke. Nil: allocated.
    package var routeTarget: RouteTarget?
    package var kind: VPNKind
    /// The OpenStack project that owns it, by name or id; for people and for checks.
    package var project: String?
    package var labels: Labels
    package var policy: VPNPolicy
    /// In the order of the file, which means nothing.
    package var attachments: [Attachment]
    /// Raw targets in addition to the policy's, to connect another fabric; every member imports or exports them.
    package var importTargets: [RouteTarget]
    package var exportTargets: [RouteTarget]
    /// The prefixes that members accept and advertise. Empty: everything.
    package var importFilter: [PrefixRule]
    package var exportFilter: [PrefixRule]
    /// The maximum number of prefixes per gateway. Nil: its cloud's limit.
    package var maximumPrefixes: Int?
    /// The maximum number of prefixes that each gateway takes from the other clouds together. Nil: its cloud's limit.
    package var maximumLearned: Int?
    /// Of these, from one other cloud. Nil: its cloud's limit.
    package var maximumLearnedPerOrigin: Int?
    /// Of routes that members learn (RFC 4271, section 5.1.5); bgpd's own is 100.
    package var localPreference: UInt32?
    /// Prefixes that more than one cloud may have, because they are one service at many places.
    package var anycast: [IPPrefix]
    /// The largest packet that it carries between clouds, in bytes. Nil: each gateway carries what its underlay leaves.
    package var mtu: Int?
    /// Clouds may have overlapping prefixes of any kind.
    package var allowsOverlap: Bool
    package var shares: [Share]
    /// VTEPs of other fabrics whose routes members accept; no other routes from outside of the federation are accepted.
    /// In the order of the file, which means nothing.
    package var externalOrigins: [RouteOrigin] {
        get { foreignOrigins ?? [] }
        set { foreignOrigins = newValue.isEmpty ? nil : newValue }
    }
    /// Nil means none: graphs stored by older releases do not have it.
    private var foreignOrigins: [RouteOrigin]?

    package init(
        vni: VNI? = nil, routeTarget: RouteTarget? = nil, kind: VPNKind = .l3, project: String? = nil, labels: Labels = [:],
        policy: VPNPolicy = .fullMesh, attachments: [Attachment] = [], importTargets: [RouteTarget] = [], exportTargets: [RouteTarget] = [],
        importFilter: [PrefixRule] = [], exportFilter: [PrefixRule] = [], maximumPrefixes: Int? = nil,
        maximumLearned: Int? = nil, maximumLearnedPerOrigin: Int? = nil, localPreference: UInt32? = nil, mtu: Int? = nil,
        anycast: [IPPrefix] = [], allowsOverlap: Bool = false, shares: [Share] = [],
        externalOrigins: [RouteOrigin] = []
    ) {
        self.vni = vni
        self.routeTarget = routeTarget
        self.kind = kind
        self.project = project
        self.labels = labels
        self.policy = policy
        self.attachments = attachments
        self.importTargets = importTargets
        self.exportTargets = exportTargets
        self.importFilter = importFilter
        self.exportFilter = exportFilter
        self.maximumPrefixes = maximumPrefixes
        self.maximumLearned = maximumLearned
        self.maximumLearnedPerOrigin = maximumLearnedPerOrigin
        self.localPreference = localPreference
        self.mtu = mtu
        self.anycast = anycast
        self.allowsOverlap = allowsOverlap
        self.shares = shares
        foreignOrigins = externalOrigins.isEmpty ? nil : externalOrigins
    }

    /// From the minimum of IPv6 (RFC 8200, section 5) to what the largest underlay leaves.
    package static let mtuRange = 1280...Cloud.underlayMTURange.upperBound - Cloud.vxlanOverhead

    /// What a gateway takes where neither the VPN nor its cloud says it: more than a gateway of any size that was tested needs, and less than
    /// what makes it slow.
    package static let defaultMaximumLearned = 20_000
    package static let defaultMaximumLearnedPerOrigin = 5_000

    /// The clouds of the VPN.
    package var clouds: Set<CloudName> { Set(attachments.map(\.cloud)) }
}

/// What of the tenant is carried between clouds.
package enum VPNKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Routed: EVPN type-5 routes (RFC 9136).
    case l3
}
