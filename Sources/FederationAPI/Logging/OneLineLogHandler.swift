import Logging
import NetworkTypes

/// Writes one line per event to standard error, whatever the event contains.
///
/// Text from peers (their software, their reasons) is in metadata. Values are `printable`, cut to `limit`, and quoted if they contain a
/// space, so that they cannot look like another field or like the message.
package struct OneLineLogHandler: LogHandler {
    private var inner: StreamLogHandler

    /// The maximum length of one value, in bytes.
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
        event.message = "\(printable(event.message.description))"
        event.metadata = event.metadata?.mapValues(Self.plain)
        inner.log(event: event)
    }

    private static func plain(_ value: Logger.Metadata.Value) -> Logger.Metadata.Value { .string(field("\(value)")) }

    /// The value of a field; unquoted if it is one word.
    package static func field(_ text: String) -> String {
        let text = printable(TextLimits.cut(text, to: limit))
        guard text.contains(where: { " =\"[]".contains($0) }) else { return text }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
