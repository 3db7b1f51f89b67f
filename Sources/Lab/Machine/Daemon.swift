import Foundation
import Glibc

/// A long-running process of the lab, known by the file that holds its process id.
package struct Daemon: Sendable {
    package let pidFile: String
    /// A text that stands among the process's arguments: every daemon of a lab is given paths below the lab's directory.
    /// A process id that was reused by another program meanwhile is told by its absence.
    package let mark: String

    package init(pidFile: String, mark: String = Layout.root) {
        self.pidFile = pidFile
        self.mark = mark
    }

    /// Its process id; nil if it is not running.
    package var process: pid_t? {
        guard let text = try? String(contentsOfFile: pidFile, encoding: .utf8),
            let number = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)), number > 1, Self.isAlive(number)
        else { return nil }
        // What /proc does not show just now is no proof of another program.
        let arguments = (try? String(contentsOfFile: "/proc/\(number)/cmdline", encoding: .utf8)) ?? ""
        return arguments.isEmpty || arguments.contains(mark) ? number : nil
    }

    /// Whether a process runs; one that ended but was not waited for yet does not.
    package static func isAlive(_ process: pid_t) -> Bool {
        var status: Int32 = 0
        _ = waitpid(process, &status, WNOHANG)  // reaps it where it is our child
        guard kill(process, 0) == 0 else { return false }
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return kill(process, 0) == 0 }
        return !stat[end...].dropFirst(2).hasPrefix("Z")
    }

    /// Starts a program that stays in the foreground: both its streams go to the end of `log`, its id into the pid file.
    package func start(
        _ arguments: [String], in namespace: NetworkNamespace?, environment: [String: String] = [:], log: String
    ) async throws {
        try await onThread {
            try namespace?.enter()
            let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
            let file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            guard null >= 0, file >= 0 else { throw LabError("cannot open \(log): \(errnoText)") }
            defer {
                close(null)
                close(file)
            }
            let process = try spawn(
                arguments, environment: environment, newSession: true, files: [(null, 0), (file, 1), (file, 2)])
            try "\(process)\n".write(toFile: pidFile, atomically: false, encoding: .utf8)
        }
    }

    /// Sends a signal; false if the process is not running.
    @discardableResult
    package func signal(_ signal: Int32) -> Bool {
        guard let process else { return false }
        return kill(process, signal) == 0
    }

    /// Ends it: SIGTERM, and after `patience` SIGKILL. Returns when it is gone.
    package func stop(patience: Duration = .seconds(2)) async {
        guard let process else { return }
        kill(process, SIGTERM)
        let end = ContinuousClock.now + patience
        while Self.isAlive(process) {
            if ContinuousClock.now > end { kill(process, SIGKILL) }
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}
