import ArgumentParser
import Foundation
import NetworkTypes

/// A former time, as people write it. Where no zone is named it is UTC, as all times that fedctl shows.
struct PastTime: Hashable, Sendable {
    /// Since 1970.
    var milliseconds: Int64

    /// - Parameters:
    ///   - text: `2h` or `3d` (so long ago), `03:00` (when it was last so late), `2026-11-29T03:00:00Z` or any shorter form of it.
    ///   - now: milliseconds since 1970.
    init(parsing text: String, now: Int64 = fedctl.now()) throws {
        if let time = Self.ago(text, now) ?? Self.clock(text, now) ?? Self.date(text) {
            milliseconds = time
            return
        }
        throw ValidationError(
            "invalid time \(cited(text)): write it like 2h (ago), 03:00 or 2026-11-29T03:00:00Z; it is UTC unless it says +01:00")
    }

    private static func ago(_ text: String, _ now: Int64) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit: Int64? =
            switch text.dropFirst(digits.count) {
            case "s": 1000
            case "m": 60_000
            case "h": 3_600_000
            case "d": 86_400_000
            default: nil
            }
        guard let unit, let number = Int64(digits), number <= 1_000_000 else { return nil }
        return now - number * unit
    }

    private static func clock(_ text: String, _ now: Int64) -> Int64? {
        guard let match = text.wholeMatch(of: /(\d{1,2}):(\d\d)(?::(\d\d))?/), let hours = Int64(match.1), let minutes = Int64(match.2),
            let seconds = Int64(match.3 ?? "0"), hours < 24, minutes < 60, seconds < 60
        else { return nil }
        let today = now - now % 86_400_000 + ((hours * 60 + minutes) * 60 + seconds) * 1000
        return today <= now ? today : today - 86_400_000
    }

    private static func date(_ text: String) -> Int64? {
        let form = /(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(?:(Z)|([+-])(\d\d):?(\d\d))?)?/
        guard let match = text.wholeMatch(of: form) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = DateComponents(
            year: Int(match.1), month: Int(match.2), day: Int(match.3), hour: Int(match.4 ?? "0"), minute: Int(match.5 ?? "0"),
            second: Int(match.6 ?? "0"))
        guard parts.isValidDate(in: calendar), let date = calendar.date(from: parts), let hours = Int64(match.10 ?? "0"),
            let minutes = Int64(match.11 ?? "0"), hours < 24, minutes < 60
        else { return nil }
        let fraction = match.7.map { $0 + String(repeating: "0", count: 3 - $0.count) } ?? "0"
        let offset = (hours * 60 + minutes) * 60_000 * (match.9 == "-" ? -1 : 1)
        return Int64(date.timeIntervalSince1970) * 1000 + (Int64(fraction) ?? 0) - offset
    }
}
