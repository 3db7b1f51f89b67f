import NetworkTypes

/// A VRF of the node’s bgpd that is of no VPN of the gateway’s intent: the operator’s, another program’s, or left over.
package struct ForeignVRF: Hashable, Sendable, Codable, Comparable {
    /// As bgpd calls it; its default instance is `default`.
    package var name: String
    /// Of its BGP instance; nil: it has that of the default one.
    package var asn: ASN?
    /// Its L3VNI; nil: it has none.
    package var vni: VNI?
    /// In force in bgpd, sorted, whoever configured them. FRR’s automatic import, and a wildcard of later releases, have the AS 0
    /// (`RouteTarget.isWildcard`).
    package var importTargets: [RouteTarget]
    package var exportTargets: [RouteTarget]
    /// VRFs whose routes bgpd copies into it (`import vrf`). Sorted.
    package var importedVRFs: [LocalVRF]

    package init(
        name: String, asn: ASN? = nil, vni: VNI? = nil, importTargets: [RouteTarget] = [], exportTargets: [RouteTarget] = [],
        importedVRFs: [LocalVRF] = []
    ) {
        self.name = name
        self.asn = asn
        self.vni = vni
        self.importTargets = importTargets
        self.exportTargets = exportTargets
        self.importedVRFs = importedVRFs
    }

    package static func < (a: Self, b: Self) -> Bool { a.name < b.name }

    /// Whether routes come in or go out: nothing else of it concerns anybody.
    package var exchanges: Bool { !importTargets.isEmpty || !exportTargets.isEmpty || !importedVRFs.isEmpty }
}

/// A VRF as another VRF of the same node names it. Coded as text: `vpn/blue`, `vrf/customer`.
package enum LocalVRF: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// One of the gateway’s intent.
    case vpn(VPNName)
    case foreign(String)

    /// `VPN blue`, `VRF customer`
    package var description: String {
        switch self {
        case .vpn(let name): "VPN \(name)"
        case .foreign(let name): "VRF \(printable(name))"
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .vpn(let name): try container.encode("vpn/\(name)")
        case .foreign(let name): try container.encode("vrf/\(name)")
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        if text.hasPrefix("vpn/"), let name = VPNName(String(text.dropFirst(4))) {
            self = .vpn(name)
        } else if text.hasPrefix("vrf/") {
            self = .foreign(String(text.dropFirst(4)))
        } else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "neither vpn/NAME nor vrf/NAME")
        }
    }
}

/// All foreign VRFs of a node that exchange routes with others.
package struct ForeignVRFs: Hashable, Sendable, Codable {
    /// By name, `limit` at most.
    package var vrfs: [ForeignVRF]
    /// How many more there are, or were sent with a part of their targets: what these do is not known.
    package var omitted: Int

    package static let limit = 1_000

    package init(_ vrfs: [ForeignVRF] = [], omitted: Int = 0) {
        self.vrfs = vrfs
        self.omitted = omitted
    }

    /// Of all that bgpd has.
    package init(among vrfs: some Sequence<ForeignVRF>) {
        let all = vrfs.filter(\.exchanges).sorted()
        self.init(Array(all.prefix(Self.limit)), omitted: max(0, all.count - Self.limit))
    }
}
