import FederationModel
import NetworkTypes

extension FederationStatus {
    init(_ wire: WireGetStatusResponse) throws(ConversionError) {
        self.init(
            federation: try parse(wire.federation, "federation"), epoch: wire.epoch, revision: wire.revision, pending: Int(wire.pending),
            agents: try convert(wire.agents, "agents", AgentStatus.init(_:)),
            pendingCommit: wire.hasPendingCommit ? try convert(wire.pendingCommit, "pending_commit", PendingCommit.init(_:)) : nil,
            vniChanges: try convert(wire.vniChanges, "vni_changes", VNIProgress.init(_:)),
            problems: try convert(wire.problems, "problems", CoordinatorProblem.init(_:)))
    }
}

extension WireGetStatusResponse {
    init(_ status: FederationStatus) {
        federation = status.federation.text
        epoch = status.epoch
        revision = status.revision
        pending = UInt32(clamping: status.pending)
        agents = status.agents.map(WireAgentStatus.init(_:))
        if let pending = status.pendingCommit { pendingCommit = WirePendingCommit(pending) }
        vniChanges = status.vniChanges.map(WireVNIChange.init(_:))
        problems = status.problems.map(WireCoordinatorProblem.init(_:))
    }
}

extension AgentStatus {
    init(_ wire: WireAgentStatus) throws(ConversionError) {
        self.init(
            gateway: try convert(wire.gateway, "gateway", GatewayID.init(_:)), connected: wire.connected,
            lastSeen: wire.hasLastSeenMilliseconds ? moment(wire.lastSeenMilliseconds) : nil, software: wire.software,
            resources: try convert(wire.resources, "resources", ResourceStatus.init(_:)))
    }
}

extension WireAgentStatus {
    init(_ status: AgentStatus) {
        gateway = WireGateway(status.gateway)
        connected = status.connected
        if let time = status.lastSeen { lastSeenMilliseconds = time }
        software = status.software
        resources = status.resources.map(WireResourceStatus.init(_:))
    }
}

extension ResourceStatus {
    init(_ wire: WireResourceStatus) throws(ConversionError) {
        self.init(
            resource: try parse(wire.resource, "resource"), intended: wire.hasIntendedVersion ? wire.intendedVersion : nil,
            acknowledged: wire.hasAcknowledgedVersion ? wire.acknowledgedVersion : nil, rejection: wire.hasRejection ? wire.rejection : nil)
    }
}

extension WireResourceStatus {
    init(_ status: ResourceStatus) {
        resource = status.resource.description
        if let version = status.intended { intendedVersion = version }
        if let version = status.acknowledged { acknowledgedVersion = version }
        if let reason = status.rejection { rejection = reason }
    }
}

extension VNIProgress {
    init(_ wire: WireVNIChange) throws(ConversionError) {
        self.init(
            vpn: try parse(wire.vpn, "vpn"), sending: try parse(number: wire.sending, "sending", "VNI", VNI.init(value:)),
            secondary: try parse(number: wire.secondary, "secondary", "VNI", VNI.init(value:)),
            goal: try parse(number: wire.goal, "goal", "VNI", VNI.init(value:)),
            waitsFor: try convert(wire.waitsFor, "waits_for", GatewayID.init(_:)))
    }
}

extension WireVNIChange {
    init(_ progress: VNIProgress) {
        vpn = progress.vpn.text
        sending = progress.sending.value
        secondary = progress.secondary.value
        goal = progress.goal.value
        waitsFor = progress.waitsFor.map(WireGateway.init(_:))
    }
}

extension CoordinatorProblem {
    init(_ wire: WireCoordinatorProblem) throws(ConversionError) {
        let severity: Severity =
            switch wire.severity {
            case .error: .error
            case .warning: .warning
            case .unspecified, .UNRECOGNIZED:
                throw ConversionError(field: "severity", reason: "unknown severity \(wire.severity.rawValue)")
            }
        self.init(severity, code: wire.code, reason: wire.reason, remedy: wire.remedy)
    }
}

extension WireCoordinatorProblem {
    init(_ problem: CoordinatorProblem) {
        severity = problem.severity == .error ? .error : .warning
        code = problem.code
        reason = problem.reason
        remedy = problem.remedy
    }
}
