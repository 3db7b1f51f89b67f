import FederationAPI
import FederationModel
import Synchronization
import Verification

/// What all gateways reported. Soft: agents tell it again when the coordinator restarts.
///
/// Each gateway's book has its own lock: a report of a million routes is put together beside those of others, and not before them.
package final class Testimonies: Sendable {
    private final class Shelf: Sendable {
        let book = Mutex(ReportBook())
    }

    private let shelves = Mutex<[GatewayID: Shelf]>([:])

    package init() {}

    private func shelf(_ gateway: GatewayID) -> Shelf? { shelves.withLock { $0[gateway] } }

    package func begin(_ session: AgentSession, at now: Int64) {
        let shelf = shelves.withLock { shelves in
            let shelf = shelves[session.gateway] ?? Shelf()
            shelves[session.gateway] = shelf
            return shelf
        }
        shelf.book.withLock { $0.begin(session: session.number, at: now) }
    }

    package func end(_ session: AgentSession) { shelf(session.gateway)?.book.withLock { $0.end(session: session.number) } }

    package func heartbeat(_ session: AgentSession, at now: Int64) {
        shelf(session.gateway)?.book.withLock { $0.heartbeat(session: session.number, at: now) }
    }

    /// - Returns: repairs that were not reported before.
    package func add(_ part: ReportPart, of session: AgentSession, at now: Int64) throws -> [Drift] {
        try shelf(session.gateway)?.book.withLock { try $0.add(part, session: session.number, at: now) } ?? []
    }

    /// Takes note that a part came which is not to be believed.
    package func skip(_ part: ReportPart, of session: AgentSession, at now: Int64) throws {
        try shelf(session.gateway)?.book.withLock { try $0.skip(part.sequence, session: session.number, at: now) }
    }

    /// What a gateway said counts no more, and neither does what a session of it says that stands.
    package func forget(_ gateway: GatewayID) { shelves.withLock { _ = $0.removeValue(forKey: gateway) } }

    /// Who said anything.
    package var gateways: Set<GatewayID> { shelves.withLock { Set($0.keys) } }

    package func all(at now: Int64) -> [GatewayID: Testimony] {
        shelves.withLock { $0 }.compactMapValues { shelf in shelf.book.withLock { $0.testimony(at: now) } }
    }
}
