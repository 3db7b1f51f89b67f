import FederationModel

/// What names mean in this cloud, as it was found out once. Kept on the node, and by the coordinator for all nodes of the cloud.
package struct Pins: Hashable, Sendable, Codable {
    private var bySelector: [AttachmentSelector: AttachmentPin]

    package init(_ pins: [AttachmentPin] = []) { bySelector = Dictionary(pins.map { ($0.selector, $0) }, uniquingKeysWith: { $1 }) }

    /// Sorted.
    package var all: [AttachmentPin] { bySelector.values.sorted() }

    package subscript(selector: AttachmentSelector) -> AttachmentPin? {
        get { bySelector[selector] }
        set { bySelector[selector] = newValue }
    }

    /// Takes what the coordinator has. It decides, so that all nodes of a cloud come to one answer; of what it does not know, ours stays.
    ///
    /// - Returns: whether anything is different now.
    package mutating func adopt(_ offered: [AttachmentPin]) -> Bool {
        let before = self
        for pin in offered {
            // What took the place of the coordinator's is newer: it hears of it soon.
            if let own = bySelector[pin.selector], own.id == pin.id || own.replaces == pin.id {
                bySelector[pin.selector]?.project = own.project ?? pin.project
                continue
            }
            bySelector[pin.selector] = pin
        }
        return self != before
    }

    /// Forgets what nothing selects any more.
    package mutating func keep(_ selectors: Set<AttachmentSelector>) {
        guard bySelector.keys.contains(where: { !selectors.contains($0) }) else { return }
        bySelector = bySelector.filter { selectors.contains($0.key) }
    }
}
