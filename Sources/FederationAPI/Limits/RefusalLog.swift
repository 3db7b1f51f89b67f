import Logging
import Synchronization

/// Writes down refusals that anybody can cause as often as he likes: ten lines at once, then one in ten seconds. The next line that is
/// written tells how many were not.
package final class RefusalLog: Sendable {
    private struct Kind: Sendable {
        var bucket = TokenBucket(capacity: 10, rate: 0.1)
        var suppressed = 0
    }

    private let kinds = Mutex<[String: Kind]>([:])
    private let log: Logger
    private let start = ContinuousClock.now

    package init(_ log: Logger) { self.log = log }

    /// - Parameter message: one of few: each has a rate of its own.
    package func note(_ message: String, _ metadata: @autoclosure () -> Logger.Metadata) {
        note(message, metadata(), at: milliseconds)
    }

    /// - Parameter now: milliseconds since the start.
    func note(_ message: String, _ metadata: @autoclosure () -> Logger.Metadata, at now: Int64) {
        let suppressed: Int? = kinds.withLock { kinds in
            guard kinds[message, default: Kind()].bucket.take(at: now) else {
                kinds[message]?.suppressed += 1
                return nil
            }
            defer { kinds[message]?.suppressed = 0 }
            return kinds[message]?.suppressed
        }
        guard let suppressed else { return }
        var metadata = metadata()
        if suppressed > 0 { metadata["more of them before"] = "\(suppressed)" }
        log.warning("\(message)", metadata: metadata)
    }

    private var milliseconds: Int64 {
        let elapsed = (ContinuousClock.now - start).components
        return elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000
    }
}
