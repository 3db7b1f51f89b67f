/// Words of ovn-nbctl(8) and its kin.
package enum DatabaseText {
    /// A key of a map column.
    package static func key(_ key: String) -> String { key.replacing("\\", with: "\\\\").replacing(":", with: "\\:") }

    /// A value, in double quotes unless plain.
    package static func atom(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == ".") }
        return isPlain ? text : "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
