import FederationModel
import NetworkTypes

/// One gateway in one VPN: its intent and its report.
///
/// A class, because each of hundreds of pairs refers to it. It is immutable.
final class GatewayInVPN: Sendable {
    let id: GatewayID
    let base: BaseIntent
    let intent: VPNIntent
    /// What the gateway says of itself, and when; nil if it has never reported.
    let heard: Heard?
    /// Whether that is too old.
    let isStale: Bool
    /// The latest report on the VPN, however old.
    let latest: VPNReport?
    /// Nil if there is no report, a stale one, or one without the VPN.
    let report: VPNReport?
    /// Of the base, and of the VPN.
    let baseProgress: ResourceProgress
    let progress: ResourceProgress
    let moments: VPNMoments
    /// Sources of its facts that are silent for longer than a fact is valid.
    let silent: [SilentSource]
    /// The northbound database, where it is silent for however short a time.
    let northboundSilence: SilentSource?

    let expected: Set<IPPrefix>
    /// Of its own tenants' addresses.
    let families: Set<AddressFamily>
    let advertised: Set<IPPrefix>
    let imported: [IPPrefix: [ImportedRoute]]
    let installed: [IPPrefix: [InstalledRoute]]
    let steered: PrefixCover
    let exempted: PrefixCover
    /// By the other gateway's VTEP.
    let probes: [IPv4Address: [ProbeReport]]

    /// - Parameter former: the same gateway as it was before; what did not change of it is not indexed again.
    init(
        id: GatewayID, base: BaseIntent, intent: VPNIntent, rollout: Rollout, heard: Heard?, report latest: VPNReport?,
        moments: VPNMoments, now: Int64, after former: GatewayInVPN? = nil
    ) {
        self.id = id
        self.base = base
        self.intent = intent
        self.heard = heard
        self.latest = latest
        self.moments = moments
        baseProgress = rollout.progress(of: id, .base)
        progress = rollout.progress(of: id, .vpn(intent.name))
        let silentSources = heard?.base.silentSources ?? []
        silent = silentSources.filter { now - $0.since > SilentSource.limit }
        northboundSilence = silentSources.first { $0.source == .northbound }
        isStale = heard?.isStale(at: now) ?? true
        let report = isStale ? nil : latest
        self.report = report
        let known = former?.report
        func index<Part: Equatable, Index>(
            _ part: KeyPath<VPNReport, [Part]>, _ kept: KeyPath<GatewayInVPN, Index>, _ make: ([Part]) -> Index
        ) -> Index {
            if let former, known?[keyPath: part] ?? [] == report?[keyPath: part] ?? [] { return former[keyPath: kept] }
            return make(report?[keyPath: part] ?? [])
        }
        expected = index(\.expected, \.expected) { Set($0) }
        families = index(\.expected, \.families) { Set($0.lazy.map(\.family)) }
        advertised = index(\.advertised, \.advertised) { Set($0) }
        imported = index(\.imported, \.imported) { Dictionary(grouping: $0, by: \.prefix) }
        installed = index(\.installed, \.installed) { Dictionary(grouping: $0, by: \.prefix) }
        steered = index(\.steered, \.steered) { PrefixCover($0) }
        exempted = index(\.exempted, \.exempted) { PrefixCover($0) }
        probes = index(\.probes, \.probes) { Dictionary(grouping: $0, by: \.vtep) }
    }

    /// As a whole observation has it; nil: the gateway has never reported.
    convenience init(
        id: GatewayID, base: BaseIntent, intent: VPNIntent, rollout: Rollout, observation: GatewayObservation?, now: Int64
    ) {
        self.init(
            id: id, base: base, intent: intent, rollout: rollout, heard: observation.map(Heard.init),
            report: observation?.report.vpns[intent.name], moments: observation?.moments[intent.name] ?? VPNMoments(), now: now)
    }

    var vtep: IPAddress { .v4(base.vtep) }
    var baseReport: BaseReport { heard?.base ?? BaseReport() }

    func originates(_ prefix: IPPrefix) -> Bool { intent.originated.contains(prefix) }

    func attachment(_ selector: AttachmentSelector) -> AttachmentReport? {
        report?.attachments.first { $0.selector == selector }
    }

    /// Whether a gateway port of one of the VPN's attachments is bound to this node.
    var hosts: Bool { report?.attachments.contains { $0.hostedHere } ?? false }
}

/// What a gateway last said of itself, whatever the VPN.
struct Heard: Hashable, Sendable {
    /// The time of the last message, in milliseconds since 1970 by the coordinator's clock.
    var receivedAt: Int64
    /// Whether the agent's session is up.
    var connected: Bool
    var base: BaseReport

    func isStale(at now: Int64) -> Bool { now - receivedAt > GatewayObservation.lifetime }
}

extension Heard {
    init(_ observation: GatewayObservation) {
        self.init(receivedAt: observation.receivedAt, connected: observation.connected, base: observation.report.base)
    }
}
