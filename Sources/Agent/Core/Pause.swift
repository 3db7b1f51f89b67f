/// Keeps something that failed from being tried again at once.
struct Pause: Hashable, Sendable, Codable {
    /// Milliseconds.
    static let length: Int64 = 2_000

    private var end: Int64

    /// - Parameter now: milliseconds since 1970.
    init(from now: Int64) { end = now + Self.length }

    /// A clock that was set back must not make it longer.
    func isOver(at now: Int64) -> Bool { now >= end || end - now > Self.length }
}
