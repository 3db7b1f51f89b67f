import Federation
import FederationAPI
import Synchronization
import Verification

/// What all gateways reported. Soft: agents tell it again when the coordinator restarts.
package final class Testimonies: Sendable {
    private let books = Mutex<[GatewayID: ReportBook]>([:])

    package init() {}

    package func begin(_ session: AgentSession, at now: Int64) {
        books.withLock { $0[session.gateway, default: ReportBook()].begin(session: session.number, at: now) }
    }

    package func end(_ session: AgentSession) {
        books.withLock { $0[session.gateway]?.end(session: session.number) }
    }

    package func heartbeat(_ session: AgentSession, at now: Int64) {
        books.withLock { $0[session.gateway]?.heartbeat(session: session.number, at: now) }
    }

    /// - Returns: repairs that were not reported before.
    package func add(_ part: ReportPart, of session: AgentSession, at now: Int64) throws -> [Drift] {
        try books.withLock { try $0[session.gateway, default: ReportBook()].add(part, session: session.number, at: now) }
    }

    package func all(at now: Int64) -> [GatewayID: Testimony] {
        books.withLock { $0 }.compactMapValues { $0.testimony(at: now) }
    }
}
