extension [UInt8] {
    /// Appends a number in network order.
    mutating func append(number: some FixedWidthInteger & UnsignedInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }

    /// Appends zeros until the length, counted from `start`, is a multiple of 8, as OpenFlow aligns its structures.
    mutating func pad(from start: Int) { append(contentsOf: repeatElement(0, count: -(count - start) & 7)) }

    /// Overwrites the bytes at `offset` with a number in network order.
    mutating func put(_ number: UInt16, at offset: Int) {
        self[offset] = UInt8(number >> 8)
        self[offset + 1] = UInt8(truncatingIfNeeded: number)
    }
}

/// Reads a message from its beginning, and never past its end.
struct Reader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isEmpty: Bool { rest.isEmpty }
    var count: Int { rest.count }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_ type: Number.Type = Number.self) throws(OpenFlowError) -> Number {
        try bytes(MemoryLayout<Number>.size).reduce(0) { $0 << 8 | Number($1) }
    }

    mutating func bytes(_ count: Int) throws(OpenFlowError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= rest.count else { throw .malformed("\(count) bytes announced, \(rest.count) present") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func part(_ count: Int) throws(OpenFlowError) -> Reader { Reader(try bytes(count)) }

    mutating func skip(_ count: Int) throws(OpenFlowError) { _ = try bytes(count) }
}
