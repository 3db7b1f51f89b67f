/// The resolved object of a name in a cloud. The name keeps this meaning, even if another object gets the same name.
package struct AttachmentPin: Hashable, Sendable, Codable, Comparable {
    /// By name.
    package var selector: AttachmentSelector
    /// The OpenStack id of the object.
    package var id: String
    /// The Keystone project of the object; nil while unknown in OVN.
    package var project: String?
    /// The id of its predecessor in the same project, which is gone; nil if this is the first.
    package var replaces: String?

    package init(selector: AttachmentSelector, id: String, project: String? = nil, replaces: String? = nil) {
        self.selector = selector
        self.id = id
        self.project = project
        self.replaces = replaces
    }

    package static func < (a: Self, b: Self) -> Bool { (a.selector, a.id) < (b.selector, b.id) }
}
