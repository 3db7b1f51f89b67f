/// Text in commands that people type.
package enum ShellText {
    /// The text as one word of a POSIX shell: plain where that is safe, else in single quotes. Control characters are left out, and a backtick becomes “?”.
    package static func quoted(_ text: String) -> String {
        let plain = !text.isEmpty && text.utf8.allSatisfy(isPlain)
        if plain { return text }
        let printable = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.properties.generalCategory != .control }))
        // Screens know a command by the backticks around it.
        return "'" + printable.replacing("'", with: "'\\''").replacing("`", with: "?") + "'"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x2f, 0x3a, 0x5f: true
        default: false
        }
    }
}
