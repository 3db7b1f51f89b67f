import FederationModel
import NetworkTypes

/// One gateway in one VPN: its intent and its report.
struct GatewayInVPN {
    let id: GatewayID
    let base: BaseIntent
    let intent: VPNIntent
    let observation: GatewayObservation?
    /// Nil if there is no report, a stale one, or one without the VPN.
    let report: VPNReport?
    /// Of the base, and of the VPN.
    let baseProgress: ResourceProgress
    let progress: ResourceProgress
    let received: ReceivedIndex
    let moments: ReportMoments
    /// Sources of its facts that are silent for longer than a fact is valid.
    let silent: [SilentSource]
    /// The northbound database, where it is silent for however short a time.
    let northboundSilence: SilentSource?

    let expected: Set<IPPrefix>
    let advertised: Set<IPPrefix>
    let imported: [IPPrefix: [ImportedRoute]]
    let installed: [IPPrefix: [InstalledRoute]]
    let steered: PrefixCover
    let exempted: PrefixCover

    init(
        id: GatewayID, base: BaseIntent, intent: VPNIntent, rollout: Rollout, observation: GatewayObservation?, received: ReceivedIndex,
        now: Int64
    ) {
        self.id = id
        self.base = base
        self.intent = intent
        self.observation = observation
        baseProgress = rollout.progress(of: id, .base)
        progress = rollout.progress(of: id, .vpn(intent.name))
        self.received = received
        moments = observation?.moments ?? ReportMoments()
        let silentSources = observation?.report.base.silentSources ?? []
        silent = silentSources.filter { now - $0.since > SilentSource.limit }
        northboundSilence = silentSources.first { $0.source == .northbound }
        let report = observation.flatMap { $0.isStale(at: now) ? nil : $0.report.vpns[intent.name] }
        self.report = report
        expected = Set(report?.expected ?? [])
        advertised = Set(report?.advertised ?? [])
        imported = Dictionary(grouping: report?.imported ?? [], by: \.prefix)
        installed = Dictionary(grouping: report?.installed ?? [], by: \.prefix)
        steered = PrefixCover(report?.steered ?? [])
        exempted = PrefixCover(report?.exempted ?? [])
    }

    var vtep: IPAddress { .v4(base.vtep) }
    var baseReport: BaseReport { observation?.report.base ?? BaseReport() }

    func originates(_ prefix: IPPrefix) -> Bool { intent.originated.contains(prefix) }

    func attachment(_ selector: AttachmentSelector) -> AttachmentReport? {
        report?.attachments.first { $0.selector == selector }
    }

    /// Whether a gateway port of one of the VPN's attachments is bound to this node.
    var hosts: Bool { report?.attachments.contains { $0.hostedHere } ?? false }
}
