import NetworkTypes

/// Who reaches whom inside a VPN. Each pattern compiles to route targets, and is shown back as the pattern that it is.
package enum VPNPolicy: Hashable, Sendable, Codable {
    /// Each member each other: one route target, imported and exported by all.
    case fullMesh
    /// Hubs reach everybody, spokes reach hubs only: two route targets (RFC 4364, section 4.3.5).
    ///
    /// `transit` are prefixes that the hubs originate themselves, so that spokes reach each other through them; empty: they do not.
    case hubAndSpoke(transit: [IPPrefix])
    /// Clouds reach each other along edges: one export target per cloud, imports by edges.
    case partialMesh([PolicyEdge])

    /// Its name in the file.
    package enum Pattern: String, Hashable, Sendable, Codable, CaseIterable {
        case fullMesh = "full-mesh"
        case hubAndSpoke = "hub-and-spoke"
        case partialMesh = "partial-mesh"
    }

    package var pattern: Pattern {
        switch self {
        case .fullMesh: .fullMesh
        case .hubAndSpoke: .hubAndSpoke
        case .partialMesh: .partialMesh
        }
    }

    /// What hubs originate on behalf of spokes.
    package var transit: [IPPrefix] {
        if case .hubAndSpoke(let transit) = self { transit } else { [] }
    }

    /// What joins the clouds of a partial mesh.
    package var edges: [PolicyEdge] { if case .partialMesh(let edges) = self { edges } else { [] } }
}

/// An edge of a partial mesh.
package struct PolicyEdge: Hashable, Sendable, Codable {
    package var from: CloudPick
    package var to: CloudPick
    /// Whether routes go only from `from` to `to`; otherwise in both directions.
    package var isOneWay: Bool

    package init(from: CloudPick, to: CloudPick, isOneWay: Bool = false) {
        self.from = from
        self.to = to
        self.isOneWay = isOneWay
    }
}

/// One cloud by its name, or all that bear labels.
package enum CloudPick: Hashable, Sendable, Codable {
    case cloud(CloudName)
    /// All of these labels, with these values; never empty.
    case labels(Labels)

    /// Whether the cloud matches.
    package func picks(_ name: CloudName, _ cloud: Cloud) -> Bool {
        switch self {
        case .cloud(let picked): picked == name
        case .labels(let labels): labels.allSatisfy { cloud.labels[$0.key] == $0.value }
        }
    }
}

/// Words that an admin hangs on clouds and VPNs: `region: eu`. Keys and values have 1 to 63 letters, digits, `-`, `_` or `.`.
package typealias Labels = [String: String]
