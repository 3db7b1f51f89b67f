/// What happened since the reader last looked: each object once, with the last that befell it, in the order in which they
/// were touched first. Never more than `capacity` objects: beyond, it is an overrun.
struct PendingEvents {
    private var order: [KernelObject] = []
    private var isRemoved: [KernelObject: Bool] = [:]
    private var isOverrun = false
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    var isEmpty: Bool { order.isEmpty && !isOverrun }

    mutating func changed(_ object: KernelObject) { record(object, removed: false) }
    mutating func removed(_ object: KernelObject) { record(object, removed: true) }

    /// Everything will be read again after `take()`, so earlier single events are obsolete.
    mutating func overrun() {
        order.removeAll()
        isRemoved.removeAll()
        isOverrun = true
    }

    mutating func take() -> [KernelEvent] {
        defer {
            order.removeAll()
            isRemoved.removeAll()
            isOverrun = false
        }
        if isOverrun { return [.overrun] }
        return order.map { isRemoved[$0] == true ? .removed($0) : .changed($0) }
    }

    private mutating func record(_ object: KernelObject, removed: Bool) {
        guard !isOverrun else { return }
        if isRemoved.updateValue(removed, forKey: object) == nil { order.append(object) }
        if order.count > capacity { overrun() }
    }
}
