import FederationAPI
import FederationModel
import Synchronization

/// The sessions that stand, one per gateway at most.
package final class Sessions: Sendable {
    private struct State: Sendable {
        var byGateway: [GatewayID: AgentSession] = [:]
        /// What names mean, as it is stored.
        var pins: [CloudName: [AttachmentPin]]
        var begun: UInt64 = 0
        var isStopping = false
        /// Calls that stand, sessions or not yet.
        var calls: [GatewayID: Int] = [:]
        var succeeds: [String] = []
    }

    private let state: Mutex<State>
    private let active: ActiveRevision
    package let limits: AgentBudget.Limits

    /// - Parameter active: tells what the sessions are told.
    package init(_ active: ActiveRevision, pins: [CloudName: [AttachmentPin]] = [:], limits: AgentBudget.Limits = .init()) {
        self.active = active
        state = Mutex(State(pins: pins))
        self.limits = limits
    }

    /// A gateway begins a call; whoever enters leaves.
    package func enter(_ gateway: GatewayID) throws(BudgetBreach) {
        let hasRoom = state.withLock { state in
            guard state.calls[gateway, default: 0] < limits.streams else { return false }
            state.calls[gateway, default: 0] += 1
            return true
        }
        guard hasRoom else { throw BudgetBreach.streams(limits.streams) }
    }

    package func leave(_ gateway: GatewayID) {
        state.withLock { state in
            let rest = state.calls[gateway, default: 1] - 1
            state.calls[gateway] = rest > 0 ? rest : nil
        }
    }

    package var connected: Set<GatewayID> { state.withLock { Set($0.byGateway.keys) } }

    /// Gateways whose agents have not taken all that there is to say.
    package var behind: Set<GatewayID> {
        Set(state.withLock { Array($0.byGateway.values) }.filter(\.isBehind).map(\.gateway))
    }

    /// Begins a session. One of the same gateway that still stands is ended: an agent that comes again has lost it.
    package func begin(_ gateway: GatewayID, hello: Hello) -> AgentSession {
        let (session, former) = state.withLock { state in
            state.begun += 1
            // Read while the sessions are locked: who comes after a revision was put in force finds it, who came before is revised.
            let revision = active.current.revision
            let distribution = Distribution(
                gateway: gateway, hello: hello, current: revision, pins: state.pins[gateway.cloud] ?? [], succeeds: state.succeeds)
            let session = AgentSession(number: state.begun, distribution: distribution, limits: limits)
            if state.isStopping { session.finish(.stopping) }
            return (session, state.byGateway.updateValue(session, forKey: gateway))
        }
        former?.finish(.replaced)
        return session
    }

    /// - Returns: whether the gateway is without session now; false where another took its place.
    package func end(_ session: AgentSession) -> Bool {
        state.withLock { state in
            guard state.byGateway[session.gateway] === session else { return false }
            state.byGateway[session.gateway] = nil
            return true
        }
    }

    /// Another revision is in force. Every session hears of it: those that nothing changes for learn its number.
    package func revise() {
        let revision = active.current.revision
        for session in state.withLock({ Array($0.byGateway.values) }) { session.revise(revision) }
    }

    /// What names mean in a cloud is stored: all its gateways hear of it.
    package func publish(_ pins: [AttachmentPin], of cloud: CloudName) {
        let sessions = state.withLock { state in
            state.pins[cloud] = pins
            return state.byGateway.values.filter { $0.gateway.cloud == cloud }
        }
        for session in sessions { session.revise(pins) }
    }

    /// Sessions that begin from now on are told that these databases are succeeded by ours.
    package func succeed(_ epochs: [String]) { state.withLock { $0.succeeds = epochs } }

    package var succeeded: [String] { state.withLock { $0.succeeds } }

    /// Ends all sessions and those that still come.
    package func stop() {
        let sessions = state.withLock { state in
            state.isStopping = true
            return Array(state.byGateway.values)
        }
        for session in sessions { session.finish(.stopping) }
    }
}
