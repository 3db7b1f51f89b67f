import FederationModel

/// Why a graph cannot be edited so. Everything that is wrong is in it.
package struct EditError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One thing that is wrong.
    package struct Problem: Hashable, Sendable {
        /// Where in the document: `vpns.blue.vni`; empty where that says nothing.
        package var path = ""
        /// The text that is wrong, as it was given; nil where that is not known, or something is missing.
        package var value: String?
        /// With the value, as a sentence.
        package var reason: String
        /// What to do, as an order.
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
