import Foundation

/// What the processors of this machine have done since it started, in CPU seconds: it tells a noisy measurement from a slow one.
///
/// A user-mode kernel cannot see what its machine does beside it, so that the host's fedlab writes it down, again and again.
package struct MachineLoad: Hashable, Sendable, Codable {
    /// Everything that ran, and what a hypervisor took for others (`steal` of proc(5)).
    package var busy: Double
    package var stolen: Double
    /// By the lab's user-mode kernel and all that runs in it; nil if the lab runs in this machine's own kernel.
    package var own: Double?

    package init(busy: Double, stolen: Double, own: Double? = nil) {
        self.busy = busy
        self.stolen = stolen
        self.own = own
    }

    /// Between two readings: the lab's own CPU seconds, and what the others had.
    package static func - (a: Self, b: Self) -> Self {
        let own: Double? = if let end = a.own, let start = b.own { end - start } else { nil }
        return MachineLoad(busy: a.busy - b.busy, stolen: a.stolen - b.stolen, own: own)
    }

    /// CPU seconds that were not the lab's.
    package var others: Double? { own.map { max(0, busy + stolen - $0) } }

    // MARK: Reading

    /// Clock ticks per second in proc(5); it is 100 on every machine of Linux.
    private static let ticks = 100.0

    /// The first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal.
    package init?(stat text: String) {
        let words = text.prefix { $0 != "\n" }.split(separator: " ")
        let numbers = words.dropFirst().prefix(8).compactMap { Double($0) }
        guard words.first == "cpu", numbers.count == 8 else { return nil }
        self.init(
            busy: (numbers[0] + numbers[1] + numbers[2] + numbers[5] + numbers[6]) / Self.ticks, stolen: numbers[7] / Self.ticks)
    }

    /// CPU seconds of a process and of the children that it has waited for, where it is of this process group.
    package static func time(stat text: String, group: pid_t) -> Double? {
        guard let end = text.lastIndex(of: ")") else { return nil }
        // From the third field on: state, ppid, pgrp, …, and utime, stime, cutime, cstime as the 14th to the 17th.
        let words = text[end...].dropFirst().split(separator: " ")
        guard words.count > 14, pid_t(words[2]) == group else { return nil }
        return words[11...14].compactMap { Double($0) }.reduce(0, +) / ticks
    }

    /// - Parameter group: the process group of the lab's user-mode kernel.
    package static func read(group: pid_t?) -> MachineLoad? {
        guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8), var load = MachineLoad(stat: text) else { return nil }
        if let group {
            let processes = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap(pid_t.init)
            load.own = processes.reduce(0) { sum, process in
                sum
                    + ((try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)).flatMap { time(stat: $0, group: group) } ?? 0)
            }
        }
        return load
    }

    // MARK: Across hostfs

    /// For `read(writtenAt:)` on the other side: a new file each time, because hostfs may know an old one's contents.
    package func write(to path: String) {
        guard let data = try? JSONEncoder().encode(self), (try? data.write(to: URL(fileURLWithPath: path + ".new"))) != nil else { return }
        rename(path + ".new", path)
    }

    package static func read(writtenAt path: String) -> MachineLoad? {
        FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(MachineLoad.self, from: $0) }
    }
}
