/// The resolved object of a name in a cloud. The name keeps this meaning, even if another object gets the same name.
package struct AttachmentPin: Hashable, Sendable, Codable, Comparable {
    /// By name.
    package var selector: AttachmentSelector
    /// The OpenStack id of the object; of an open pin, what no object has.
    package var id: String
    /// The Keystone project of the object; nil while unknown in OVN.
    package var project: String?
    /// The id of its predecessor: one in the same project, which is gone, or an open pin; nil if this is the first.
    package var replaces: String?

    package init(selector: AttachmentSelector, id: String, project: String? = nil, replaces: String? = nil) {
        self.selector = selector
        self.id = id
        self.project = project
        self.replaces = replaces
    }

    private static let openPrefix = "unpinned "

    /// A name that is to be looked for anew. Nothing has its id, so that whatever is found takes its place, and says so by `replaces`: who
    /// has not heard of it yet cannot bring the former meaning back.
    /// - Parameter mark: another one each time.
    package static func open(_ selector: AttachmentSelector, mark: String) -> Self { Self(selector: selector, id: openPrefix + mark) }

    package var isOpen: Bool { id.hasPrefix(Self.openPrefix) }

    package static func < (a: Self, b: Self) -> Bool { (a.selector, a.id) < (b.selector, b.id) }
}
