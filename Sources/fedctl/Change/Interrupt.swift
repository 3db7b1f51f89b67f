import Dispatch
import Foundation

/// What is said when somebody interrupts a wait: it ends the waiting only.
final class Interrupt {
    private let source: any DispatchSourceSignal

    /// - Parameter say: then the process ends with 130, as a shell says it of SIGINT.
    init(_ say: @escaping @Sendable () -> Void) {
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            say()
            exit(130)
        }
        source.resume()
        self.source = source
    }

    /// An interrupt ends the process again, without a word.
    func end() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
