/// The readers of a client's updates. A reader that is slow finds one merged change, however much happened.
///
/// The rows themselves are not kept here: a reader gets them when it asks, so that nobody holds an old snapshot for it,
/// which would make the next update copy a whole table.
struct OVSDBSubscribers: Sendable {
    typealias Waiter = CheckedContinuation<OVSDBUpdate?, Never>

    private struct Subscriber {
        var pending: ReplicaChange?
        var waiter: Waiter?
        var isEnded = false
    }

    /// A reader to resume with what it waited for; to be done when no lock is held.
    struct Delivery: Sendable {
        let waiter: Waiter
        let update: OVSDBUpdate?

        func resume() { waiter.resume(returning: update) }
    }

    private var subscribers: [Int: Subscriber] = [:]
    private var next = 0

    /// - Parameter pending: what the new reader is to see at once.
    mutating func add(pending: ReplicaChange?) -> Int {
        next += 1
        subscribers[next] = Subscriber(pending: pending)
        return next
    }

    mutating func remove(_ id: Int) -> Delivery? {
        guard let waiter = subscribers.removeValue(forKey: id)?.waiter else { return nil }
        return Delivery(waiter: waiter, update: nil)
    }

    /// Something happened: readers that wait get it, others will.
    mutating func publish(_ change: ReplicaChange, _ replica: OVSDBReplica) -> [Delivery] {
        var deliveries: [Delivery] = []
        for id in subscribers.keys {
            var pending = subscribers[id]?.pending ?? ReplicaChange()
            pending.merge(change)
            if let waiter = subscribers[id]?.waiter {
                subscribers[id]?.waiter = nil
                deliveries.append(Delivery(waiter: waiter, update: OVSDBUpdate(replica: replica, change: pending)))
            } else {
                subscribers[id]?.pending = pending
            }
        }
        return deliveries
    }

    /// A reader asks: it gets what is there at once, or else waits.
    mutating func ask(_ id: Int, _ waiter: Waiter, _ replica: OVSDBReplica) -> Delivery? {
        guard let subscriber = subscribers[id], !subscriber.isEnded else { return Delivery(waiter: waiter, update: nil) }
        guard let pending = subscriber.pending else {
            subscribers[id]?.waiter = waiter
            return nil
        }
        subscribers[id]?.pending = nil
        return Delivery(waiter: waiter, update: OVSDBUpdate(replica: replica, change: pending))
    }

    /// A reader's task was cancelled: it asks no more.
    mutating func end(_ id: Int) -> Delivery? {
        guard let waiter = subscribers[id]?.waiter else {
            subscribers[id]?.isEnded = true
            return nil
        }
        subscribers[id] = Subscriber(isEnded: true)
        return Delivery(waiter: waiter, update: nil)
    }

    mutating func endAll() -> [Delivery] { subscribers.keys.compactMap { end($0) } }
}
