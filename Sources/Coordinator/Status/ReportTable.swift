import FederationAPI
import FederationModel
import Synchronization
import Verification

/// What all gateways reported. Soft: agents tell it again when the coordinator restarts.
///
/// Each gateway's assembly has its own lock: a report of a million routes is put together beside those of others, and not before them.
package final class ReportTable: Sendable {
    private final class Entry: Sendable {
        let assembly = Mutex(ReportAssembly())
    }

    private let entries = Mutex<[GatewayID: Entry]>([:])

    package init() {}

    private func entry(_ gateway: GatewayID) -> Entry? { entries.withLock { $0[gateway] } }

    package func begin(_ session: AgentSession, at now: Int64) {
        let entry = entries.withLock { entries in
            let entry = entries[session.gateway] ?? Entry()
            entries[session.gateway] = entry
            return entry
        }
        entry.assembly.withLock { $0.begin(session: session.number, at: now) }
    }

    package func end(_ session: AgentSession) { entry(session.gateway)?.assembly.withLock { $0.end(session: session.number) } }

    package func heartbeat(_ session: AgentSession, at now: Int64) {
        entry(session.gateway)?.assembly.withLock { $0.heartbeat(session: session.number, at: now) }
    }

    /// - Returns: repairs that were not reported before.
    package func add(_ part: ReportPart, of session: AgentSession, at now: Int64) throws -> [Drift] {
        try entry(session.gateway)?.assembly.withLock { try $0.add(part, session: session.number, at: now) } ?? []
    }

    /// Takes note that a part came which is not to be believed.
    package func skip(_ part: ReportPart, of session: AgentSession, at now: Int64) throws {
        try entry(session.gateway)?.assembly.withLock { try $0.skip(part.sequence, session: session.number, at: now) }
    }

    /// What a gateway said counts no more, and neither does what a session of it says that stands.
    package func forget(_ gateway: GatewayID) { entries.withLock { _ = $0.removeValue(forKey: gateway) } }

    /// Who said anything.
    package var gateways: Set<GatewayID> { entries.withLock { Set($0.keys) } }

    package func all(at now: Int64) -> [GatewayID: GatewayObservation] {
        entries.withLock { $0 }.compactMapValues { entry in entry.assembly.withLock { $0.observation(at: now) } }
    }
}
