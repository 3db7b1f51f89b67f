import FederationAPI
import FederationModel
import Logging

/// What happens in an agent's session.
extension ControlPlane: AgentSessionHost {
    package var limits: AgentBudget.Limits { sessions.limits }
    package func enter(_ gateway: GatewayID) throws(BudgetBreach) { try sessions.enter(gateway) }
    package func leave(_ gateway: GatewayID) { sessions.leave(gateway) }

    /// An agent says who it is and what it holds.
    package func begin(_ gateway: GatewayID, hello: Hello) -> AgentSession {
        let now = clock()
        let revision = current
        let session = sessions.begin(gateway, hello: hello)
        reports.begin(session, at: now)
        registry.begin(gateway, hello: hello, at: now)
        log.info(
            "agent connected",
            metadata: [
                "gateway": "\(gateway)", "software": "\(hello.software)", "session": "\(session.number)", "holds": "\(hello.held.count)",
                "revision": "\(hello.revision)",
            ])
        notice(hello, of: gateway, on: revision)
        if revision.intents[gateway] == nil {
            log.warning(
                "the agent’s gateway is not in the graph; it gets no intent until it is added",
                metadata: ["gateway": "\(gateway)", "remedy": "add it to the gateways of its cloud and apply"])
        }
        events.tell(at: now, .agentConnected(gateway, software: hello.software))
        return session
    }

    /// An agent says something after its Hello.
    /// - Throws: where the session cannot be gone on with.
    package func receive(_ message: AgentMessage, in session: AgentSession) throws {
        let now = clock()
        let gateway = session.gateway
        registry.heard(gateway, at: now)
        switch message {
        case .hello:
            throw SessionFault.secondHello
        case .heartbeat:
            reports.heartbeat(session, at: now)
        case .acknowledgement(let resource, let acknowledgement):
            reports.heartbeat(session, at: now)
            guard session.includes(resource) else {
                misbehaviour.note(
                    "agent reported on a resource outside of its intent; ignored", ["gateway": "\(gateway)", "resource": "\(resource)"])
                return
            }
            // It was under way when the VPN was taken away: nothing is asked for there any more.
            guard session.hasSent(resource) else { return }
            registry.acknowledge(resource, acknowledgement, by: gateway)
            if case .rejected(let version, let reason) = acknowledgement {
                log.warning(
                    "agent refused a resource",
                    metadata: ["gateway": "\(gateway)", "resource": "\(resource)", "version": "\(version)", "reason": "\(reason)"])
            }
            events.tell(at: now, .resourceAcknowledged(gateway, resource, acknowledgement))
        case .report(let part):
            if let resource = part.content.resource, !session.includes(resource) {
                misbehaviour.note(
                    "agent reported on a resource outside of its intent; ignored", ["gateway": "\(gateway)", "resource": "\(resource)"])
                try reports.skip(part, of: session, at: now)
                return
            }
            try session.hold(part.content)
            switch part.content {
            // Attachments stand in the first chunk.
            case .vpn(let vpn), .vpnChunk(let vpn, isFirst: true, isLast: _): noteNames(vpn, of: gateway)
            default: break
            }
            for drift in try reports.add(part, of: session, at: now) {
                guard case .vpn(let name)? = part.content.resource else { continue }
                events.tell(at: now, .driftRepaired(gateway, name, drift))
            }
        }
    }

    /// The next message for the agent; nil where it knows everything.
    package func next(for session: AgentSession) -> CoordinatorMessage? {
        let message = session.next()
        if case .vpnRemoved(let name) = message { registry.forget(.vpn(name), of: session.gateway) }
        return message
    }

    /// What a gateway said counts no more: its certificate was revoked, or it is in the graph no more.
    package func forget(_ gateway: GatewayID) {
        reports.forget(gateway)
        registry.remove(gateway)
    }

    /// Forgets what was said by gateways that a revision does not have. Of one that is connected all the same it is forgotten at its end: the
    /// gateway may come back before it hears that it is gone, and then it tells nothing anew.
    func forgetOthers(than revision: Revision) {
        let connected = sessions.connected
        for gateway in reports.gateways.union(registry.all.keys) where revision.intents[gateway] == nil && !connected.contains(gateway) {
            forget(gateway)
        }
    }

    package func end(_ session: AgentSession, reason: String) {
        reports.end(session)
        // A session that was replaced leaves the agent connected, by another one.
        guard sessions.end(session) else { return }
        registry.end(session.gateway)
        if current.intents[session.gateway] == nil { forget(session.gateway) }
        log.info("agent disconnected", metadata: ["gateway": "\(session.gateway)", "session": "\(session.number)", "reason": "\(reason)"])
        events.tell(at: clock(), .agentDisconnected(session.gateway, reason: reason))
    }
}

extension ReportPart.Content {
    /// What it speaks of; nil where it is the node as a whole.
    fileprivate var resource: ResourceName? {
        switch self {
        case .base, .received, .bgpvpns: nil
        case .vpn(let report), .vpnChunk(let report, _, _): .vpn(report.name)
        case .vpnRemoved(let name): .vpn(name)
        }
    }
}

/// What an agent does that it must not.
package enum SessionFault: Error, Hashable, Sendable, CustomStringConvertible {
    case noHello
    case secondHello

    package var description: String {
        switch self {
        case .noHello: "a session must begin with Hello"
        case .secondHello: "Hello must appear once in a session"
        }
    }
}
