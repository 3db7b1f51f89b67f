import NetworkTypes

/// What one gateway says of itself. Soft state: rebuilt whenever the agent connects.
///
/// It travels in four kinds of parts (base, one per VPN, received routes, BGPVPNs), each sent whole when it changed.
package struct GatewayReport: Hashable, Sendable, Codable {
    package var base: BaseReport
    package var vpns: [VPNName: VPNReport]
    /// Every EVPN type-5 route that bgpd received from others, whatever VPN it belongs to.
    package var received: [ReceivedRoute]
    /// Nil: the cloud's OVN tells of none.
    package var bgpvpns: BGPVPNReports?

    package init(
        base: BaseReport = .init(), vpns: [VPNName: VPNReport] = [:], received: [ReceivedRoute] = [], bgpvpns: BGPVPNReports? = nil
    ) {
        self.bgpvpns = bgpvpns
        self.base = base
        self.vpns = vpns
        self.received = received
    }
}

package struct BaseReport: Hashable, Sendable, Codable {
    /// Of bgpd's default instance, whoever configured it; nil: it has none, or cannot be asked.
    package var asn: ASN?
    package var sessions: [PeerSession]
    package var problems: [Problem]
    package var writes: WriteCounters
    /// `fed-agent 0.1.0, FRR 8.4.4`.
    package var software: String
    /// Sources that are not current. Sorted.
    package var silentSources: [SilentSource]
    /// Nil: they are not known, because bgpd cannot be asked or the agent does not tell.
    package var foreignVRFs: ForeignVRFs?

    package init(
        asn: ASN? = nil, sessions: [PeerSession] = [], problems: [Problem] = [], writes: WriteCounters = .init(), software: String = "",
        silentSources: [SilentSource] = [], foreignVRFs: ForeignVRFs? = nil
    ) {
        self.foreignVRFs = foreignVRFs
        self.silentSources = silentSources
        self.asn = asn
        self.sessions = sessions
        self.problems = problems
        self.writes = writes
        self.software = software
    }
}

package struct PeerSession: Hashable, Sendable, Codable {
    package var address: IPAddress
    package var asn: ASN
    /// As bgpd calls it: `Established`, `Active`, `Idle`…
    package var state: String
    package var prefixesReceived: Int

    package init(address: IPAddress, asn: ASN, state: String, prefixesReceived: Int) {
        self.address = address
        self.asn = asn
        self.state = state
        self.prefixesReceived = prefixesReceived
    }
}

/// Writes since the agent started, by what was written to, and how many reconciles there were.
/// A reconcile that changes nothing raises `reconciles` only.
package struct WriteCounters: Hashable, Sendable, Codable {
    package var reconciles: UInt64
    package var netlink: UInt64
    package var ovsdb: UInt64
    package var vty: UInt64
    package var openflow: UInt64

    package init(reconciles: UInt64 = 0, netlink: UInt64 = 0, ovsdb: UInt64 = 0, vty: UInt64 = 0, openflow: UInt64 = 0) {
        self.reconciles = reconciles
        self.netlink = netlink
        self.ovsdb = ovsdb
        self.vty = vty
        self.openflow = openflow
    }
}

/// Something of ours that somebody else changed, and that was put back.
package struct Drift: Hashable, Sendable, Codable {
    /// `flow br-ex …`, `route 10.2.0.11/32 table 10001`, `import route target 64900:1`.
    package var object: String
    /// `removed`, `changed`, `added`.
    package var change: String
    /// Milliseconds since 1970 by the agent's clock.
    package var repairedAt: Int64

    package init(object: String, change: String, repairedAt: Int64) {
        self.object = object
        self.change = change
        self.repairedAt = repairedAt
    }
}

package struct VPNReport: Hashable, Sendable, Codable {
    package var name: VPNName
    package var attachments: [AttachmentReport]
    /// What bgpd says is in force; nil where bgpd does not have the VPN.
    package var effective: EffectiveVPN?
    /// The same of the VRF with the VPN’s other VNI, while that changes.
    package var secondaryEffective: EffectiveVPN?
    /// What this gateway is to advertise: of its attachments what the intent says (hosts, subnets, extra routes), filters applied,
    /// and what it originates for others. Its OVN decides; bgpd is not asked.
    package var expected: [IPPrefix]
    /// What bgpd originates as type 5 under this VPN's RD.
    package var advertised: [IPPrefix]
    /// What bgpd imported into the VRF.
    package var imported: [ImportedRoute]
    /// What the kernel forwards to other gateways.
    package var installed: [InstalledRoute]
    /// Destinations whose traffic OVS hands to the VRF.
    package var steered: [IPPrefix]
    /// Destinations that the routers' NAT leaves alone.
    package var exempted: [IPPrefix]
    package var problems: [Problem]
    /// The latest repairs, the newest last, 32 at most.
    package var drift: [Drift]
    /// By VTEP and family; empty: nothing is probed, or the agent knows no probes.
    package var probes: [ProbeReport]
    /// Through which others probe this gateway; nil: through none, or the agent knows no such probes.
    package var probedRouter: ProbedRouter?

    package init(
        name: VPNName, attachments: [AttachmentReport] = [], effective: EffectiveVPN? = nil,
        secondaryEffective: EffectiveVPN? = nil, expected: [IPPrefix] = [], advertised: [IPPrefix] = [],
        imported: [ImportedRoute] = [], installed: [InstalledRoute] = [], steered: [IPPrefix] = [],
        exempted: [IPPrefix] = [], problems: [Problem] = [], drift: [Drift] = [], probes: [ProbeReport] = [],
        probedRouter: ProbedRouter? = nil
    ) {
        self.probedRouter = probedRouter
        self.probes = probes
        self.name = name
        self.attachments = attachments
        self.effective = effective
        self.secondaryEffective = secondaryEffective
        self.expected = expected
        self.advertised = advertised
        self.imported = imported
        self.installed = installed
        self.steered = steered
        self.exempted = exempted
        self.problems = problems
        self.drift = drift
    }
}

/// What an attachment's selector found in this cloud's OVN.
package struct AttachmentReport: Hashable, Sendable, Codable {
    package var selector: AttachmentSelector
    /// The OpenStack ids of the routers found; empty where the selector matches nothing.
    package var routers: [String]
    /// Those of the routers whose gateway port is bound to this node.
    package var hosted: [String]
    /// The chassis that hosts the gateway port, if any.
    package var chassis: String?
    /// The tenant subnets behind it.
    package var subnets: [IPPrefix]
    /// What the selector's name means; nil where it selects otherwise, or nothing was found yet.
    package var pin: AttachmentPin?
    /// Of a BGPVPN: how far its tenant is; nil where something else is selected, or it is not known.
    package var association: BGPVPNAssociation?
    /// The ids of the BGPVPNs that it means, sorted; empty where they are not known.
    package var bgpvpns: [String] {
        get { meantBGPVPNs ?? [] }
        set { meantBGPVPNs = newValue.isEmpty ? nil : newValue }
    }
    /// Nil means none: what older agents recorded does not have it.
    private var meantBGPVPNs: [String]?

    private enum CodingKeys: String, CodingKey {
        case selector, routers, hosted, chassis, subnets, pin, association
        case meantBGPVPNs = "bgpvpns"
    }

    package init(
        selector: AttachmentSelector, routers: [String] = [], hosted: [String] = [], chassis: String? = nil,
        subnets: [IPPrefix] = [], pin: AttachmentPin? = nil, association: BGPVPNAssociation? = nil, bgpvpns: [String] = []
    ) {
        self.association = association
        meantBGPVPNs = bgpvpns.isEmpty ? nil : bgpvpns
        self.pin = pin
        self.selector = selector
        self.routers = routers
        self.hosted = hosted
        self.chassis = chassis
        self.subnets = subnets
    }

    /// Whether a gateway port of any of the routers is bound to this node.
    package var hostedHere: Bool { !hosted.isEmpty }
}

/// A VPN as read back from bgpd and zebra, not as configured.
package struct EffectiveVPN: Hashable, Sendable, Codable {
    package var kind: VPNKind
    package var encapsulation: Encapsulation
    package var routeDistinguisher: RouteDistinguisher?
    /// Sorted. FRR’s automatic import, and a wildcard of later releases, have the AS 0 (`RouteTarget.isWildcard`).
    package var importTargets: [RouteTarget]
    package var exportTargets: [RouteTarget]
    package var routerMAC: MACAddress?
    /// The L3VNI is operationally up.
    package var isUp: Bool
    /// VRFs whose routes bgpd copies into this one (`import vrf`): none is ever intended. Sorted.
    package var importedVRFs: [LocalVRF]

    package init(
        kind: VPNKind = .l3, encapsulation: Encapsulation, routeDistinguisher: RouteDistinguisher?, importTargets: [RouteTarget],
        exportTargets: [RouteTarget], routerMAC: MACAddress?, isUp: Bool, importedVRFs: [LocalVRF] = []
    ) {
        self.importedVRFs = importedVRFs
        self.kind = kind
        self.encapsulation = encapsulation
        self.routeDistinguisher = routeDistinguisher
        self.importTargets = importTargets
        self.exportTargets = exportTargets
        self.routerMAC = routerMAC
        self.isUp = isUp
    }
}

/// An EVPN type-5 route (RFC 9136) as a peer sent it.
package struct ReceivedRoute: Hashable, Sendable, Codable {
    package var prefix: IPPrefix
    package var routeDistinguisher: RouteDistinguisher
    /// The VTEP of the origin.
    package var nextHop: IPAddress
    package var routeTargets: [RouteTarget]
    package var routerMAC: MACAddress?
    /// Nearest AS first.
    package var asPath: [UInt32]
    package var isValid: Bool
    package var isBest: Bool

    package init(
        prefix: IPPrefix, routeDistinguisher: RouteDistinguisher, nextHop: IPAddress, routeTargets: [RouteTarget],
        routerMAC: MACAddress?, asPath: [UInt32], isValid: Bool, isBest: Bool
    ) {
        self.prefix = prefix
        self.routeDistinguisher = routeDistinguisher
        self.nextHop = nextHop
        self.routeTargets = routeTargets
        self.routerMAC = routerMAC
        self.asPath = asPath
        self.isValid = isValid
        self.isBest = isBest
    }
}

package struct ImportedRoute: Hashable, Sendable, Codable {
    package var prefix: IPPrefix
    package var nextHop: IPAddress
    package var isBest: Bool

    package init(prefix: IPPrefix, nextHop: IPAddress, isBest: Bool) {
        self.prefix = prefix
        self.nextHop = nextHop
        self.isBest = isBest
    }
}

/// A route of the kernel's VRF table that leads to another gateway. One that leads to several is one for each.
package struct InstalledRoute: Hashable, Sendable, Codable {
    package var prefix: IPPrefix
    /// The VTEP that it leads to.
    package var nextHop: IPAddress
    /// The neighbour and forwarding entries of all the prefix's next hops are there: packets find the tunnel.
    package var tunnelReady: Bool

    package init(prefix: IPPrefix, nextHop: IPAddress, tunnelReady: Bool) {
        self.prefix = prefix
        self.nextHop = nextHop
        self.tunnelReady = tunnelReady
    }
}
