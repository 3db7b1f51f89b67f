// Dispatch sources may be held anywhere; their protocol just does not say so yet.
@preconcurrency import Dispatch
import Glibc

/// Ctrl-C, SIGTERM and SIGHUP from now on: `body` is called, then the program leaves with 130.
package struct Interrupt: Sendable {
    private let sign = StopSign()
    private let sources: [any DispatchSourceSignal]

    package init(_ body: @escaping @Sendable () async -> Void) {
        let sign = sign
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { @Sendable in
                guard !sign.isSet else { return }
                sign.set()
                Task {
                    await body()
                    exit(130)
                }
            }
            source.resume()
            return source
        }
    }

    /// Returns at once, unless there was an interrupt: what was under way has then failed because of it, and that must not
    /// be told as an error; the program ends while this waits.
    package func settle() async {
        withExtendedLifetime(sources) {}
        while sign.isSet { try? await Task.sleep(for: .seconds(1)) }
    }
}
