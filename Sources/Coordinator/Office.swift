import Federation
import FederationAPI
import Foundation
import Logging
import Verification

/// Where everything that the coordinator knows comes together; the services ask and tell it.
package final class Office: Sendable {
    package let sessions: Sessions
    package let testimonies = Testimonies()
    package let roll: AgentRoll
    package let events = EventFeed()
    package let store: any Store
    /// Milliseconds since 1970.
    package let clock: @Sendable () -> Int64
    let log: Logger

    /// Reads what is stored.
    package init(store: any Store, log: Logger, clock: @escaping @Sendable () -> Int64 = Office.wallClock) async throws {
        self.store = store
        self.log = log
        self.clock = clock
        sessions = Sessions(try await store.latest())
        roll = AgentRoll(try await store.agents())
    }

    package static let wallClock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }

    package var current: Revision { sessions.current }

    /// The judgement of this moment over all VPNs and pairs.
    package func verdicts() -> [PairVerdict] {
        let now = clock()
        return verify(intents: current.intents, testimonies: testimonies.all(at: now), now: now)
    }

    /// Ends what waits: sessions and watchers.
    package func stop() {
        sessions.stop()
        events.stop()
    }
}
