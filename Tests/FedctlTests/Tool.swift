import Foundation

/// The fedctl binary, as a shell would run it: no terminal, an environment of its own.
struct Tool: Sendable {
    struct Outcome: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Where it runs; relative paths begin here.
    let directory: String
    var environment: [String: String] = [:]

    private static var binary: String {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appending(path: "fedctl").path(percentEncoded: false)
    }

    func run(_ arguments: String..., input: String = "") async throws -> Outcome { try await run(arguments, input: input) }

    func run(_ arguments: [String], input: String = "") async throws -> Outcome {
        try await run(program: Self.binary, arguments, input: input)
    }

    /// A line of sh(1) that finds fedctl in its path.
    func shell(_ script: String) async throws -> Outcome {
        var tool = self
        let folder = URL(fileURLWithPath: Self.binary).deletingLastPathComponent().path(percentEncoded: false)
        tool.environment["PATH"] = "\(folder):/usr/bin:/bin"
        return try await tool.run(program: "/bin/sh", ["-c", script], input: "")
    }

    private func run(program: String, _ arguments: [String], input: String) async throws -> Outcome {
        // Files, not pipes: nothing here can wait for a full one.
        let name = "\(directory)/.\(UUID().uuidString)"
        let files = ["in", "out", "err"].map { "\(name).\($0)" }
        defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
        for file in files { _ = FileManager.default.createFile(atPath: file, contents: file.hasSuffix(".in") ? Data(input.utf8) : nil) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.environment = environment
        process.standardInput = FileHandle(forReadingAtPath: files[0])
        process.standardOutput = FileHandle(forWritingAtPath: files[1])
        process.standardError = FileHandle(forWritingAtPath: files[2])
        let status = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int32, any Error>) in
                process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do {
                    try process.run()
                } catch {
                    process.terminationHandler = nil
                    continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            if process.isRunning { process.terminate() }
        }
        func text(_ file: String) throws -> String { try String(contentsOfFile: file, encoding: .utf8) }
        return Outcome(status: status, output: try text(files[1]), errors: try text(files[2]))
    }
}

/// A directory of its own for one test, removed afterwards.
func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.appending(path: "fedctl-\(getpid())-\(UUID().uuidString)").path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}
