/// Time spans as the file writes them: a number and a unit.
package enum TimeSpan {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]
    private static let longest: Int64 = 3650 * 86_400_000

    package static func milliseconds(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let unit = units.first(where: { $0.name == text.dropFirst(digits.count) }), let number = Int64(digits),
            number.description == digits, number <= longest / unit.milliseconds
        else { return nil }
        return number * unit.milliseconds
    }

    /// In the largest exact unit, up to hours: `24h` is clearer than `1d`.
    package static func text(_ milliseconds: Int64) -> String {
        let unit = units.dropFirst().first { milliseconds % $0.milliseconds == 0 } ?? ("ms", 1)
        return milliseconds == 0 ? "0s" : "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}
