/// How much is kept of what happened. What is older, or more, goes; of verdicts the last change of each pair stays, however old it is.
package struct HistoryLimits: Hashable, Sendable {
    /// Milliseconds.
    package var age: Int64
    /// Changes of verdicts, counted by pair.
    package var pairChanges: Int
    /// Events, counted apart for verdicts and for agents, which come and go as often as they like.
    package var events: Int

    package init(days: Int = 7, pairChanges: Int = 5_000_000, events: Int = 100_000) {
        age = Int64(days) * 86_400_000
        self.pairChanges = pairChanges
        self.events = events
    }
}

/// What of the past is written down: since when, and until when. Milliseconds since 1970.
package struct Recording: Hashable, Sendable {
    package var since: Int64
    package var until: Int64
}
