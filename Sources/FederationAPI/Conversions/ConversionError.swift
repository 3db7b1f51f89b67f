import NetworkTypes

/// A message that says something no domain type can hold: which field, and why.
package struct ConversionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// As in the proto, from the outermost message on: `vpn.import_targets[2]`.
    package private(set) var field: String
    /// A sentence.
    package let reason: String

    package init(field: String, reason: String) {
        self.field = field
        // It may quote what a peer wrote.
        self.reason = TextLimits.cut(reason, to: TextLimits.sentence)
    }

    package var description: String { "\(field): \(reason)" }

    /// The same error, seen from the message that holds this field.
    func within(_ outer: String) -> ConversionError {
        var error = self
        error.field = "\(outer).\(field)"
        return error
    }
}

/// Reads a value from its text.
func parse<T: TextualValue>(_ text: String, _ field: String) throws(ConversionError) -> T {
    do {
        return try T(parsing: text)
    } catch {
        throw ConversionError(field: field, reason: error.description)
    }
}

func parse<T: TextualValue>(_ texts: [String], _ field: String) throws(ConversionError) -> [T] {
    var values: [T] = []
    values.reserveCapacity(texts.count)
    for (index, text) in texts.enumerated() {
        values.append(try parse(text, "\(field)[\(index)]"))
    }
    return values
}

/// Reads what only numbers of a certain range can be: `body` says nil for the others.
func parse<T>(number: UInt32, _ field: String, _ kind: String, _ body: (UInt32) -> T?) throws(ConversionError) -> T {
    guard let value = body(number) else { throw ConversionError(field: field, reason: "invalid \(kind) \(number)") }
    return value
}

/// Reads a message inside another.
func convert<Wire, T>(
    _ wire: Wire, _ field: String, _ body: (Wire) throws(ConversionError) -> T
) throws(ConversionError) -> T {
    do {
        return try body(wire)
    } catch {
        throw error.within(field)
    }
}

func convert<Wire, T>(
    _ wires: [Wire], _ field: String, _ body: (Wire) throws(ConversionError) -> T
) throws(ConversionError) -> [T] {
    var values: [T] = []
    values.reserveCapacity(wires.count)
    for (index, wire) in wires.enumerated() {
        values.append(try convert(wire, "\(field)[\(index)]", body))
    }
    return values
}

/// Refuses a message that leaves out what the domain type must have.
func require(_ isPresent: Bool, _ field: String) throws(ConversionError) {
    guard isPresent else { throw ConversionError(field: field, reason: "missing") }
}

/// Keys values by name; a name that comes twice is refused, because one of the two would be lost.
func keyed<Name: Hashable & CustomStringConvertible, Value>(
    _ values: [Value], by name: (Value) -> Name, _ field: String
) throws(ConversionError) -> [Name: Value] {
    var result: [Name: Value] = [:]
    for (index, value) in values.enumerated() {
        guard result.updateValue(value, forKey: name(value)) == nil else {
            throw ConversionError(field: "\(field)[\(index)].name", reason: "“\(name(value))” appears twice")
        }
    }
    return result
}
