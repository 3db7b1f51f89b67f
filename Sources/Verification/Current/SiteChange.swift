import FederationModel
import NetworkTypes

/// What of a gateway in a VPN became another.
struct SiteChange {
    /// Anything but the routes below.
    var isWhole = false
    /// Prefixes that it now originates, or does not any more.
    var announced: Set<IPPrefix> = []
    /// Prefixes whose routes in the VRF or in the kernel changed.
    var routed: Set<IPPrefix> = []
    /// Destinations whose steering or exemption from NAT changed.
    var covered: Set<IPPrefix> = []
    /// The counters of its sessions, which are evidence where nothing is received.
    var isCounted = false
    /// VTEPs of other gateways of which its probes tell something else.
    var probed: Set<IPv4Address> = []
    /// Its own tenants have addresses of other families: whom it has to probe depends on that.
    var hasOtherFamilies = false

    static let whole = SiteChange(isWhole: true)

    var isEmpty: Bool {
        !isWhole && !isCounted && !hasOtherFamilies && announced.isEmpty && routed.isEmpty && covered.isEmpty && probed.isEmpty
    }

    private init(isWhole: Bool) { self.isWhole = isWhole }

    init(from former: GatewayInVPN, to site: GatewayInVPN) {
        guard let known = former.report, let report = site.report, former.isLike(site), known.isLike(report) else {
            isWhole = true
            return
        }
        announced = Self.difference(known.expected, report.expected).union(Self.difference(known.advertised, report.advertised))
        routed = Self.difference(known.imported, report.imported, \.prefix).union(
            Self.difference(known.installed, report.installed, \.prefix))
        isCounted = former.baseReport.sessions != site.baseReport.sessions
        covered = Self.difference(known.steered, report.steered).union(Self.difference(known.exempted, report.exempted))
        hasOtherFamilies = former.families != site.families
        guard known.probes != report.probes else { return }
        probed = Set(former.probes.keys).union(site.probes.keys).filter { former.probes[$0] != site.probes[$0] }
    }

    /// Copies count: a prefix may be there twice.
    private static func difference<Part: Hashable>(_ former: [Part], _ parts: [Part], _ prefix: (Part) -> IPPrefix) -> Set<IPPrefix> {
        // Mostly little changes: what begins or ends both lists is skipped.
        let limit = min(former.count, parts.count)
        var head = 0
        while head < limit, former[head] == parts[head] { head += 1 }
        var tail = 0
        while tail < limit - head, former[former.count - 1 - tail] == parts[parts.count - 1 - tail] { tail += 1 }
        var found: Set<IPPrefix> = []
        for part in former[head..<(former.count - tail)] { found.insert(prefix(part)) }
        for part in parts[head..<(parts.count - tail)] { found.insert(prefix(part)) }
        return found
    }

    private static func difference(_ former: [IPPrefix], _ parts: [IPPrefix]) -> Set<IPPrefix> { difference(former, parts, \.self) }
}

extension GatewayInVPN {
    /// Whether all is the same but the report on the VPN.
    fileprivate func isLike(_ other: GatewayInVPN) -> Bool {
        base.version == other.base.version && intent.version == other.intent.version && baseProgress == other.baseProgress
            && progress == other.progress && silent == other.silent && baseReport.isLike(other.baseReport)
    }
}

extension VPNReport {
    /// Whether all is the same but the routes and the probes. What was repaired is no matter of a verdict.
    fileprivate func isLike(_ other: VPNReport) -> Bool {
        attachments == other.attachments && effective == other.effective && problems == other.problems
            && probedRouter == other.probedRouter
    }
}

extension BaseReport {
    /// Whether it is the same for a verdict, but for counters.
    fileprivate func isLike(_ other: BaseReport) -> Bool {
        problems == other.problems && silentSources == other.silentSources && sessions.count == other.sessions.count
            && zip(sessions, other.sessions).allSatisfy { ($0.address, $0.asn, $0.state) == ($1.address, $1.asn, $1.state) }
    }
}
