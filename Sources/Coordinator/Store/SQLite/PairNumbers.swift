/// Ascending numbers of pairs in few bytes: what each is more than the one before, as LEB128 (seven bits a byte, the low ones first, the
/// top bit where more follow).
enum PairNumbers {
    static func encode(_ numbers: [Int64]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(numbers.count * 2)
        var last: Int64 = 0
        for number in numbers {
            var rest = UInt64(bitPattern: number &- last)
            last = number
            while rest >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
        return bytes
    }

    /// What is not understood ends the list: a damaged one must not take the process with it.
    static func decode(_ bytes: some Sequence<UInt8>) -> [Int64] {
        var numbers: [Int64] = []
        var last: Int64 = 0
        var rest: UInt64 = 0
        var shift: UInt64 = 0
        for byte in bytes {
            guard shift < 63 else { return numbers }
            rest |= UInt64(byte & 0x7f) << shift
            shift += 7
            guard byte & 0x80 == 0 else { continue }
            last = last &+ Int64(bitPattern: rest)
            guard (1...Self.most).contains(last) else { return numbers }
            numbers.append(last)
            (rest, shift) = (0, 0)
        }
        return numbers
    }

    /// A number is the place in a list.
    static let most: Int64 = 100_000_000
}
