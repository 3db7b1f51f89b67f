/// A word of a list that a later release may make longer. A peer of that release says it; here it is data like any other: shown, passed on,
/// and equal to itself.
package protocol OpenWord: RawRepresentable<String>, Hashable, Sendable, Codable, CustomStringConvertible {
    init(rawValue: String)
    /// Those of this release, in their order.
    static var known: [Self] { get }
}

extension OpenWord {
    package var description: String { rawValue }
    package var isKnown: Bool { Self.known.contains(self) }
}
