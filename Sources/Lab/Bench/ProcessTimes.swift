import Foundation

/// CPU seconds of the lab's daemons, by host and program: where a measurement's time went. In steps of a clock tick, 10 ms.
struct ProcessTimes: Sendable {
    private(set) var seconds: [String: Double] = [:]

    private init(_ seconds: [String: Double]) { self.seconds = seconds }

    init(_ lab: Lab) {
        let files =
            FileManager.default.enumerator(atPath: lab.layout.run)?.compactMap { $0 as? String }.filter { $0.hasSuffix(".pid") } ?? []
        for file in files {
            guard let process = Daemon(pidFile: "\(lab.layout.run)/\(file)").process,
                let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let time = MachineLoad.time(stat: text, group: getpgid(process))
            else { continue }
            let words = file.dropLast(4).split(separator: "/")
            let host = words.first.map { $0.split(separator: ".").first.map(String.init) ?? "" } ?? ""
            seconds["\(words.count > 1 ? host + " " : "")\(words.last ?? "")", default: 0] += time
        }
        if let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let time = MachineLoad.time(stat: text, group: getpgid(0))
        {
            seconds["the measurement itself"] = time
        }
    }

    static func - (a: Self, b: Self) -> Self {
        ProcessTimes(a.seconds.reduce(into: [:]) { $0[$1.key] = $1.value - (b.seconds[$1.key] ?? 0) })
    }

    static func + (a: Self, b: Self) -> Self { ProcessTimes(a.seconds.merging(b.seconds, uniquingKeysWith: +)) }

    static func / (a: Self, count: Int) -> Self { ProcessTimes(a.seconds.mapValues { $0 / Double(max(1, count)) }) }

    var sum: Double { seconds.values.reduce(0, +) }

    /// The greatest first, without those of less than a tick.
    var text: String {
        seconds.filter { $0.value >= 0.01 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            String(format: "%@ %.2f", $0.key, $0.value)
        }.joined(separator: ", ")
    }
}
