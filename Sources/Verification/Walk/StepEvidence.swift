import FederationModel
import NetworkTypes

/// The facts on which a step that holds leans, as lines for people.
struct StepEvidence {
    let judge: PairJudge
    /// Nil where the origin has none: then there is nothing to see from `advertised` on.
    let prefix: IPPrefix?
    let now: Int64

    private var origin: CloudInVPN { judge.origin }
    private var viewer: CloudInVPN { judge.viewer }
    private var origins: [GatewayInVPN] { origin.hosting.isEmpty ? origin.deciding : origin.hosting }
    private var viewers: [GatewayInVPN] { viewer.hosting.isEmpty ? viewer.deciding : viewer.hosting }

    func lines(of step: RouteStep) -> [String] {
        switch step {
        case .intent:
            ["\(origin.cloud) exports \(origin.exports.sorted().listed), \(viewer.cloud) imports \(viewer.imports.sorted().listed)"]
        case .acknowledged: (origin.deciding + viewer.deciding).map(acknowledgement)
        case .effective: (origins + viewers).compactMap(configuration)
        case .attached: (origins + viewers).flatMap(attachments)
        case .advertised: prefix.map { prefix in origins.compactMap { advertisement(of: prefix, by: $0) } } ?? []
        case .received: received { "\($0.id) has it from \($1.nextHop), RD \($1.routeDistinguisher), \($1.routeTargets.listed)" }
        case .accepted: received { "\($0.id): valid, best, AS path \($1.asPath.listed), router MAC \($1.routerMAC?.description ?? "none")" }
        case .imported: prefix.map { prefix in viewers.flatMap { imports(of: prefix, at: $0) } } ?? []
        case .installed: prefix.map { prefix in viewers.flatMap { routes(to: prefix, at: $0) } } ?? []
        case .steered: prefix.map { prefix in viewers.map { steering(to: prefix, at: $0) } } ?? []
        case .probed: probes { site, far, _ in "\(far) gets probes of \(site.id)" }
        case .returned: probes(answers)
        }
    }

    private func acknowledgement(_ site: GatewayInVPN) -> String {
        let age = site.heard.map { "reported \(max(0, now - $0.receivedAt) / 1000) s ago" } ?? "never reported"
        return "\(site.id) applied \(site.progress.applied?.description ?? "nothing"), \(age)"
    }

    private func configuration(_ site: GatewayInVPN) -> String? {
        site.report?.effective.map { effective in
            "\(site.id): VNI \(effective.encapsulation.vni) \(effective.isUp ? "up" : "down"), RD \(effective.routeDistinguisher?.description ?? "none"), "
                + "exports \(effective.exportTargets.listed), imports \(effective.importTargets.listed)"
        }
    }

    private func attachments(_ site: GatewayInVPN) -> [String] {
        (site.report?.attachments ?? []).map {
            "\(site.id): \($0.selector) is \($0.routers.listed), gateway port on \($0.chassis ?? "no chassis")\($0.hostedHere ? " (here)" : "")"
        }
    }

    private func advertisement(of prefix: IPPrefix, by site: GatewayInVPN) -> String? {
        guard site.advertised.contains(prefix) else { return nil }
        return "\(site.id) advertises \(prefix), RD \(site.report?.effective?.routeDistinguisher?.description ?? "none")"
    }

    private func received(_ line: (GatewayInVPN, ReceivedRoute) -> String) -> [String] {
        guard let prefix else { return [] }
        let distinguishers = Set(origins.filter { $0.advertised.contains(prefix) }.map(\.intent.routeDistinguisher)).sorted()
        return viewers.flatMap { site in distinguishers.flatMap { (judge.received[site.id]?[prefix, $0] ?? []) }.map { line(site, $0) } }
    }

    private func imports(of prefix: IPPrefix, at site: GatewayInVPN) -> [String] {
        site.imported[prefix, default: []].map { "\(site.id): VRF has it via \($0.nextHop)\($0.isBest ? ", best" : "")" }
    }

    private func routes(to prefix: IPPrefix, at site: GatewayInVPN) -> [String] {
        site.installed[prefix, default: []].map {
            "\(site.id): kernel sends it to \($0.nextHop), tunnel entries \($0.tunnelReady ? "present" : "missing")"
        }
    }

    private func probes(_ line: (_ viewer: GatewayInVPN, _ far: String, ProbeReport) -> String) -> [String] {
        guard let prefix else { return [] }
        return viewers.compactMap { site in
            guard let hop = site.installed[prefix]?.first?.nextHop.withoutMapping, case .v4(let vtep) = hop,
                let report = site.probes(to: vtep, prefix.family)
            else { return nil }
            return line(site, origin.sites.first { $0.base.vtep == vtep }?.id.description ?? vtep.description, report)
        }
    }

    private func answers(to site: GatewayInVPN, of far: String, _ report: ProbeReport) -> String {
        let time = report.roundTrip.map { ", round trip \(Double(($0 + 50) / 100) / 10) ms" } ?? ""
        return "\(site.id): probes to \(far) come back, those of \(report.largeSize) bytes too\(time)"
    }

    private func steering(to prefix: IPPrefix, at site: GatewayInVPN) -> String {
        "\(site.id): flows \(site.steered.contains(prefix) ? "hand it" : "do not hand it") to the VRF"
            + (prefix.family == .ipv6 ? "" : ", SNAT \(site.exempted.contains(prefix) ? "leaves it alone" : "does not leave it alone")")
    }
}
