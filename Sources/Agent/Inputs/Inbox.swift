import OVN
import Synchronization

/// What the agent's inputs have to tell its loop. Each input tells its newest view, which replaces the one before: a slow loop
/// sees fewer states, never old ones, and the inbox never grows.
package final class Inbox: Sendable {
    /// All that is new since the last look.
    package struct News: Sendable {
        package var switchView: LocalSwitchView?
        package var cloud: CloudView?
        /// Something in the kernel that concerns us may have changed.
        package var kernelIsDirty = false
        /// bgpd or zebra closed its connection, or has none.
        package var routingIsDirty = false
        /// When the oldest of this reached the process: to measure the agent's own share.
        package var since: ContinuousClock.Instant?
    }

    private let news = Mutex(News())
    private let arrival = Signal()

    package init() {}

    /// - Parameter arrival: when it reached the process.
    package func tell(arrival time: ContinuousClock.Instant = .now, _ change: @Sendable (inout News) -> Void) {
        news.withLock { news in
            change(&news)
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
            return news
        }
    }
}
