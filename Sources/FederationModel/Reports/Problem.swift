import NetworkTypes

/// Something that keeps a resource from being as intended: for people and for verdicts.
package struct Problem: Hashable, Sendable, Codable {
    /// In kebab case as reported: a `ProblemCode`, or a word of an agent newer than this program.
    package let word: String
    /// What is wrong, with the values.
    package var message: String
    /// What to do.
    package var remedy: String
    /// It concerns what lies in these, and nothing else; empty: the whole.
    package var prefixes: [IPPrefix]

    enum CodingKeys: String, CodingKey {
        case word = "code"
        case message, remedy, prefixes
    }

    /// For a detected problem, with a known code.
    package init(code: ProblemCode, message: String, remedy: String, prefixes: [IPPrefix] = []) {
        self.init(told: code.rawValue, message: message, remedy: remedy, prefixes: prefixes)
    }

    /// For a received problem.
    package init(told word: String, message: String, remedy: String, prefixes: [IPPrefix] = []) {
        self.word = word
        self.message = message
        self.remedy = remedy
        self.prefixes = prefixes
    }

    /// Whether it concerns a prefix.
    package func concerns(_ prefix: IPPrefix) -> Bool { prefixes.isEmpty || prefixes.contains { $0.contains(prefix) } }

    /// Nil: a word that this version does not know.
    package var code: ProblemCode? { ProblemCode(rawValue: word) }
}
