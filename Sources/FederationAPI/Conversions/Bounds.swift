/// What a peer says of times and counts is put into a range in which sums and differences cannot overflow: arithmetic on foreign numbers must
/// not end a process.
enum WireBound {
    /// In milliseconds since 1970 more than 140 000 years.
    static let most: Int64 = 1 << 52
}

/// Milliseconds since 1970, 0…2^52: a time outside of it is the nearest one inside.
func moment(_ milliseconds: Int64) -> Int64 { min(max(0, milliseconds), WireBound.most) }

/// A count, 0…2^52.
func count<Number: FixedWidthInteger>(_ number: UInt64) -> Number { Number(clamping: min(number, UInt64(WireBound.most))) }
