import NetworkTypes

/// What one gateway has to do for the federation: the compiled graph, cut to this gateway.
///
/// It holds two kinds of resources that are versioned, sent, acknowledged and rejected one by one:
/// the base (BGP itself) and one per VPN that this cloud takes part in.
package struct GatewayIntent: Hashable, Sendable, Codable {
    package var federation: FederationID
    /// Names the coordinator database that this intent comes from. An agent refuses a lower revision of the same
    /// epoch, and another epoch unless told: a coordinator restored from an old backup must not roll clouds back.
    package var epoch: String
    /// The graph revision that it was compiled from.
    package var revision: UInt64
    package var gateway: GatewayID
    package var base: BaseIntent
    package var vpns: [VPNName: VPNIntent]

    package init(
        federation: FederationID, epoch: String, revision: UInt64, gateway: GatewayID, base: BaseIntent,
        vpns: [VPNName: VPNIntent]
    ) {
        self.federation = federation
        self.epoch = epoch
        self.revision = revision
        self.gateway = gateway
        self.base = base
        self.vpns = vpns
    }
}

extension GatewayIntent {
    /// The largest packet that a VPN carries to and from this gateway, in bytes: what is asked for, as far as the underlay leaves it.
    package func mtu(of vpn: VPNIntent) -> Int { min(vpn.mtu ?? .max, base.underlayMTU - vpn.encapsulation.overhead) }
}

/// Names the content of a resource: equal content has equal versions, over restarts and revisions.
package typealias ResourceVersion = String

/// BGP on the gateway, without any VPN.
package struct BaseIntent: Hashable, Sendable, Codable {
    package var version: ResourceVersion
    package var asn: ASN
    /// The VXLAN tunnel endpoint: source of tunnels and of EVPN sessions, and the BGP identifier.
    package var vtep: IPv4Address
    /// The router MAC of all VRFs of this gateway (RFC 9135, section 4.1); unique in the federation, because FRR drops
    /// routes that carry its own.
    package var routerMAC: MACAddress
    /// Stands on the VRF devices as source of ICMP errors and of probes; unique in the federation, never advertised.
    package var probeAddress: IPv4Address
    package var management: BGPManagement
    package var peers: [EVPNPeer]
    /// The MTU of the network between VTEPs in bytes; VXLAN takes 50 of them (RFC 7348, over IPv4).
    package var underlayMTU: Int
    /// Routes go out with the GRACEFUL_SHUTDOWN community, so that the others prefer other ways (RFC 8326).
    package var isDraining: Bool
    /// Prefixes that this gateway may advertise in all VPNs together; nil: no limit.
    package var maximumPrefixes: Int?
    /// The node takes VXLAN from the VTEPs in `VPNIntent.tunnelSources` only.
    package var filtersVXLAN: Bool
    /// Of its sessions; nil: by the hold time alone.
    package var failureDetection: FailureDetection?
    /// How far its peers are, 1…254 (RFC 5082); nil: any number of hops.
    package var maximumHops: UInt8?
    /// What it does when it cannot hear its southbound database for long.
    package var onSouthboundLoss: SouthboundLoss

    package init(
        version: ResourceVersion, asn: ASN, vtep: IPv4Address, routerMAC: MACAddress, probeAddress: IPv4Address,
        management: BGPManagement, peers: [EVPNPeer], underlayMTU: Int, isDraining: Bool = false, maximumPrefixes: Int? = nil,
        filtersVXLAN: Bool = false, failureDetection: FailureDetection? = nil, maximumHops: UInt8? = nil,
        onSouthboundLoss: SouthboundLoss = .keep
    ) {
        self.onSouthboundLoss = onSouthboundLoss
        self.version = version
        self.asn = asn
        self.vtep = vtep
        self.routerMAC = routerMAC
        self.probeAddress = probeAddress
        self.management = management
        self.peers = peers
        self.underlayMTU = underlayMTU
        self.isDraining = isDraining
        self.maximumPrefixes = maximumPrefixes
        self.filtersVXLAN = filtersVXLAN
        self.failureDetection = failureDetection
        self.maximumHops = maximumHops
    }
}

/// An EVPN session from this gateway's VTEP address: another gateway or a route server.
package struct EVPNPeer: Hashable, Sendable, Codable, Comparable {
    /// For people: `tokyo/gw1` or `route-server`.
    package var name: String
    package var address: IPAddress
    package var asn: ASN

    package init(name: String, address: IPAddress, asn: ASN) {
        self.name = name
        self.address = address
        self.asn = asn
    }

    package static func < (a: Self, b: Self) -> Bool { (a.address, a.asn) < (b.address, b.asn) }
}

/// One VPN on one gateway.
package struct VPNIntent: Hashable, Sendable, Codable {
    package var version: ResourceVersion
    package var name: VPNName
    package var kind: VPNKind
    /// What traffic is sent in.
    package var encapsulation: Encapsulation
    package var routeDistinguisher: RouteDistinguisher
    /// Sorted, explicit, never empty where the VPN is to learn anything.
    package var importTargets: [RouteTarget]
    /// Sorted, explicit.
    package var exportTargets: [RouteTarget]
    package var attachments: [AttachmentIntent]
    /// Sorted; prefixes that this gateway advertises though nothing of its own has them: a hub's, for its spokes.
    package var originated: [IPPrefix]
    /// What is installed of what is learned, in order, the first match decides; empty: everything.
    package var importFilter: [PrefixRule]
    /// What of the attachments is advertised; empty: everything.
    package var exportFilter: [PrefixRule]
    /// Sorted; who may export to this VPN here. Routes with any other next hop are not installed, whatever targets they bear.
    /// It is the same for all gateways of a cloud, so that they are among them themselves.
    package var origins: [RouteOrigin]
    /// What `origins` may announce; each that concerns one must permit a prefix. Nil: anything.
    package var rights: [OriginRight]?
    /// Sorted; with `BaseIntent.filtersVXLAN`: where tunnels of this VPN may come from. More than `origins`: who only learns sends too.
    package var tunnelSources: [IPv4Address]
    /// Prefixes that this gateway may advertise in this VPN; nil: no limit.
    package var maximumPrefixes: Int?
    /// Prefixes that this gateway takes from all others together; nil: `VPN.defaultMaximumLearned`.
    package var maximumLearned: Int?
    /// Prefixes that it takes from one owner of origins; nil: `VPN.defaultMaximumLearnedPerOrigin`.
    package var maximumLearnedPerOrigin: Int?
    /// Of learned routes; nil: bgpd's own.
    package var localPreference: UInt32?
    /// The largest packet that it carries between clouds, in bytes; nil: what the underlay leaves.
    package var mtu: Int?
    /// While the VNI changes: the other one, in a VRF of its own with the same routes to advertise. What comes in it is forwarded. It is used
    /// for sending only to gateways that cannot be reached through `encapsulation` yet.
    package var secondary: Binding?
    /// With `secondary`: which step of VNI changes this is. Opaque to the agent; it makes the version change at every step.
    package var vniStep: UInt64?

    package init(
        version: ResourceVersion, name: VPNName, kind: VPNKind = .l3, encapsulation: Encapsulation, routeDistinguisher: RouteDistinguisher,
        importTargets: [RouteTarget], exportTargets: [RouteTarget], attachments: [AttachmentIntent], originated: [IPPrefix] = [],
        importFilter: [PrefixRule] = [], exportFilter: [PrefixRule] = [], origins: [RouteOrigin] = [],
        rights: [OriginRight]? = nil, tunnelSources: [IPv4Address] = [], maximumPrefixes: Int? = nil, maximumLearned: Int? = nil,
        maximumLearnedPerOrigin: Int? = nil,
        localPreference: UInt32? = nil, mtu: Int? = nil, secondary: Binding? = nil, vniStep: UInt64? = nil
    ) {
        self.version = version
        self.name = name
        self.kind = kind
        self.encapsulation = encapsulation
        self.routeDistinguisher = routeDistinguisher
        self.importTargets = importTargets
        self.exportTargets = exportTargets
        self.attachments = attachments
        self.originated = originated
        self.importFilter = importFilter
        self.exportFilter = exportFilter
        self.origins = origins
        self.rights = rights
        self.tunnelSources = tunnelSources
        self.maximumPrefixes = maximumPrefixes
        self.maximumLearned = maximumLearned
        self.maximumLearnedPerOrigin = maximumLearnedPerOrigin
        self.localPreference = localPreference
        self.mtu = mtu
        self.secondary = secondary
        self.vniStep = vniStep
    }

    /// One for each VRF that it has; the first is the one that traffic is sent in.
    package var bindings: [Binding] {
        let own = Binding(
            encapsulation: encapsulation, routeDistinguisher: routeDistinguisher, importTargets: importTargets, exportTargets: exportTargets
        )
        return [own] + (secondary.map { [$0] } ?? [])
    }
}

/// What one VRF of a VPN is bound to: its encapsulation, the route distinguisher under which its routes are advertised, and its targets.
package struct Binding: Hashable, Sendable, Codable {
    package var encapsulation: Encapsulation
    package var routeDistinguisher: RouteDistinguisher
    /// As in the intent. Mostly not those of the VPN’s other VNI, so that neither VRF has the other’s routes.
    package var importTargets: [RouteTarget]
    package var exportTargets: [RouteTarget]

    package init(
        encapsulation: Encapsulation, routeDistinguisher: RouteDistinguisher, importTargets: [RouteTarget], exportTargets: [RouteTarget]
    ) {
        self.encapsulation = encapsulation
        self.routeDistinguisher = routeDistinguisher
        self.importTargets = importTargets
        self.exportTargets = exportTargets
    }
}

/// What of this cloud joins a VPN, and what of that is advertised.
package struct AttachmentIntent: Hashable, Sendable, Codable, Comparable {
    package var selector: AttachmentSelector
    package var advertise: Advertisement
    /// In order, the first match decides; empty: everything.
    package var export: [PrefixRule]
    /// Only these prefixes of it take part at all, for advertising and for forwarding; empty: all. Of prefixes that another VPN shares.
    package var only: [IPPrefix]
    /// Where only some prefixes of it take part: what further VPNs share into the same one, sorted. It neither sends there nor lets in from there,
    /// though a wider prefix of a member leads there.
    package var refused: [IPPrefix]

    package init(
        selector: AttachmentSelector, advertise: Advertisement = .hosts, export: [PrefixRule] = [], only: [IPPrefix] = [],
        refused: [IPPrefix] = []
    ) {
        self.selector = selector
        self.advertise = advertise
        self.export = export
        self.only = only
        self.refused = refused
    }

    package static func < (a: Self, b: Self) -> Bool { (a.selector, a.only.description) < (b.selector, b.only.description) }
}
