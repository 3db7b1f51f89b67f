import FederationModel

/// What the names of attachments mean, by cloud: the first that an agent of the cloud found, so that all its gateways mean the same.
///
/// Pure: it says what is to be stored, and who stores it says what was.
package struct AttachmentPins: Sendable {
    /// What is to be stored.
    package struct Changes: Hashable, Sendable {
        package var saved: [CloudName: [AttachmentPin]] = [:]
        package var removed: [CloudName: [AttachmentSelector]] = [:]

        package init() {}

        package var isEmpty: Bool { saved.isEmpty && removed.isEmpty }
        /// Sorted.
        package var clouds: [CloudName] { Set(saved.keys).union(removed.keys).sorted() }
    }

    private var pins: [CloudName: [AttachmentSelector: AttachmentPin]]
    private var changed: [CloudName: Set<AttachmentSelector>] = [:]
    /// The revision whose attachments the names were last compared with.
    var revision: UInt64?

    package init(_ stored: [CloudName: [AttachmentPin]] = [:]) {
        pins = stored.mapValues { Dictionary($0.map { ($0.selector, $0) }, uniquingKeysWith: { $1 }) }
    }

    /// Sorted.
    package subscript(cloud: CloudName) -> [AttachmentPin] { pins[cloud, default: [:]].values.sorted() }

    /// An agent of the cloud says what a name means.
    ///
    /// - Returns: whether that is news. Where another meaning is known it is not, unless the agent saw that one go.
    package mutating func take(_ pin: AttachmentPin, of cloud: CloudName) -> Bool {
        if let known = pins[cloud]?[pin.selector] {
            if known.id == pin.id {
                guard known.project == nil, pin.project != nil else { return false }
                pins[cloud]?[pin.selector]?.project = pin.project
                changed[cloud, default: []].insert(pin.selector)
                return true
            }
            guard pin.replaces == known.id else { return false }
        }
        pins[cloud, default: [:]][pin.selector] = pin
        changed[cloud, default: []].insert(pin.selector)
        return true
    }

    /// What a name of the cloud means is to be found anew.
    package mutating func unpin(_ open: AttachmentPin, of cloud: CloudName) {
        pins[cloud, default: [:]][open.selector] = open
        changed[cloud, default: []].insert(open.selector)
    }

    /// Forgets what nothing selects any more.
    package mutating func keep(_ selectors: [CloudName: Set<AttachmentSelector>]) {
        for (cloud, known) in pins {
            let gone = known.keys.filter { selectors[cloud]?.contains($0) != true }
            guard !gone.isEmpty else { continue }
            for selector in gone { pins[cloud]?[selector] = nil }
            changed[cloud, default: []].formUnion(gone)
        }
    }

    /// What is to be stored. Whoever takes it stores it, or gives it back with `retain`.
    package mutating func takeChanges() -> Changes {
        var changes = Changes()
        for (cloud, selectors) in changed {
            let saved = selectors.compactMap { pins[cloud]?[$0] }.sorted()
            let removed = selectors.filter { pins[cloud]?[$0] == nil }.sorted()
            if !saved.isEmpty { changes.saved[cloud] = saved }
            if !removed.isEmpty { changes.removed[cloud] = removed }
        }
        changed = [:]
        return changes
    }

    package mutating func retain(_ changes: Changes) {
        for (cloud, pins) in changes.saved { changed[cloud, default: []].formUnion(pins.map(\.selector)) }
        for (cloud, selectors) in changes.removed { changed[cloud, default: []].formUnion(selectors) }
    }
}
