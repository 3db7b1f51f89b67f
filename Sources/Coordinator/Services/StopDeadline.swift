import Dispatch
import Foundation
import Logging
import ServiceLifecycle

/// Ends the process where stopping takes too long: a peer that does not read its goodbye, or work that hears of no cancellation, must not
/// keep it from being started again. What was acknowledged is on disk.
///
/// It has a thread of its own, because Swift's may be what is busy.
package struct StopDeadline: Service {
    let time: TimeInterval
    let log: Logger

    /// - Parameter seconds: from the signal on.
    package init(seconds: TimeInterval, log: Logger) {
        time = seconds
        self.log = log
    }

    package func run() async throws {
        // Its own ears too: those of the service group are on the threads that may be busy.
        let sources = [SIGTERM, SIGINT].map { signal in
            let source = DispatchSource.makeSignalSource(signal: signal, queue: DispatchQueue(label: "stop deadline"))
            source.setEventHandler { @Sendable [self] in begin() }
            source.resume()
            return source
        }
        try? await gracefulShutdown()
        begin()
        withExtendedLifetime(sources) {}
    }

    /// Twice does no harm: the first one ends the process.
    private func begin() {
        let (time, log) = (time, log)
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: time)
            log.error("stopping takes too long, exiting now; everything acknowledged is stored", metadata: ["seconds": "\(time)"])
            _exit(1)
        }
    }
}
