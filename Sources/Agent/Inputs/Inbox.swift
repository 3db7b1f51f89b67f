import Synchronization

/// What the agent's inputs have to tell its loop. Of each kind of fact the newest event replaces the one before: a slow
/// loop sees fewer states, never old ones, and the inbox does not grow. An answer that came late replaces none.
package final class Inbox: Sendable {
    /// All that is new since the last look: the node first, by which a cloud is judged, then in the order in which it began to be.
    package struct News: Sendable {
        package fileprivate(set) var events: [Event] = []
        /// When the oldest of this reached the process: to measure the agent's own share.
        package fileprivate(set) var since: ContinuousClock.Instant?
    }

    private let news = Mutex(News())
    private let arrival = Signal()

    package init() {}

    /// - Parameter time: when it reached the process.
    package func tell(_ events: Event..., arrival time: ContinuousClock.Instant = .now) {
        news.withLock { news in
            for event in events {
                if let kind = event.kind, let place = news.events.firstIndex(where: { $0.kind == kind }) {
                    news.events[place] = event
                } else {
                    news.events.append(event)
                }
            }
            if news.since == nil { news.since = time }
        }
        arrival.raise()
    }

    /// Ends the wait, with nothing new.
    package func nudge() { arrival.raise() }

    /// What is new, at once if there is something, else when something comes or the time is over: then it may be nothing.
    package func next(within time: Duration) async -> News {
        await arrival.wait(within: time)
        return news.withLock { news in
            defer { news = News() }
            var ordered = news
            ordered.events = news.events.filter(\.isOfNode) + news.events.filter { !$0.isOfNode }
            return ordered
        }
    }
}
