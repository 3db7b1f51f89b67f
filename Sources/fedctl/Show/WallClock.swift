import Foundation

/// Milliseconds since 1970 by this machine's clock.
func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
