import Foundation
import Synchronization

/// What a run tells: a line for each stage, to the terminal or, in a guest, to a file that the host follows.
package final class Journal: Sendable {
    private let path: String?
    private let failures = Mutex<[String]>([])
    private let beginning = ContinuousClock.now

    /// Writes to `path`, or to the terminal.
    package init(path: String? = nil) {
        self.path = path
        if let path { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    }

    /// Names of the stages that failed.
    package var failed: [String] { failures.withLock { $0 } }
    package var elapsed: Duration { ContinuousClock.now - beginning }

    package func line(_ text: String) {
        let bytes = Data((text + "\n").utf8)
        guard let path else {
            FileHandle.standardOutput.write(bytes)
            return
        }
        guard let file = FileHandle(forWritingAtPath: path) else { return }
        defer { try? file.close() }
        _ = try? file.seekToEnd()
        try? file.write(contentsOf: bytes)
    }

    /// Lines that belong to the stage above them.
    package func quote(_ text: String) {
        for part in text.split(separator: "\n", omittingEmptySubsequences: false) { line("        \(part)") }
    }

    /// Runs a stage and says how it went: `ok` or `FAIL`, its duration, its name and what it found.
    /// Returns whether it went well; `log` is what to read otherwise.
    @discardableResult
    package func stage(_ name: String, log: String, _ body: () async throws -> String) async -> Bool {
        let start = ContinuousClock.now
        do {
            let finding = try await body()
            line("ok    \(Self.seconds(ContinuousClock.now - start))  \(name)\(finding.isEmpty ? "" : ": \(finding)")")
            return true
        } catch {
            line("FAIL  \(Self.seconds(ContinuousClock.now - start))  \(name)")
            quote("\(error)")
            quote("read \(log)")
            failures.withLock { $0.append(name) }
            return false
        }
    }

    package static func seconds(_ duration: Duration) -> String {
        let value = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        let text = String(format: "%.1f s", value)
        return String(repeating: " ", count: max(0, 7 - text.count)) + text
    }

    package static func milliseconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000)
    }
}
