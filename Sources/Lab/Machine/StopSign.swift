import Synchronization

/// Tells work on other threads to end.
package final class StopSign: Sendable {
    private let flag = Atomic(false)

    package init() {}
    package var isSet: Bool { flag.load(ordering: .acquiring) }
    package func set() { flag.store(true, ordering: .releasing) }
}
