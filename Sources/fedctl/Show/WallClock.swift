import Foundation

/// Milliseconds since 1970 by this machine's clock.
func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

/// `2026-11-26 18:44:41`, UTC.
/// - Parameter milliseconds: since 1970.
func timestamp(_ milliseconds: Int64) -> String {
    let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    return date.formatted(.iso8601.dateSeparator(.dash).dateTimeSeparator(.space).timeSeparator(.colon)).replacing("Z", with: "")
}
