import FederationModel
import NetworkTypes
import Verification

extension FederationEvent {
    /// Nil for an event that this release does not know.
    init?(_ wire: WireFederationEvent) throws(ConversionError) {
        let kind: Kind
        switch wire.event {
        case .agentConnected(let event):
            kind = .agentConnected(try convert(event.gateway, "agent_connected.gateway", GatewayID.init(_:)), software: event.software)
        case .agentDisconnected(let event):
            kind = .agentDisconnected(try convert(event.gateway, "agent_disconnected.gateway", GatewayID.init(_:)), reason: event.reason)
        case .resourceAcknowledged(let event):
            kind = .resourceAcknowledged(
                try convert(event.gateway, "resource_acknowledged.gateway", GatewayID.init(_:)),
                try parse(event.resource, "resource_acknowledged.resource"),
                try convert(event.outcome, "resource_acknowledged.outcome", Acknowledgement.init(_:)))
        case .verdictsChanged(let event):
            kind = .verdictsChanged(try convert(event, "verdicts_changed", VerdictTransition.init(_:)))
        case .driftRepaired(let event):
            kind = .driftRepaired(
                try convert(event.gateway, "drift_repaired.gateway", GatewayID.init(_:)), try parse(event.vpn, "drift_repaired.vpn"),
                try convert(event.drift, "drift_repaired.drift", Drift.init(_:)))
        case .revisionApplied(let event):
            kind = .revisionApplied(
                RevisionApplied(
                    revision: event.revision, author: try convert(event.author, "revision_applied.author", Principal.init(_:)),
                    origin: RevisionOrigin(rawValue: event.origin),
                    restores: event.hasRestores ? event.restores : nil,
                    deadline: event.hasDeadlineMilliseconds ? moment(event.deadlineMilliseconds) : nil))
        case .revisionConfirmed(let event):
            kind = .revisionConfirmed(
                revision: event.revision, author: try convert(event.author, "revision_confirmed.author", Principal.init(_:)))
        case .recordingBegan(let event):
            kind = .recordingBegan(until: event.hasRecordedUntilMilliseconds ? moment(event.recordedUntilMilliseconds) : nil)
        case .verdicts(let summary): kind = .verdicts(try convert(summary, "verdicts", VerdictSummary.init(_:)))
        case nil: return nil
        }
        self.init(at: moment(wire.atMilliseconds), kind)
    }
}

extension WireFederationEvent {
    init(_ event: FederationEvent) {
        atMilliseconds = event.at
        switch event.kind {
        case .agentConnected(let gateway, let software):
            agentConnected.gateway = WireGateway(gateway)
            agentConnected.software = software
        case .agentDisconnected(let gateway, let reason):
            agentDisconnected.gateway = WireGateway(gateway)
            agentDisconnected.reason = reason
        case .resourceAcknowledged(let gateway, let resource, let outcome):
            resourceAcknowledged.gateway = WireGateway(gateway)
            resourceAcknowledged.resource = resource.description
            resourceAcknowledged.outcome = WireResourceOutcome(outcome)
        case .verdictsChanged(let transition): verdictsChanged = WireVerdictsChanged(transition)
        case .driftRepaired(let gateway, let vpn, let drift):
            driftRepaired.gateway = WireGateway(gateway)
            driftRepaired.vpn = vpn.text
            driftRepaired.drift = WireDrift(drift)
        case .revisionApplied(let applied):
            revisionApplied.revision = applied.revision
            revisionApplied.author = WirePrincipal(applied.author)
            revisionApplied.origin = applied.origin.rawValue
            if let number = applied.restores { revisionApplied.restores = number }
            if let deadline = applied.deadline { revisionApplied.deadlineMilliseconds = deadline }
        case .revisionConfirmed(let revision, let author):
            revisionConfirmed.revision = revision
            revisionConfirmed.author = WirePrincipal(author)
        case .recordingBegan(let until):
            recordingBegan = WireRecordingBegan()
            if let until { recordingBegan.recordedUntilMilliseconds = until }
        case .verdicts(let summary): verdicts = WireVerdictSummary(summary, withoutPairs: true)
        }
    }
}
