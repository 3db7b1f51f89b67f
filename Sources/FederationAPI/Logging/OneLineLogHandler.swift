import Logging

/// Writes one line per event on standard error, whatever others put into it.
///
/// What a peer writes (its software, why it refused something) goes into metadata. In a value nothing ends the line, moves a cursor or turns
/// the direction of writing; a value with a space is quoted, so that it cannot look like the next field or like the message; and it is cut.
package struct OneLineLogHandler: LogHandler {
    private var inner: StreamLogHandler

    /// The most of one value, in bytes.
    package static let limit = 512

    package init(label: String) { inner = .standardError(label: label) }

    package var logLevel: Logger.Level {
        get { inner.logLevel }
        set { inner.logLevel = newValue }
    }

    package var metadataProvider: Logger.MetadataProvider? {
        get { inner.metadataProvider }
        set { inner.metadataProvider = newValue }
    }

    package var metadata: Logger.Metadata {
        get { inner.metadata }
        set { inner.metadata = newValue.mapValues(Self.plain) }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { inner[metadataKey: key] }
        set { inner[metadataKey: key] = newValue.map(Self.plain) }
    }

    package func log(event: LogEvent) {
        var event = event
        event.message = "\(Self.escaped(event.message.description))"
        event.metadata = event.metadata?.mapValues(Self.plain)
        inner.log(event: event)
    }

    private static func plain(_ value: Logger.Metadata.Value) -> Logger.Metadata.Value { .string(field("\(value)")) }

    /// A value of a field: as it is where it is one word.
    package static func field(_ text: String) -> String {
        let text = escaped(TextLimits.cut(text, to: limit))
        guard text.contains(where: { " =\"[]".contains($0) }) else { return text }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// Without anything that would end a line, move a terminal's cursor, change its colours or turn its writing direction.
    package static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnprintable) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += " "
            case _ where isUnprintable(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x61c, 0x200b...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }
}
