import Foundation

/// The measurements of a run beside those of ovn-bgp-agent 7.0.0 (in the same kind of lab) and the floor.
package struct BenchTable: Sendable {
    package enum Direction: String, Hashable, Sendable { case bound, unbound }

    package struct Sample: Sendable {
        /// From the binding command to the last route in the other cloud's kernel.
        package var total: Duration
        /// From the binding command to the southbound database naming the chassis.
        package var ovn: Duration
        /// Of the agent at the origin: from the southbound rows to the command for bgpd; the longest where it took several.
        package var ownShare: Duration?
        /// What the machine did meanwhile.
        package var load: MachineLoad?
        /// Where the CPU time went.
        var times: ProcessTimes?

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

    /// Measured in this kind of lab, on a kernel datapath: the medians of ovn-bgp-agent 7.0.0 in seconds, and the floor (`network X/32`
    /// on bgpd's vty, without OVN).
    private static let ovnBGPAgent: [Row: (String, String)] = [
        Row(count: 1, direction: .bound): ("0.797", "0.218"), Row(count: 1, direction: .unbound): ("0.672", "0.217"),
        Row(count: 100, direction: .bound): ("11.0", "0.35"), Row(count: 100, direction: .unbound): ("5.5", "0.33"),
        Row(count: 500, direction: .bound): ("57", "1.19"), Row(count: 500, direction: .unbound): ("30", "0.95"),
    ]

    package var lines: [String] {
        var lines = [
            "convergence: seconds from the binding to the route in the other cloud's kernel (medians; CPU in CPU seconds, by the lab and by others)",
            Self.line(["VMs", "total", "range", "OVN's part", "the rest", "agent", "lab CPU", "others", "ovn-bgp-agent", "floor"]),
        ]
        var heaviest: (name: String, samples: [Sample])?
        for count in [1, 100, 500] {
            for direction in [Direction.bound, .unbound] {
                let row = Row(count: count, direction: direction)
                guard let samples = samples[row], let least = samples.map(\.total).min(), let most = samples.map(\.total).max() else {
                    continue
                }
                let name = "\(count) \(direction.rawValue)"
                if direction == .bound { heaviest = (name, samples) }
                let known = Self.ovnBGPAgent[row] ?? ("", "")
                let loads = samples.compactMap(\.load)
                lines.append(
                    Self.line([
                        name, Self.seconds(Self.median(samples.map(\.total))), "[\(Self.seconds(least))–\(Self.seconds(most))]",
                        Self.seconds(Self.median(samples.map(\.ovn))), Self.seconds(Self.median(samples.map { $0.total - $0.ovn })),
                        Self.seconds(Self.median(samples.compactMap(\.ownShare))), Self.median(loads.compactMap(\.own)),
                        Self.median(loads.compactMap(\.others)), known.0, known.1,
                    ]))
            }
        }
        let shares = samples.values.joined().compactMap(\.ownShare)
        if let most = shares.max() {
            func milliseconds(_ duration: Duration) -> String { String(format: "%.1f ms", duration / .milliseconds(1)) }
            lines.append(
                "agent's own share, southbound row to the command for bgpd: \(milliseconds(Self.median(shares))) median, \(milliseconds(most)) at most, \(shares.count) changes (ovn-bgp-agent 7.0.0: 52 ms)"
            )
        }
        if let residentMemory {
            lines.append(
                "agent after that: \(residentMemory / 1024) MiB resident, one process (ovn-bgp-agent 7.0.0: 349–363 MiB, four processes)")
        }
        if let (name, samples) = heaviest, let first = samples.first?.times {
            let sum = samples.dropFirst().compactMap(\.times).reduce(first, +)
            lines.append("CPU seconds for \(name), by host and program: \((sum / samples.count).text)")
        }
        return lines
    }

    private static func seconds(_ duration: Duration) -> String { String(format: "%.3f", duration / .seconds(1)) }

    /// Of CPU seconds; empty if none are known.
    private static func median(_ values: [Double]) -> String {
        values.isEmpty ? "" : seconds(median(values.map { .seconds($0) }))
    }

    /// The first column to the left, the others to the right of theirs.
    private static func line(_ cells: [String]) -> String {
        let widths = [13, 9, 16, 12, 10, 8, 9, 9, 15, 7]
        return "  "
            + zip(cells, widths).enumerated().map { index, cell in
                let padding = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
                return index == 0 ? cell.0 + padding : padding + cell.0
            }.joined()
    }
}
