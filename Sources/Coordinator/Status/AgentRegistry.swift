import FederationAPI
import FederationModel
import Synchronization

/// All agents that were ever heard, and which records changed since they were last stored.
package final class AgentRegistry: Sendable {
    private struct State: Sendable {
        var records: [GatewayID: AgentRecord]
        var changed: Set<GatewayID> = []
        /// Not in the registry any more, and stored perhaps.
        var removed: Set<GatewayID> = []
        /// Last seen as it is stored.
        var storedSeen: [GatewayID: Int64]
        /// Changes of what agents have applied or rejected.
        var changes: UInt64 = 0
        /// Agents of which the judge was not told what they have applied.
        var stirred: Set<GatewayID>

        mutating func note(_ gateway: GatewayID) {
            changes += 1
            stirred.insert(gateway)
        }
    }

    private let state: Mutex<State>

    /// `last seen` alone is stored every so many milliseconds only: agents speak every few seconds.
    private static let seenInterval: Int64 = 30_000

    package init(_ records: [AgentRecord]) {
        let byGateway = Dictionary(records.map { ($0.gateway, $0) }) { first, _ in first }
        state = Mutex(State(records: byGateway, storedSeen: byGateway.mapValues(\.lastSeen), stirred: Set(byGateway.keys)))
    }

    package var all: [GatewayID: AgentRecord] { state.withLock { $0.records } }

    /// Another number whenever anything changed in what agents have applied or rejected.
    package var changes: UInt64 { state.withLock { $0.changes } }

    /// What agents have applied or refused, of those for whom that changed since this was last asked. One caller only.
    package func takeNews() -> [GatewayID: [ResourceName: ResourceRecord]] {
        state.withLock { state in
            defer { state.stirred = [] }
            return Dictionary(uniqueKeysWithValues: state.stirred.map { ($0, state.records[$0]?.resources ?? [:]) })
        }
    }

    package var hasNews: Bool { state.withLock { !$0.stirred.isEmpty } }

    /// A session begins, and what was acknowledged in another counts no more: an agent that was started again holds what it has not applied
    /// yet. It says all again. What it still has of what it is to have no more is remembered as being there.
    package func begin(_ gateway: GatewayID, hello: Hello, at now: Int64) {
        state.withLock { state in
            let known = state.records[gateway]?.resources ?? [:]
            let resources = known.filter { hello.held[$0.key] != nil }.mapValues { _ in ResourceRecord() }
            state.records[gateway] = AgentRecord(gateway: gateway, lastSeen: now, software: hello.software, resources: resources)
            state.changed.insert(gateway)
            state.note(gateway)
        }
    }

    package func heard(_ gateway: GatewayID, at now: Int64) {
        state.withLock { state in
            state.records[gateway]?.lastSeen = now
            if now - state.storedSeen[gateway, default: 0] >= Self.seenInterval { state.changed.insert(gateway) }
        }
    }

    package func acknowledge(_ resource: ResourceName, _ acknowledgement: Acknowledgement, by gateway: GatewayID) {
        state.withLock { state in
            guard state.records[gateway] != nil else { return }
            state.records[gateway]?.resources[resource, default: ResourceRecord()].take(acknowledgement)
            state.changed.insert(gateway)
            state.note(gateway)
        }
    }

    /// The agent was told that a VPN is gone: it is asked for nothing there any more.
    package func forget(_ resource: ResourceName, of gateway: GatewayID) {
        state.withLock { state in
            state.records[gateway]?.resources[resource] = nil
            state.changed.insert(gateway)
            state.note(gateway)
        }
    }

    /// What an agent said counts no more.
    package func remove(_ gateway: GatewayID) {
        state.withLock { state in
            guard state.records.removeValue(forKey: gateway) != nil else { return }
            state.storedSeen[gateway] = nil
            state.changed.remove(gateway)
            state.removed.insert(gateway)
            state.note(gateway)
        }
    }

    package func end(_ gateway: GatewayID) { _ = state.withLock { $0.changed.insert(gateway) } }

    /// The records to store. Whoever takes them stores them, or gives them back with `retain`.
    package func takeChanged() -> [AgentRecord] {
        state.withLock { state in
            let records = state.changed.compactMap { state.records[$0] }.sorted { $0.gateway < $1.gateway }
            for record in records { state.storedSeen[record.gateway] = record.lastSeen }
            state.changed = []
            return records
        }
    }

    /// Those whose records are to be removed from the store. Whoever takes them removes them, or gives them back with `retain`.
    package func takeRemoved() -> Set<GatewayID> {
        state.withLock { state in
            defer { state.removed = [] }
            return state.removed
        }
    }

    package func retain(removed: Set<GatewayID>) { state.withLock { $0.removed.formUnion(removed) } }

    package func retain(_ records: [AgentRecord]) {
        state.withLock { $0.changed.formUnion(records.map(\.gateway)) }
    }
}
