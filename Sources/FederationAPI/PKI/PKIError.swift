/// Why the development authority did not do what it was asked; nothing was changed then.
package struct PKIError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence that names the file or value.
    package let reason: String
    /// An order: the next step.
    package let remedy: String

    package init(reason: String, remedy: String) {
        self.reason = reason
        self.remedy = remedy
    }

    package var description: String { "\(reason); \(remedy)" }
}
