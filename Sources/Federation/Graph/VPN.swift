import NetworkTypes

/// A tenant network that clouds share: one VNI, one VRF on each gateway.
package struct VPN: Hashable, Sendable, Codable {
    /// Nil: allocated.
    package var vni: VNI?
    /// The one target of a full mesh, imported and exported by every member. Nil: allocated.
    package var routeTarget: RouteTarget?
    package var kind: VPNKind
    package var policy: VPNPolicy
    /// In the order of the file, which means nothing.
    package var attachments: [Attachment]

    package init(
        vni: VNI? = nil, routeTarget: RouteTarget? = nil, kind: VPNKind = .l3, policy: VPNPolicy = .fullMesh,
        attachments: [Attachment] = []
    ) {
        self.vni = vni
        self.routeTarget = routeTarget
        self.kind = kind
        self.policy = policy
        self.attachments = attachments
    }

    /// The clouds that take part.
    package var clouds: Set<CloudName> { Set(attachments.map(\.cloud)) }
}

package enum VPNKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// Routed: EVPN type-5 routes (RFC 9136).
    case l3
}

/// Who reaches whom inside a VPN.
package enum VPNPolicy: String, Hashable, Sendable, Codable, CaseIterable {
    /// Each member each other.
    case fullMesh = "full-mesh"
}

/// A router or network of one cloud, joined to a VPN.
package struct Attachment: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package var cloud: CloudName
    package var selector: AttachmentSelector

    package init(cloud: CloudName, selector: AttachmentSelector) {
        self.cloud = cloud
        self.selector = selector
    }

    package var description: String { "\(cloud): \(selector)" }
    package static func < (a: Self, b: Self) -> Bool { (a.cloud, a.selector) < (b.cloud, b.selector) }
}
