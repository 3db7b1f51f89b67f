import Foundation

/// The measurements of a run beside the incumbent's (facts of ovn-bgp-agent 7.0.0 in the same kind of lab) and the floor.
package struct BenchTable: Sendable {
    package enum Direction: String, Hashable, Sendable { case bound, unbound }

    package struct Sample: Hashable, Sendable {
        /// From the binding command to the last route in the other cloud's kernel.
        package var total: Duration
        /// From the binding command to the southbound database naming the chassis.
        package var ovn: Duration
        package init(total: Duration, ovn: Duration) {
            self.total = total
            self.ovn = ovn
        }
    }

    private struct Row: Hashable {
        var count: Int
        var direction: Direction
    }

    private var samples: [Row: [Sample]] = [:]
    /// Of the agent at the origin: from the southbound row to the command for bgpd, in µs, one for each change.
    package var ownShares: [Int] = []
    /// Of the agent at the origin, in KiB.
    package var residentMemory: Int?

    package init() {}

    package mutating func add(_ count: Int, _ direction: Direction, _ sample: Sample) {
        samples[Row(count: count, direction: direction), default: []].append(sample)
    }

    package static func median(_ values: [Duration]) -> Duration {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .zero }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// Measured in this kind of lab, on a kernel datapath: the incumbent's medians in seconds, and the floor (`network X/32`
    /// on bgpd's vty, without OVN).
    private static let incumbent: [Row: (String, String)] = [
        Row(count: 1, direction: .bound): ("0.797", "0.218"), Row(count: 1, direction: .unbound): ("0.672", "0.217"),
        Row(count: 100, direction: .bound): ("11.0", "0.35"), Row(count: 100, direction: .unbound): ("5.5", "0.33"),
        Row(count: 500, direction: .bound): ("57", "1.19"), Row(count: 500, direction: .unbound): ("30", "0.95"),
    ]

    package var lines: [String] {
        func seconds(_ duration: Duration) -> String {
            String(format: "%.3f", Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18)
        }
        func cell(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(1, width - text.count)) + text }
        var lines = [
            "convergence: seconds from the binding to the route in the other cloud's kernel (median [range])",
            "  VMs            " + cell("total", 9) + cell("range", 18) + cell("OVN's part", 12) + cell("the rest", 10)
                + cell("incumbent", 11) + cell("floor", 8),
        ]
        for count in [1, 100, 500] {
            for direction in [Direction.bound, .unbound] {
                let row = Row(count: count, direction: direction)
                guard let samples = samples[row], let least = samples.map(\.total).min(), let most = samples.map(\.total).max() else {
                    continue
                }
                let known = Self.incumbent[row] ?? ("", "")
                let name = "\(count) \(direction.rawValue)"
                lines.append(
                    "  " + name + String(repeating: " ", count: max(1, 15 - name.count))
                        + cell(seconds(Self.median(samples.map(\.total))), 9)
                        + cell("[\(seconds(least))–\(seconds(most))]", 18) + cell(seconds(Self.median(samples.map(\.ovn))), 12)
                        + cell(seconds(Self.median(samples.map { $0.total - $0.ovn })), 10) + cell(known.0, 11) + cell(known.1, 8))
            }
        }
        if let most = ownShares.max() {
            let median = ownShares.sorted()[ownShares.count / 2]
            lines.append(
                String(
                    format:
                        "agent's own share, southbound row to the command for bgpd: %.1f ms median, %.1f ms at most, %d changes (incumbent: 52 ms)",
                    Double(median) / 1000, Double(most) / 1000, ownShares.count))
        }
        if let residentMemory {
            lines.append("agent after that: \(residentMemory / 1024) MiB resident, one process (incumbent: 349–363 MiB, four processes)")
        }
        return lines
    }
}
