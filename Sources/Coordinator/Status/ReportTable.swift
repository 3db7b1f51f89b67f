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
        /// What the judge was told last.
        let told = Mutex<GatewayObservation?>(nil)
    }

    private let entries = Mutex<[GatewayID: Entry]>([:])
    /// What the judge was not told.
    private struct News: Sendable {
        /// Gateways of which something came.
        var stirred: Set<GatewayID> = []
        /// Those of which all that was said before counts no more.
        var forgotten: Set<GatewayID> = []
    }

    private let news = Mutex(News())

    package init() {}

    private func entry(_ gateway: GatewayID) -> Entry? { entries.withLock { $0[gateway] } }

    private func stir(_ gateway: GatewayID) { news.withLock { _ = $0.stirred.insert(gateway) } }

    package func begin(_ session: AgentSession, at now: Int64) {
        let entry = entries.withLock { entries in
            let entry = entries[session.gateway] ?? Entry()
            entries[session.gateway] = entry
            return entry
        }
        entry.assembly.withLock { $0.begin(session: session.number, at: now) }
        stir(session.gateway)
    }

    package func end(_ session: AgentSession) {
        entry(session.gateway)?.assembly.withLock { $0.end(session: session.number) }
        stir(session.gateway)
    }

    package func heartbeat(_ session: AgentSession, at now: Int64) {
        defer { stir(session.gateway) }
        entry(session.gateway)?.assembly.withLock { $0.heartbeat(session: session.number, at: now) }
    }

    /// - Returns: repairs that were not reported before.
    package func add(_ part: ReportPart, of session: AgentSession, at now: Int64) throws -> [Drift] {
        defer { stir(session.gateway) }
        return try entry(session.gateway)?.assembly.withLock { try $0.add(part, session: session.number, at: now) } ?? []
    }

    /// Takes note that a part came which is not to be believed.
    package func skip(_ part: ReportPart, of session: AgentSession, at now: Int64) throws {
        defer { stir(session.gateway) }
        try entry(session.gateway)?.assembly.withLock { try $0.skip(part.sequence, session: session.number, at: now) }
    }

    /// What a gateway said counts no more, and neither does what a session of it says that stands.
    package func forget(_ gateway: GatewayID) {
        entries.withLock { _ = $0.removeValue(forKey: gateway) }
        news.withLock { _ = $0.forgotten.insert(gateway) }
        stir(gateway)
    }

    /// Who said anything.
    package var gateways: Set<GatewayID> { entries.withLock { Set($0.keys) } }

    package func all(at now: Int64) -> [GatewayID: GatewayObservation] {
        entries.withLock { $0 }.compactMapValues { entry in entry.assembly.withLock { $0.observation(at: now) } }
    }

    /// Whether something came that the judge was not told.
    package var hasNews: Bool { news.withLock { !$0.stirred.isEmpty } }

    /// What changed of what gateways say since this was last asked. One caller only: what it is told it is not told again.
    package func takeNews(at now: Int64) -> [FactChange] {
        let news = news.withLock { news in
            defer { news = News() }
            return news
        }
        return news.forgotten.map { .forgotten($0) }
            + news.stirred.flatMap { gateway -> [FactChange] in
                guard let entry = entry(gateway) else { return [] }
                let (observation, isForming) = entry.assembly.withLock { ($0.observation(at: now), $0.isForming(at: now)) }
                // A report becomes believed by time alone, too.
                if isForming { stir(gateway) }
                return entry.told.withLock { told in
                    defer { told = observation }
                    return FactChange.changes(of: gateway, from: told, to: observation)
                }
            }
    }
}
