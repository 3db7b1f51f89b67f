/// How long something took or is ago, short: `12s`, `3m`, `5h`, `2d`.
///
/// - Parameter milliseconds: less than none is none: clocks of two machines differ.
package func age(milliseconds: Int64) -> String {
    let seconds = max(0, milliseconds / 1000)
    return switch seconds {
    case ..<120: "\(seconds)s"
    case ..<7200: "\(seconds / 60)m"
    case ..<172_800: "\(seconds / 3600)h"
    default: "\(seconds / 86400)d"
    }
}

/// `1 gateway`, `2 gateways`.
package func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
}
