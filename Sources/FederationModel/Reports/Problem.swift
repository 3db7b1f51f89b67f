/// Something that keeps a resource from being as intended: for people and for verdicts.
package struct Problem: Hashable, Sendable, Codable {
    /// In kebab case, as it was told: of `ProblemCode`, or, from an agent newer than this program, a word that is not there.
    package let word: String
    /// One sentence: what is wrong, with the values.
    package var message: String
    /// One sentence: what to do.
    package var remedy: String

    enum CodingKeys: String, CodingKey {
        case word = "code"
        case message, remedy
    }

    /// For who finds a problem: it has one of the codes that the judge knows.
    package init(code: ProblemCode, message: String, remedy: String) {
        self.init(told: code.rawValue, message: message, remedy: remedy)
    }

    /// For who is told of one.
    package init(told word: String, message: String, remedy: String) {
        self.word = word
        self.message = message
        self.remedy = remedy
    }

    /// Nil: a word that this version does not know.
    package var code: ProblemCode? { ProblemCode(rawValue: word) }
}
