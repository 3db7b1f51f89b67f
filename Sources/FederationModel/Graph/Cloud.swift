import NetworkTypes

/// One OVN cloud of the federation: its AS, and the nodes that carry its tenants' traffic to other clouds.
package struct Cloud: Hashable, Sendable, Codable {
    /// Nil: allocated. Two clouds never share one, because eBGP drops routes that carry the receiver's AS.
    package var asn: ASN?
    package var bgp: BGPSettings
    /// The MTU of the network between VTEPs in bytes; nil: 1500.
    package var underlayMTU: Int?
    /// Gateways without a VTEP address of their own get one from here. IPv4.
    package var vtepPool: IPPrefix?
    package var labels: Labels
    package var limits: CloudLimits
    /// Its gateways ask the others to prefer other ways (RFC 8326), because it is about to be worked on.
    package var isDraining: Bool
    package var gateways: [NodeName: Gateway]
    /// Its gateways accept VXLAN only from the VTEPs of members and external origins, and drop the rest (nftables).
    package var filtersVXLAN: Bool {
        get { vxlanFilter ?? false }
        set { vxlanFilter = newValue ? true : nil }
    }
    /// Nil means false: graphs stored by older releases do not have it.
    private var vxlanFilter: Bool?
    /// Of its gateways; one that is alone withdraws nothing.
    package var onSouthboundLoss: SouthboundLoss {
        get { southboundLoss ?? .drain }
        set { southboundLoss = newValue == .drain ? nil : newValue }
    }
    /// Nil: the default; graphs stored by older releases do not have it.
    private var southboundLoss: SouthboundLoss?

    package init(
        asn: ASN? = nil, bgp: BGPSettings = .init(), underlayMTU: Int? = nil, vtepPool: IPPrefix? = nil, labels: Labels = [:],
        limits: CloudLimits = .init(), isDraining: Bool = false, gateways: [NodeName: Gateway] = [:], filtersVXLAN: Bool = false,
        onSouthboundLoss: SouthboundLoss = .drain
    ) {
        southboundLoss = onSouthboundLoss == .drain ? nil : onSouthboundLoss
        self.asn = asn
        self.bgp = bgp
        self.underlayMTU = underlayMTU
        self.vtepPool = vtepPool
        self.labels = labels
        self.limits = limits
        self.isDraining = isDraining
        self.gateways = gateways
        vxlanFilter = filtersVXLAN ? true : nil
    }

    /// The default of `underlayMTU`: Ethernet without jumbo frames.
    package static let defaultUnderlayMTU = 1500

    /// From what leaves a tenant the 1280 bytes that IPv6 calls for (RFC 8200) after VXLAN took its 50 (RFC 7348), up to
    /// what an IPv4 packet can be.
    package static let underlayMTURange = 1330...65535

    /// Outer Ethernet, IPv4, UDP and VXLAN headers (RFC 7348), in bytes.
    package static let vxlanOverhead = 50
}

/// How much a cloud may put into the federation, and how much it takes from it.
package struct CloudLimits: Hashable, Sendable, Codable {
    /// The maximum number of prefixes that each of its gateways advertises in one VPN; nil: no limit.
    package var prefixesPerVPN: Int?
    /// In all VPNs together; nil: no limit.
    package var prefixes: Int?
    /// The maximum number of prefixes that each of its gateways takes from the others in one VPN; nil: `VPN.defaultMaximumLearned`.
    package var learnedPerVPN: Int?
    /// Of these, from one other cloud; nil: `VPN.defaultMaximumLearnedPerOrigin`.
    package var learnedPerOrigin: Int?

    package init(prefixesPerVPN: Int? = nil, prefixes: Int? = nil, learnedPerVPN: Int? = nil, learnedPerOrigin: Int? = nil) {
        self.prefixesPerVPN = prefixesPerVPN
        self.prefixes = prefixes
        self.learnedPerVPN = learnedPerVPN
        self.learnedPerOrigin = learnedPerOrigin
    }
}

/// How the gateways of a cloud get their EVPN sessions.
package struct BGPSettings: Hashable, Sendable, Codable {
    package var management: BGPManagement
    /// The peers of the gateways' EVPN sessions. Empty: full mesh with the gateways of the other clouds.
    package var routeServers: [RouteServer]
    /// How the gateways notice a dead peer before the hold time is over. Nil: not. Both ends need it.
    package var failureDetection: FailureDetection?
    /// TTL security (RFC 5082): packets of peers that are more hops away are dropped; 1…254. Nil: any number.
    package var maximumHops: UInt8?

    package init(
        management: BGPManagement = .agent, routeServers: [RouteServer] = [], failureDetection: FailureDetection? = nil,
        maximumHops: UInt8? = nil
    ) {
        self.management = management
        self.routeServers = routeServers
        self.failureDetection = failureDetection
        self.maximumHops = maximumHops
    }
}

/// A BGP speaker that passes EVPN routes between gateways and carries no tenant traffic itself.
package struct RouteServer: Hashable, Sendable, Codable {
    /// For people.
    package var name: String?
    package var address: IPAddress
    package var asn: ASN

    package init(name: String? = nil, address: IPAddress, asn: ASN) {
        self.name = name
        self.address = address
        self.asn = asn
    }

    /// `spine 10.255.0.254 AS 4200009999`.
    package var text: String { "\(name.map { "\($0) " } ?? "")\(address) AS \(asn)" }
}

/// A node of a cloud that runs an agent and has a VXLAN tunnel endpoint.
package struct Gateway: Hashable, Sendable, Codable {
    /// Reachable from the VTEPs of all other clouds, without NAT. Nil: allocated from the cloud's pool.
    /// The model allows IPv6; EVPN in FRR 8.4 supports only IPv4, and compiling reports it.
    package var vtep: IPAddress?
    /// Nil: allocated.
    package var routerMAC: MACAddress?
    /// Nil: allocated.
    package var probeAddress: IPv4Address?

    package init(vtep: IPAddress?, routerMAC: MACAddress? = nil, probeAddress: IPv4Address? = nil) {
        self.vtep = vtep
        self.routerMAC = routerMAC
        self.probeAddress = probeAddress
    }

    package init(vtep: IPv4Address, routerMAC: MACAddress? = nil, probeAddress: IPv4Address? = nil) {
        self.init(vtep: .v4(vtep), routerMAC: routerMAC, probeAddress: probeAddress)
    }
}
