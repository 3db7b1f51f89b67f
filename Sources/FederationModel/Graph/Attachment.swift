import NetworkTypes

/// A router, network or port of one cloud, joined to a VPN.
package struct Attachment: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    package var cloud: CloudName
    package var selector: AttachmentSelector
    /// All attachments of one cloud in one VPN have the same: they share a VRF.
    package var role: AttachmentRole
    package var advertise: Advertisement
    /// Rules for advertised prefixes; the first match decides, unmatched prefixes are denied. Empty: everything.
    package var export: [PrefixRule]

    package init(
        cloud: CloudName, selector: AttachmentSelector, role: AttachmentRole = .member, advertise: Advertisement = .hosts,
        export: [PrefixRule] = []
    ) {
        self.cloud = cloud
        self.selector = selector
        self.role = role
        self.advertise = advertise
        self.export = export
    }

    package var description: String { "\(cloud): \(selector)" }
    package static func < (a: Self, b: Self) -> Bool {
        (a.cloud, a.selector, a.role.rawValue) < (b.cloud, b.selector, b.role.rawValue)
    }
}

/// What a cloud is in the policy of a VPN.
package enum AttachmentRole: String, Hashable, Sendable, Codable, CaseIterable {
    /// Of a full or partial mesh; in a hub and spoke, a spoke.
    case member
    case hub
    case spoke
    /// A tap: learns and advertises nothing.
    case importOnly = "import-only"
    /// Advertises and learns nothing.
    case exportOnly = "export-only"
}

/// What is advertised of an attachment.
package struct Advertisement: OptionSet, Hashable, Sendable, Codable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Each bound address as a host route.
    package static let hosts = Advertisement(rawValue: 1)
    /// The subnets as they are.
    package static let subnets = Advertisement(rawValue: 2)
    /// The router's own static routes, but for default routes.
    package static let extraRoutes = Advertisement(rawValue: 4)

    /// Its words in the file.
    package static let words: [(name: String, value: Advertisement)] = [
        ("hosts", .hosts), ("subnets", .subnets), ("extra-routes", .extraRoutes),
    ]

    /// The words of what is in it.
    package var names: [String] { Self.words.filter { contains($0.value) }.map(\.name) }

    /// A list of words, as in the file.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = []
        for name in try container.decode([String].self) {
            guard let word = Self.words.first(where: { $0.name == name }) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "“\(name)” is nothing to advertise")
            }
            formUnion(word.value)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(names)
    }
}
