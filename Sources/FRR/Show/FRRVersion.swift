/// The release of a daemon, from `show version`.
package struct FRRVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let major: Int
    package let minor: Int
    package let patch: Int

    package init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// The oldest release that the federation knows how to talk to (Debian 12, Ubuntu 24.04).
    package static let floor = FRRVersion(8, 4, 4)

    /// Reads the first line, `FRRouting 8.4.4 (host) on Linux(…).`, also of development releases (`10.2-dev`); nil for anything else.
    package init?(parsing text: String) {
        let words = text.prefix { $0 != "\n" }.split(separator: " ")
        guard let position = words.firstIndex(of: "FRRouting"), position + 1 < words.count else { return nil }
        let numbers = words[position + 1].prefix { $0 == "." || $0.isASCII && $0.isNumber }.split(separator: ".").map { Int($0) }
        guard numbers.count >= 2, let major = numbers[0], let minor = numbers[1] else { return nil }
        self.init(major, minor, numbers.count > 2 ? numbers[2] ?? 0 : 0)
    }

    package var description: String { "\(major).\(minor).\(patch)" }
    package static func < (a: Self, b: Self) -> Bool { (a.major, a.minor, a.patch) < (b.major, b.minor, b.patch) }
}
