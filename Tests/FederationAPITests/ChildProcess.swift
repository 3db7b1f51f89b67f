import Foundation

/// A program that a test runs beside itself, and ends by its own pid.
final class ChildProcess: Sendable {
    private let process = Process()
    private let output: String

    init(_ program: String, _ arguments: [String]) throws {
        output = FileManager.default.temporaryDirectory.path + "/federation-api-child-\(getpid())-\(UUID().uuidString)"
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let input = Pipe()
        process.standardInput = input
        let handle = FileHandle(forWritingAtPath: output)
        process.standardOutput = handle ?? FileHandle.nullDevice
        process.standardError = handle ?? FileHandle.nullDevice
        try process.run()
    }

    var pid: Int32 { process.processIdentifier }

    var text: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

    func freeze() { Foundation.kill(pid, SIGSTOP) }

    func kill() {
        Foundation.kill(pid, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: output)
    }

    /// The TCP port that it listens at, as the kernel says.
    func listeningPort() async -> UInt16? {
        for _ in 0..<1500 {
            if let port = Self.listeningPort(of: pid) { return port }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    private static func listeningPort(of pid: Int32) -> UInt16? {
        let folder = "/proc/\(pid)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let sockets = Set(names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") })
        guard let table = try? String(contentsOfFile: "/proc/\(pid)/net/tcp", encoding: .utf8) else { return nil }
        for line in table.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: " ")
            // State 0A is LISTEN; the tenth field is the inode.
            guard fields.count > 9, fields[3] == "0A", sockets.contains("socket:[\(fields[9])]") else { continue }
            return fields[1].split(separator: ":").last.flatMap { UInt16($0, radix: 16) }
        }
        return nil
    }
}
