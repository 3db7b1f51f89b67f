import Federation
import FederationAPI
import FederationModel

/// What the coordinator knows, as the admin service says it.
extension WirePlanResponse {
    /// One message, and more where the plan does not fit.
    static func messages(_ result: ChangeResult) -> [WirePlanResponse] {
        var first = WirePlanResponse()
        first.accepted = result.accepted
        first.diagnostics = result.diagnostics.map(WireDiagnostic.init(_:))
        if result.base.number > 0 { first.inForce = WireRevisionSummary(result.base) }
        guard let parts = result.plan?.wireParts, let head = parts.first else { return [first] }
        first.plan = head
        return [first]
            + parts.dropFirst().map { part in
                var more = WirePlanResponse()
                more.accepted = result.accepted
                more.plan = part
                return more
            }
    }
}

extension WireApplyResponse {
    init(_ result: ChangeResult) {
        self.init()
        revision = result.revision
        accepted = result.accepted
        diagnostics = result.diagnostics.map(WireDiagnostic.init(_:))
        if !result.accepted { findings = (result.plan?.findings ?? []).prefix(1000).map(WireFinding.init(_:)) }
        if let pendingCommit = result.pendingCommit { self.probation = WireProbation(pendingCommit) }
    }
}

extension WireReserveResponse {
    init(_ outcome: ControlPlane.LedgerOutcome) {
        self.init()
        revision = outcome.revision
        changes = outcome.changes
    }
}

extension WireProbation {
    init(_ pendingCommit: PendingCommit) {
        self.init()
        revision = pendingCommit.revision
        fallback = pendingCommit.fallback
        deadlineMilliseconds = pendingCommit.deadline
        author = pendingCommit.author
        if let obstacle = pendingCommit.obstacle { self.obstacle = obstacle }
    }
}

extension WireRevisionSummary {
    init(_ summary: RevisionSummary) {
        self.init()
        number = summary.number
        author = summary.author
        appliedAtMilliseconds = summary.appliedAt
        message = summary.message
        origin = summary.origin.rawValue
        if let restores = summary.restores { self.restores = restores }
        added = UInt32(clamping: summary.size.added)
        changed = UInt32(clamping: summary.size.changed)
        removed = UInt32(clamping: summary.size.removed)
        gateways = UInt32(clamping: summary.size.gateways)
        gained = UInt32(clamping: summary.size.gained)
        lost = UInt32(clamping: summary.size.lost)
    }
}

extension WireAuditEntry {
    init(_ entry: AuditEntry) {
        self.init()
        number = entry.number
        atMilliseconds = entry.at
        author = entry.author
        action = entry.action.rawValue
        outcome = entry.outcome.rawValue
        revision = entry.revision
        detail = entry.detail
    }
}

extension WireDiagnostic {
    init(_ diagnostic: Diagnostic) {
        self.init()
        file = diagnostic.file
        line = UInt32(clamping: diagnostic.line)
        column = UInt32(clamping: diagnostic.column)
        severity = diagnostic.severity == .error ? .error : .warning
        message = TextLimits.cut(
            diagnostic.path.isEmpty ? diagnostic.reason : "\(diagnostic.path): \(diagnostic.reason)", to: TextLimits.sentence)
        value = TextLimits.cut(diagnostic.value ?? "", to: TextLimits.name)
        length = UInt32(clamping: diagnostic.length)
        remedy = diagnostic.remedy
    }
}

extension WireAllocation {
    init(_ entry: LedgerEntry) {
        self.init()
        kind = entry.kind.rawValue
        owner = entry.owner ?? ""
        value = entry.value
    }
}

extension WireGetStatusResponse {
    /// Every gateway of the graph, and every agent that is connected though its gateway is not in the graph.
    init(revision: Revision, records: [GatewayID: AgentRecord], connected: Set<GatewayID>) {
        self.init()
        federation = revision.federation.text
        epoch = revision.epoch
        self.revision = revision.number
        for gateway in Set(revision.intents.keys).union(connected).sorted() {
            let intended = revision.intents[gateway]?.versions ?? [:]
            let record = records[gateway]
            var agent = WireAgentStatus()
            agent.gateway = WireGateway(gateway)
            agent.connected = connected.contains(gateway)
            if let record {
                agent.lastSeenMilliseconds = record.lastSeen
                agent.software = record.software
            }
            for resource in Set(intended.keys).union(record?.resources.keys.map(\.self) ?? []).sorted() {
                let status = WireResourceStatus(resource, intended: intended[resource], record: record?.resources[resource])
                if status.hasIntendedVersion, !status.hasAcknowledgedVersion || status.acknowledgedVersion != status.intendedVersion {
                    pending += 1
                }
                agent.resources.append(status)
            }
            agents.append(agent)
        }
        vniChanges = revision.vniProgress(records).map(WireVNIChange.init(_:))
    }
}

extension WireVNIChange {
    init(_ progress: VNIProgress) {
        self.init()
        vpn = progress.vpn.text
        sending = progress.sending.value
        secondary = progress.secondary.value
        goal = progress.goal.value
        waitsFor = progress.waitsFor.map(WireGateway.init(_:))
    }
}

extension WireResourceStatus {
    init(_ resource: ResourceName, intended: ResourceVersion?, record: ResourceRecord?) {
        self.init()
        self.resource = resource.description
        if let intended { intendedVersion = intended }
        if let applied = record?.applied { acknowledgedVersion = applied }
        // A refusal of a version that is no longer asked for is history.
        if let refusal = record?.rejection, intended == nil || refusal.version == intended { rejection = refusal.reason }
    }
}
