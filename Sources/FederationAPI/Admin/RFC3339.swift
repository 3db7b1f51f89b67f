import Foundation

/// A time that programs get as RFC 3339 has it, `2026-11-26T18:44:41.123Z`; here it is milliseconds since 1970.
@propertyWrapper
package struct RFC3339<Value: Hashable & Sendable>: Hashable, Sendable {
    package var wrappedValue: Value

    package init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
}

extension RFC3339: Encodable where Value: MomentValue {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        guard let milliseconds = wrappedValue.milliseconds else { return try container.encodeNil() }
        try container.encode(rfc3339(milliseconds))
    }
}

/// Milliseconds since 1970, or none.
package protocol MomentValue {
    var milliseconds: Int64? { get }
}

extension Int64: MomentValue {
    package var milliseconds: Int64? { self }
}

extension Int64?: MomentValue {
    package var milliseconds: Int64? { self }
}

/// - Parameter milliseconds: since 1970.
package func rfc3339(_ milliseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
}
