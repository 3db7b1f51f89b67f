/// A text that cannot be parsed: `invalid VNI 99999999: must be 1–16777215; choose a free one, or omit it to have one allocated`.
///
/// Every type of this module throws it from `init(parsing:)`. Callers that know the place (file, line, column) wrap it.
package struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was expected: `VNI`, `route target`, `IP prefix`.
    package let expected: String
    /// The whole text, unshortened.
    package let value: String
    /// The rule that it breaks: `must be 1–16777215`.
    package let reason: String
    /// What to write instead, as an imperative.
    package let remedy: String

    package init(expected: String, value: String, reason: String, remedy: String) {
        self.expected = expected
        self.value = value
        self.reason = reason
        self.remedy = remedy
    }

    /// `invalid VNI 99999999: must be 1–16777215`
    package var summary: String { "invalid \(expected) \(cited(value)): \(reason)" }
    package var description: String { "\(summary); \(remedy)" }
}

/// A type with a lossless text form.
///
/// Conforming types get `LosslessStringConvertible`, `Codable` (as that string) and `CodingKeyRepresentable`
/// (dictionaries keyed by them become JSON objects, not lists of alternating keys and values)
/// from `init(parsing:)` and `description`.
package protocol TextualValue: Hashable, Sendable, Codable, CodingKeyRepresentable, LosslessStringConvertible {
    /// Reads the canonical form and other forms documented by the type.
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

/// A textual value as a dictionary key.
private struct TextualKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// Reads a decimal number without sign, spaces or leading zeros (`010` is octal in YAML 1.1 and C);
/// nil if the text is not one or does not fit `T`.
func decimal<T: FixedWidthInteger & UnsignedInteger>(_ text: some StringProtocol, as type: T.Type = T.self) -> T? {
    guard let first = text.utf8.first, first != 0x30 || text.utf8.count == 1,
        text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return T(text)
}

/// Why a text is not a valid whole number: `must be 1–16777215`.
///
/// For a valid value in another notation (`0x2711`, `10_001`, `010001`, `1e4`, `+5`), the reason is the notation, not
/// the range; `{{ vni }}` is recognised as a template.
package func numberFault(_ text: some StringProtocol, in range: ClosedRange<UInt32>) -> String {
    if let notation = notationFault(of: text) { return notation }
    return "must be \(range.lowerBound)–\(range.upperBound)"
}

/// What is wrong with the notation of a number; nil if only its value can be wrong.
func notationFault(of text: some StringProtocol) -> String? {
    if text.contains("{{") || text.contains("{%") || text.contains("${") { return "looks like a template that was not rendered" }
    let digits = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    if text.utf8.isEmpty || !digits {
        return "must be decimal digits only, without sign, point or exponent"
    }
    return text.utf8.first == 0x30 && text.utf8.count > 1 ? "must not have leading zeros" : nil
}
