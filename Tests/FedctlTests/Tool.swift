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

    /// Runs at a terminal of its own, on which `typed` is typed. The output is all that the terminal gets; nothing is apart.
    func atTerminal(_ arguments: [String], typed: String = "", columns: UInt16 = 100, rows: UInt16 = 24) async throws -> Outcome {
        // ioctl_tty(2): TIOCSPTLCK, TIOCGPTN; the module of the C library does not have posix_openpt(3).
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (number, locked) = (UInt32(0), Int32(0))
        guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            throw NoTerminal(errno: errno)
        }
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        guard let terminal = FileHandle(forUpdatingAtPath: "/dev/pts/\(number)") else { throw NoTerminal(errno: errno) }
        // Never blocks: there are few threads for all tests.
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
        let reader = Task {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(master, &buffer, buffer.count)
                bytes += buffer.prefix(max(0, count))
                // EIO: nobody has the terminal open any more.
                if count == 0 || (count < 0 && errno != EAGAIN) { return bytes }
                if count < 0 { try await Task.sleep(for: .milliseconds(20)) }
            }
        }
        if !typed.isEmpty { _ = typed.withCString { write(master, $0, strlen($0)) } }
        let status: Int32
        do {
            defer { try? terminal.close() }
            status = try await launch(Self.binary, arguments, input: terminal, output: terminal, errors: terminal)
        }
        let bytes = try await reader.value
        close(master)
        return Outcome(status: status, output: String(decoding: bytes, as: UTF8.self), errors: "")
    }

    private struct NoTerminal: Error { var errno: Int32 }

    private func run(program: String, _ arguments: [String], input: String) async throws -> Outcome {
        // Files, not pipes: nothing here can wait for a full one.
        let name = "\(directory)/.\(UUID().uuidString)"
        let files = ["in", "out", "err"].map { "\(name).\($0)" }
        defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
        for file in files { _ = FileManager.default.createFile(atPath: file, contents: file.hasSuffix(".in") ? Data(input.utf8) : nil) }
        let status = try await launch(
            program, arguments, input: FileHandle(forReadingAtPath: files[0]), output: FileHandle(forWritingAtPath: files[1]),
            errors: FileHandle(forWritingAtPath: files[2]))
        func text(_ file: String) throws -> String { try String(contentsOfFile: file, encoding: .utf8) }
        return Outcome(status: status, output: try text(files[1]), errors: try text(files[2]))
    }

    private func launch(
        _ program: String, _ arguments: [String], input: FileHandle?, output: FileHandle?, errors: FileHandle?
    ) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.environment = environment
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        return try await withTaskCancellationHandler {
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
    }
}

/// A directory of its own for one test, removed afterwards.
func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.appending(path: "fedctl-\(getpid())-\(UUID().uuidString)").path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}
