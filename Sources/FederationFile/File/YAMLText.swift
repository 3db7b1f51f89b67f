import FederationModel
import NetworkTypes

/// Pieces of canonical YAML.
enum YAMLText {
    /// `{key: value, …}`, skipping nil values.
    static func flow(_ pairs: [(key: String, value: String?)]) -> String {
        "{" + pairs.compactMap { pair in pair.value.map { "\(pair.key): \($0)" } }.joined(separator: ", ") + "}"
    }

    /// `[value, …]`.
    static func flow(_ values: [String]) -> String { "[" + values.joined(separator: ", ") + "]" }

    static func flow(_ labels: Labels) -> String {
        flow(labels.sorted { $0.key < $1.key }.map { (quoted($0.key), quoted($0.value)) })
    }

    /// The text as a YAML scalar that every parser reads as this string: plain if no parser would read it as
    /// something else (a number, a date, YAML 1.1's `no` and base-60 integers), otherwise in double quotes.
    static func quoted(_ text: String) -> String {
        isPlain(text) ? text : "\"" + text.unicodeScalars.map(escaped).joined() + "\""
    }

    private static func isPlain(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) }
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        guard let first = bytes.first, let last = bytes.last, isLetter(first) || isDigit(first), last != 0x3a,
            bytes.allSatisfy({ isLetter($0) || isDigit($0) || [0x2d, 0x2e, 0x2f, 0x3a, 0x5f].contains($0) })
        else { return false }
        let words = ["y", "n", "yes", "no", "true", "false", "on", "off", "null"]
        if words.contains(text.lowercased()) { return false }
        // No number and no date has a slash.
        if isLetter(first) || text.contains("/") { return true }
        // Hexadecimal numbers have letters of their own.
        if text.lowercased().hasPrefix("0x") { return false }
        // Begins with a digit: plain if it cannot be a number, date or base-60 integer. Four parts are an IPv4 address,
        // and a group with three or more digits, or with letters, is not a base-60 digit.
        let dots = text.split(separator: ".", omittingEmptySubsequences: false)
        if dots.count == 4, !text.contains(":") { return IPv4Address(text) != nil }
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        if groups.count > 1 { return groups.dropFirst().contains { $0.count > 2 || $0.utf8.contains(where: isLetter) } }
        return bytes.contains { isLetter($0) && ![0x45, 0x65, 0x58, 0x78, 0x4f, 0x6f, 0x42, 0x62, 0x54, 0x74, 0x5a, 0x7a].contains($0) }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\t": return "\\t"
        case _ where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value):
            return "\\x" + hexadecimal(scalar, digits: 2)
        // libyaml refuses these or reads them as line ends.
        case "\u{2028}", "\u{2029}", "\u{feff}", "\u{fffe}", "\u{ffff}": return "\\u" + hexadecimal(scalar, digits: 4)
        default: return String(Character(scalar))
        }
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar, digits: Int) -> String {
        let text = String(scalar.value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
