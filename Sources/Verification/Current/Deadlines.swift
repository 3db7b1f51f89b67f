import FederationModel

/// Times at which something may change by itself, the next one first. One that has been moved is asked about in vain, and no harm done.
struct Deadlines: Sendable {
    enum Subject: Hashable, Sendable {
        /// It may have become stale, or a source of it.
        case gateway(GatewayID)
        /// What is in the VRFs of a cloud may not be excused any more.
        case viewer(VPNName, CloudName)
    }

    /// A binary heap by time.
    private var heap: [(time: Int64, subject: Subject)] = []
    /// The earliest of each subject.
    private var earliest: [Subject: Int64] = [:]

    var next: Int64? { heap.first?.time }

    mutating func set(_ subject: Subject, at time: Int64) {
        if let known = earliest[subject], known <= time { return }
        earliest[subject] = time
        heap.append((time, subject))
        var place = heap.count - 1
        while place > 0, heap[place].time < heap[(place - 1) / 2].time {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Those whose time has come.
    mutating func due(at now: Int64) -> Set<Subject> {
        var found: Set<Subject> = []
        while let first = heap.first, first.time <= now {
            removeFirst()
            guard earliest[first.subject] == first.time else { continue }
            earliest[first.subject] = nil
            found.insert(first.subject)
        }
        return found
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].time < heap[least].time { least = child }
            guard least != place else { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
