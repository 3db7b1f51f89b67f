import EVPN
import FRR
import FederationModel
import NetworkTypes

extension AgentCore {
    /// A VPN that has two VNIs is reported as it is in the one that is sent in; what is steered, in whichever.
    package func report(of vpn: VPNIntent, _ tables: RoutingTables, probes: ProbeFindings = ProbeFindings()) -> VPNReport {
        var report = VPNReport(name: vpn.name)
        let routers = selection.routers.filter { $0.vpn == vpn.name }
        report.attachments = selection.attachments[vpn.name] ?? []
        (report.effective, report.secondaryEffective) = effective(vpn)
        let originated = vpn.exportTargets.isEmpty ? [] : vpn.originated
        // A port that is down is expected: what it has should be there, and is not.
        report.expected = routers.reduce(into: Set(originated)) { $0.formUnion($1.advertised.union($1.down)) }.sorted()
        report.advertised = tables.advertised[vpn.routeDistinguisher] ?? []
        report.problems = problems[vpn.name] ?? []
        report.problems += routers.flatMap { router in
            exemptions.problems(of: router.id).map {
                Problem(
                    code: .natNotExempted, message: $0,
                    remedy: "see the NAT rows of the router: `ovn-nbctl lr-nat-list neutron-\(router.id)`")
            }
        }
        report.problems += unauthorized(vpn, tables)
        report.drift = journal[vpn.name]
        report.probes = probeReports(of: vpn, probes)
        report.probedRouter = vpn.instances.first.flatMap { design?.vpns[$0]?.probedRouter }
        let indexes = vpn.instances.compactMap { self.indexes.instances[$0] }
        guard let sent = indexes.first else { return report }
        let names = LocalNames(index: sent)
        report.imported = tables.imported[names.vrf] ?? []
        report.installed = (host.kernel?.tunnels[names.table] ?? [:]).values.sorted { $0.prefix < $1.prefix }.flatMap { route in
            ([route.nextHop] + route.further).map { InstalledRoute(prefix: route.prefix, nextHop: $0, tunnelReady: route.isReady) }
        }
        let destinations = steered[vpn.name] ?? [:]
        report.steered = Self.dataPlane.steered(
            destinations.values.reduce(into: []) { $0.formUnion($1) }, of: indexes, by: routers, on: host)
        // Destinations of this VPN that every router of it here leaves alone.
        let left = routers.map { exemptions.exempted($0.id).intersection(destinations[$0.id] ?? []) }
        report.exempted = left.reduce(nil as Set<IPPrefix>?) { $0?.intersection($1) ?? $1 }?.sorted() ?? []
        return report
    }

    /// What clouds announce that they have no right to; it is not installed.
    private func unauthorized(_ vpn: VPNIntent, _ tables: RoutingTables) -> [Problem] {
        guard let cloud = keeper.intent?.gateway.cloud, let sent = vpn.instances.first.flatMap({ indexes.instances[$0] }) else { return [] }
        let admittance = Admittance(vpn, in: cloud)
        let owners = Dictionary(vpn.origins.map { (IPAddress.v4($0.vtep), $0.owner) }) { first, _ in first }
        let refused = (tables.imported[LocalNames(index: sent).vrf] ?? []).filter { route in
            !admittance.hasRight(route.nextHop, to: route.prefix)
        }
        return Dictionary(grouping: refused) { owners[$0.nextHop] ?? "\($0.nextHop)" }.sorted { $0.key < $1.key }.map { owner, routes in
            let prefixes = Set(routes.map(\.prefix)).sorted()
            let examples = prefixes.prefix(3).map(\.description).joined(separator: ", ") + (prefixes.count > 3 ? ", …" : "")
            return Problem(
                code: .originNotAuthorized,
                message:
                    "VPN \(vpn.name): \(owner) announces \(prefixes.count) prefixes that it may not: they are not installed (\(examples))",
                remedy: "if it may, permit them in the “export” of its attachment, in “filters” or in the “prefixes” of the share")
        }
    }

    /// The VRFs whose tables a report wants: those that are sent in.
    package var reportedVRFs: [String] {
        let sent = keeper.intent?.vpns.values.compactMap(\.instances.first) ?? []
        return sent.compactMap { indexes.instances[$0] }.sorted().map { LocalNames(index: $0).vrf }
    }
}
