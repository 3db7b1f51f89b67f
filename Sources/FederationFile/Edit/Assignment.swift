import NetworkTypes

/// `KEY=VALUE`, in the words of the file: `policy=hub-and-spoke`, `limits.prefixes=1000`, `labels.tier=gold`,
/// `anycast=[10.53.0.53/32]`. Without value the key is taken out.
package struct Assignment: TextualValue {
    package let keys: [String]
    /// YAML; empty: the key is taken out.
    package let value: String

    package init(parsing text: some StringProtocol) throws(ParseError) {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw ParseError(
                expected: "setting", value: String(text), reason: "it is not of the form KEY=VALUE",
                remedy: "write it like policy=full-mesh; KEY= without value takes the key out")
        }
        var keys = text[..<equals].split(separator: "." as Character, omittingEmptySubsequences: false).map { String($0) }
        // Keys of labels have dots of their own.
        if keys[0] == "labels", keys.count > 2 { keys = ["labels", keys.dropFirst().joined(separator: ".")] }
        guard keys.allSatisfy({ !$0.isEmpty }) else {
            throw ParseError(
                expected: "setting", value: String(text), reason: "a part of its key is empty", remedy: "write it like limits.prefixes=1000"
            )
        }
        self.keys = keys
        value = String(text[text.index(after: equals)...])
    }

    package var description: String { "\(keys.joined(separator: "."))=\(value)" }
}
