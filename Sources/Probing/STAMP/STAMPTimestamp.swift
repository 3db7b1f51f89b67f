/// A time as STAMP writes it: NTP's 64 bits, seconds since 1900 and their fraction (RFC 8762, section 4.2.1; RFC 5905, section 6).
package struct STAMPTimestamp: Hashable, Sendable, Codable {
    package var bits: UInt64

    package init(bits: UInt64) { self.bits = bits }

    /// - Parameter nanoseconds: since 1970.
    package init(nanoseconds: Int64) {
        let seconds = nanoseconds >= 0 ? nanoseconds / Self.second : (nanoseconds - (Self.second - 1)) / Self.second
        let rest = UInt64(nanoseconds - seconds * Self.second)
        // From 2036 on the seconds begin anew, and differences stay right.
        let era = UInt32(truncatingIfNeeded: seconds &+ Self.secondsTo1970)
        bits = UInt64(era) << 32 | (rest << 32) / UInt64(Self.second)
    }

    /// - Parameter token: takes the place of the fraction. What is told as the error of the clock is a second.
    init(nanoseconds: Int64, token: UInt32) {
        self.init(nanoseconds: nanoseconds)
        bits = bits & ~0xffff_ffff | UInt64(token)
    }

    /// The span since `earlier` in nanoseconds; right for less than 68 years.
    package func since(_ earlier: STAMPTimestamp) -> Int64 {
        let difference = Int64(bitPattern: bits &- earlier.bits)
        let (seconds, fraction) = (difference >> 32, difference & 0xffff_ffff)
        return seconds * Self.second + ((fraction * Self.second) >> 32)
    }

    private static let second: Int64 = 1_000_000_000
    private static let secondsTo1970: Int64 = 2_208_988_800
}
