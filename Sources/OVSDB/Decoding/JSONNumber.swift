/// A number as RFC 8259, section 6, writes it.
enum JSONNumber {
    /// Nobody writes longer ones; a limit keeps the tokenizer's memory bounded.
    static let maximumLength = 1024

    case integer(Int64)
    case real(Double)
    case malformed
    case outOfRange

    static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): true
        default: false
        }
    }

    /// An integer where there is neither fraction nor exponent and 64 bits hold it (RFC 7047, section 3.1), a real otherwise.
    init(_ text: Span<UInt8>) {
        var position = 0
        func digits() -> Int {
            let start = position
            while position < text.count, (0x30...0x39).contains(text[position]) { position += 1 }
            return position - start
        }
        let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let first = position
        let whole = digits()
        guard whole > 0, whole == 1 || text[first] != UInt8(ascii: "0") else {
            self = .malformed
            return
        }
        if position == text.count, let value = Self.integer(text, from: first, isNegative) {
            self = .integer(value)
            return
        }
        if position < text.count, text[position] == UInt8(ascii: ".") {
            position += 1
            guard digits() > 0 else {
                self = .malformed
                return
            }
        }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < text.count, text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else {
                self = .malformed
                return
            }
        }
        guard position == text.count else {
            self = .malformed
            return
        }
        let written = text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        guard let value = Double(written), value.isFinite else {
            self = .outOfRange
            return
        }
        self = .real(value)
    }

    private static func integer(_ text: Span<UInt8>, from first: Int, _ isNegative: Bool) -> Int64? {
        var value: Int64 = 0
        for index in first..<text.count {
            let digit = Int64(text[index] - 0x30)
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            // Downwards, because Int64.min has no positive counterpart.
            let (sum, overflowToo) = tenfold.subtractingReportingOverflow(digit)
            guard !overflow, !overflowToo else { return nil }
            value = sum
        }
        guard !isNegative else { return value }
        return value == .min ? nil : -value
    }
}
