import FederationModel

/// All reasons why an edit was refused.
package struct EditError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One reason.
    package struct Problem: Hashable, Sendable {
        /// Path in the document: `vpns.blue.vni`; empty if unknown.
        package var path = ""
        /// The wrong text as typed; nil if unknown, or if something is missing.
        package var value: String?
        /// Includes the value.
        package var reason: String
        /// What to do, as an imperative.
        package var remedy: String
    }

    /// Never empty.
    package var problems: [Problem]

    init(problems: [Problem]) { self.problems = problems }
    package init(_ reason: String, remedy: String) { self.init(problems: [Problem(reason: reason, remedy: remedy)]) }

    package var description: String {
        problems.map { "\($0.path.isEmpty ? "" : "\($0.path): ")\($0.reason); \($0.remedy)" }.joined(separator: "\n")
    }
}
