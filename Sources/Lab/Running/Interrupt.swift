import Dispatch
import Glibc

/// Calls `body` on Ctrl-C or SIGTERM, then leaves with 130. Keep the returned value for as long as that shall work.
package func onInterrupt(_ body: @escaping @Sendable () async -> Void) -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM, SIGHUP].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { @Sendable in
            Task {
                await body()
                exit(130)
            }
        }
        source.resume()
        return source
    }
}
