import NetworkTypes

/// The BGP instance of one VRF as the federation wants it, or as it runs: everything in bgpd that is this VRF's and ours.
///
/// The whole of `router bgp AS vrf NAME` is ours, and the two filters named after the VRF. What is found there and is not ours
/// (a hand-typed `redistribute kernel` leaks the unreachable default into every cloud) stands in `foreign`, and `changes` removes it.
package struct VRFStanza: Hashable, Sendable, Codable {
    package var asn: ASN
    package var vrf: String
    /// Nil only as parsed, where it is missing.
    package var routerID: IPv4Address?
    /// Nil only as parsed, where it is missing and FRR makes one up.
    package var distinguisher: RouteDistinguisher?
    /// Empty means that nothing is imported. See `VRFStanza.importsNothing`.
    package var importTargets: Set<RouteTarget>
    /// Empty means that nothing outside imports what is exported.
    package var exportTargets: Set<RouteTarget>
    /// The routes that this VRF originates, of both families.
    package var networks: Set<IPPrefix>
    /// The subnets whose routes may be advertised: the subnet itself and anything inside. A family without a subnet is not advertised.
    package var advertisedSubnets: Set<IPPrefix>
    /// Prefixes that may be advertised exactly as they are, and nothing inside them. Host routes belong to `advertisedSubnets`.
    package var advertisedPrefixes: Set<IPPrefix>
    /// Whether routes go out with the GRACEFUL_SHUTDOWN community and local preference 0 (RFC 8326), so that others prefer other ways.
    /// Set by the export filter, so that the operator's sessions are left alone: `bgp graceful-shutdown` is the whole daemon's.
    /// Means nothing, and must be false, where nothing may be advertised.
    package var isDraining: Bool
    /// Which learned routes are installed, by family; a family is absent only as parsed, where it has no filter. See `InstallFilter`.
    package var installed: [AddressFamily: InstallContent]

    /// As parsed: lines that run and that the fields above do not account for.
    package internal(set) var foreign: [ConfigurationLine] = []
    /// As parsed: lines that the fields above call for and that do not run.
    package internal(set) var absent: Set<ConfigurationLine> = []

    package init(
        asn: ASN, vrf: String, routerID: IPv4Address, distinguisher: RouteDistinguisher,
        importTargets: Set<RouteTarget>, exportTargets: Set<RouteTarget>,
        networks: Set<IPPrefix> = [], advertisedSubnets: Set<IPPrefix> = [], advertisedPrefixes: Set<IPPrefix> = [],
        isDraining: Bool = false, installed: [AddressFamily: InstallContent] = [:]
    ) {
        self.asn = asn
        self.vrf = vrf
        self.routerID = routerID
        self.distinguisher = distinguisher
        self.importTargets = importTargets
        self.exportTargets = exportTargets
        self.networks = networks
        self.advertisedSubnets = advertisedSubnets
        self.advertisedPrefixes = advertisedPrefixes
        self.isDraining = isDraining
        self.installed = Dictionary(uniqueKeysWithValues: AddressFamily.allCases.map { ($0, installed[$0] ?? InstallContent()) })
    }

    init(asn: ASN, vrf: String) {
        self.asn = asn
        self.vrf = vrf
        importTargets = []
        exportTargets = []
        networks = []
        advertisedSubnets = []
        advertisedPrefixes = []
        isDraining = false
        installed = [:]
    }

    /// The name of the prefix list and of the route-map that keep a VRF's advertisements to its subnets.
    package static func filterName(vrf: String, family: AddressFamily) -> String {
        "FED-\(vrf)-\(family == .ipv4 ? "IPV4" : "IPV6")"
    }

    /// Stand for an empty set: without an explicit target FRR takes the automatic one, which imports `*:VNI` from every AS.
    /// AS 65535 is nobody's (RFC 7300), and the two differ, so that nobody imports what nobody should.
    package static let importsNothing = RouteTarget(.as2(65535, 4_294_967_295))
    package static let exportsNothing = RouteTarget(.as2(65535, 4_294_967_294))

    /// What the instance says where it is to import, or to export, `targets`: never nothing.
    static func explicit(_ targets: Set<RouteTarget>, orElse placeholder: RouteTarget) -> Set<RouteTarget> {
        targets.isEmpty ? [placeholder] : targets
    }

    /// The configuration as text, as FRR would run it.
    package var render: [String] { ConfigurationScript(from: [], to: lines).lines }

    /// The lines that lead from one state to the other, nothing more; none when nothing is to do.
    ///
    /// To nil takes the instance and its filters away. FRR refuses that while the VRF has a VNI (`Please unconfigure l3vni`),
    /// and 8.4.4 may crash when the two come close: remove the VNI first (`ZebraVRFStanza`), wait until
    /// `show bgp l2vpn evpn vni` has forgotten it, then apply this.
    package static func changes(from running: Self?, to wanted: Self?) -> [String] {
        if let running, let wanted, running.asn != wanted.asn {
            // FRR changes no instance's AS.
            return changes(from: running, to: nil) + changes(from: nil, to: wanted)
        }
        var script = ConfigurationScript(from: running?.lines ?? [], to: wanted?.lines ?? [])
        if let wanted, let distinguisher = wanted.distinguisher, running?.distinguisher == nil {
            // bgpd 8.4.4 takes `rd` for a repetition when it equals the automatic one (ROUTER-ID:n, n counting up from 1): it answers ok,
            // does not mark it as configured, and later derives another. A first `rd` that cannot be the automatic one prevents that.
            script.precede(wanted.line(of: distinguisher), with: wanted.line(of: Self.otherDistinguisher))
        }
        return script.lines
    }

    static let otherDistinguisher = RouteDistinguisher(.as2(65535, 65535))
}
