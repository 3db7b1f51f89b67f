import NetworkTypes

/// `KEY=VALUE` with keys of the file: `policy=hub-and-spoke`, `limits.prefixes=1000`, `labels.tier=gold`,
/// `anycast=[10.53.0.53/32]`. Without a value the key is removed.
package struct Assignment: TextualValue {
    package let keys: [String]
    /// YAML; empty removes the key.
    package let value: String

    package init(parsing text: some StringProtocol) throws(ParseError) {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw ParseError(
                expected: "assignment", value: String(text), reason: "must be KEY=VALUE",
                remedy: "write it like policy=full-mesh; KEY= without a value removes the key")
        }
        var keys = text[..<equals].split(separator: "." as Character, omittingEmptySubsequences: false).map { String($0) }
        // Keys of labels contain dots.
        if keys[0] == "labels", keys.count > 2 { keys = ["labels", keys.dropFirst().joined(separator: ".")] }
        guard keys.allSatisfy({ !$0.isEmpty }) else {
            throw ParseError(
                expected: "assignment", value: String(text), reason: "a part of the key is empty",
                remedy: "write it like limits.prefixes=1000"
            )
        }
        self.keys = keys
        value = String(text[text.index(after: equals)...])
    }

    package var description: String { "\(keys.joined(separator: "."))=\(value)" }
}
