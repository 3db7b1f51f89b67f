/// A string that is not what it should be: which word it was to be, what it was, why it is refused and what to write.
///
/// Every type of this module throws it from `init(parsing:)`. Callers that know where the string stood
/// (a file, a line, a column) wrap it; nothing here knows of files.
package struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was expected, as the field names it: `VNI`, `route target`, `IP prefix`.
    package let expected: String
    /// The text that was given, whole.
    package let value: String
    /// Why it is refused, as the end of a sentence.
    package let reason: String
    /// What to write instead, as an order.
    package let remedy: String

    package init(expected: String, value: String, reason: String, remedy: String) {
        self.expected = expected
        self.value = value
        self.reason = reason
        self.remedy = remedy
    }

    package var description: String { "“\(value)” is no \(expected): \(reason); \(remedy)" }
}

/// A type that is written as one string and read back from it without loss.
///
/// Conforming types get `LosslessStringConvertible`, `Codable` (as that string) and `CodingKeyRepresentable`
/// (dictionaries keyed by them are coded as objects, not as lists of alternating keys and values)
/// from `init(parsing:)` and `description`.
package protocol TextualValue: Hashable, Sendable, Codable, CodingKeyRepresentable, LosslessStringConvertible {
    /// Reads the canonical form and the other forms that the type documents.
    init(parsing text: some StringProtocol) throws(ParseError)
}

extension TextualValue {
    package init?(_ description: String) {
        guard let value = try? Self(parsing: description) else { return nil }
        self = value
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do {
            self = try Self(parsing: text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    package var codingKey: any CodingKey { TextualKey(stringValue: description) }

    package init?(codingKey: some CodingKey) { self.init(codingKey.stringValue) }
}

/// A textual value as the key of a coded dictionary.
private struct TextualKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// Reads a decimal without sign, spaces and leading zeros (`010` is octal to YAML 1.1 and C, and ten to people);
/// nil where it is none or does not fit `T`.
func decimal<T: FixedWidthInteger & UnsignedInteger>(_ text: some StringProtocol, as type: T.Type = T.self) -> T? {
    guard let first = text.utf8.first, first != 0x30 || text.utf8.count == 1,
        text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return T(text)
}

/// Why a text is not the whole number that it was to be, as the end of a sentence.
///
/// A value of the range in another notation is not out of range: `0x2711`, `10_001`, `010001`, `1e4` and `+5` are told that decimal
/// digits are wanted, `{{ vni }}` that it is a template's.
package func whyNoNumber(_ text: some StringProtocol, in range: ClosedRange<UInt32>) -> String {
    if let notation = notationFault(of: text) { return notation }
    return "it must be from \(range.lowerBound) to \(range.upperBound)"
}

/// What is wrong with how a number is written; nil where only its value can be wrong.
func notationFault(of text: some StringProtocol) -> String? {
    if text.contains("{{") || text.contains("{%") || text.contains("${") { return "it looks like a template that was not rendered" }
    let digits = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    if text.utf8.isEmpty || !digits {
        return "it must be decimal digits only, without sign, point or exponent"
    }
    return text.utf8.first == 0x30 && text.utf8.count > 1 ? "it must be without leading zeros" : nil
}
