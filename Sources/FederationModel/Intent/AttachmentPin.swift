/// What a name was found to mean in a cloud. From then on the name means that thing, whatever else is given the name.
package struct AttachmentPin: Hashable, Sendable, Codable, Comparable {
    /// By name.
    package var selector: AttachmentSelector
    /// The OpenStack id of the thing.
    package var id: String
    /// The Keystone project whose thing it is; nil while nothing in OVN tells.
    package var project: String?
    /// The id of the thing of the same project that was meant before, and is gone; nil where this was the first.
    package var replaces: String?

    package init(selector: AttachmentSelector, id: String, project: String? = nil, replaces: String? = nil) {
        self.selector = selector
        self.id = id
        self.project = project
        self.replaces = replaces
    }

    package static func < (a: Self, b: Self) -> Bool { (a.selector, a.id) < (b.selector, b.id) }
}
