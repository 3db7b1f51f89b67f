/// A line for a shell that a remedy prints: what stands in backticks.
package struct TypedCommand: Hashable, Sendable, CustomStringConvertible {
    /// `gw1 of paris`: the nearest such place before it; nil where none is named.
    package var place: String?
    package var line: String

    package var description: String { (place.map { "[\($0)] " } ?? "") + line }

    /// The lines of a remedy, in order.
    package static func all(in remedy: String) -> [TypedCommand] {
        var place: String?
        return remedy.split(separator: "`", omittingEmptySubsequences: false).enumerated().compactMap { index, part in
            guard index % 2 == 0 else { return TypedCommand(place: place, line: String(part)) }
            if let last = part.matches(of: /on (\S+ of [a-z0-9-]+)/).last { place = String(last.output.1) }
            return nil
        }
    }

    /// Programs whose lines must stand in backticks, so that none escapes the test.
    private static let programs = [
        "vtysh", "ping", "ovn-nbctl", "ovn-sbctl", "ovs-vsctl", "ovs-ofctl", "ovs-appctl", "fedctl", "systemctl", "journalctl", "sysctl",
    ]

    /// A program's name outside of backticks; nil: there is none.
    package static func stray(in remedy: String) -> String? {
        let prose = remedy.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        if prose.count * 2 - 1 != remedy.split(separator: "`", omittingEmptySubsequences: false).count { return "an odd backtick" }
        return programs.first { program in
            prose.contains { part in
                part.split(separator: " ").contains {
                    $0.trimmingPrefix { "“(".contains($0) }.prefix { $0.isLetter || $0 == "-" } == program
                }
            }
        }
    }
}
