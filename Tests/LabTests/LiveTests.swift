import Foundation
import Glibc
import Synchronization
import Testing

@testable import Lab

/// Both ends of a spool in one process: what `fedlab exec` does with a lab in a guest.
@Suite("Commands with live streams", .timeLimit(.minutes(1)))
struct LiveTests {
    /// What a command that ran through a spool came to; `drive` is given the ends of its streams.
    private func run(
        _ command: [String], kind: Kind = .pipes, drive: @escaping @Sendable (_ input: Int32, _ output: Int32) throws -> Void = { _, _ in }
    ) async throws -> (status: Int32, output: String, errors: String) {
        let folder = NSTemporaryDirectory() + "live-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let spool = Spool(folder)
        let server = Task {
            await spool.serve({ _ in CommandResult(status: 1, output: "", errors: "") }) { request, folder in
                let command = LiveCommand(
                    arguments: request.command, namespace: nil, environment: ["TERM": request.live?.kind ?? ""],
                    terminal: request.live?.size)
                try? await onThread { command.run(in: folder) }
            }
        }
        defer { server.cancel() }
        let ends = try Ends(kind)
        defer { ends.close() }
        // Who drives it and fails would leave it waiting for ever.
        let hasFailed = Mutex(false)
        let driver = Task {
            do {
                try await onThread { try drive(ends.typed, ends.seen) }
            } catch {
                hasFailed.withLock { $0 = true }
                throw error
            }
        }
        let status: Int32
        do {
            status = try await spool.run(.init(host: "x", command: command), files: ends.files) { !hasFailed.withLock { $0 } }
        } catch {
            try await driver.value
            throw error
        }
        try await driver.value
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        return (status, ends.rest(ends.seen), kind == .pipes ? ends.rest(ends.errors) : "")
    }

    enum Kind { case pipes, terminal }

    /// The files of a client, and the ends from which a test types and reads.
    struct Ends: Sendable {
        let files: (input: Int32, output: Int32, errors: Int32)
        let typed: Int32
        let seen: Int32
        let errors: Int32

        init(_ kind: Kind) throws {
            switch kind {
            case .pipes:
                let (input, output, errors) = (Self.pipe(), Self.pipe(), Self.pipe())
                files = (input.0, output.1, errors.1)
                (typed, seen, self.errors) = (input.1, output.0, errors.0)
            case .terminal:
                var (master, slave): (Int32, Int32) = (-1, -1)
                var size = winsize()
                (size.ws_row, size.ws_col) = (33, 111)
                try #require(openpty(&master, &slave, nil, nil, &size) == 0)
                files = (slave, slave, slave)
                (typed, seen, errors) = (master, master, -1)
            }
            for file in [typed, seen, errors, files.input, files.output, files.errors] where file >= 0 {
                _ = fcntl(file, F_SETFD, FD_CLOEXEC)
            }
            for file in [seen, errors] where file >= 0 { _ = fcntl(file, F_SETFL, O_NONBLOCK) }
        }

        private static func pipe() -> (Int32, Int32) {
            var ends: [Int32] = [-1, -1]
            _ = Glibc.pipe(&ends)
            return (ends[0], ends[1])
        }

        func close() {
            for file in Set([files.input, files.output, files.errors, seen, errors]) where file >= 0 { _ = Glibc.close(file) }
        }

        /// All that can be read now.
        func rest(_ file: Int32) -> String {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = read(file, &buffer, buffer.count)
                guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
                bytes += buffer[..<count]
            }
        }
    }

    /// Reads until a text has come.
    /// - Returns: All that came until then, with whatever came along in the same moment.
    @discardableResult
    @Sendable private static func wait(for text: String, on file: Int32) throws -> String {
        var seen: [UInt8] = []
        let end = ContinuousClock.now + .seconds(20)
        while !String(decoding: seen, as: UTF8.self).contains(text) {
            var polled = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            _ = poll(&polled, 1, 100)
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(file, &buffer, buffer.count)
            if count > 0 { seen += buffer[..<count] }
            guard ContinuousClock.now < end else {
                throw LabError("“\(text)” did not come, but “\(String(decoding: seen, as: UTF8.self))”")
            }
        }
        return String(decoding: seen, as: UTF8.self)
    }

    @Sendable private static func type(_ text: String, on file: Int32) { _ = text.withCString { write(file, $0, strlen($0)) } }

    @Test("streams stay apart, and the exit status is the command's")
    func streams() async throws {
        let result = try await run(["sh", "-c", "echo out; echo err >&2; exit 7"]) { input, _ in close(input) }
        #expect(result.status == 7 && result.output == "out\n" && result.errors == "err\n")
        #expect(try await run(["sh", "-c", "kill -9 $$"]) { input, _ in close(input) }.status == 137)
    }

    @Test("what is printed comes while the command runs, and what is typed reaches it")
    func live() async throws {
        let result = try await run(["sh", "-c", "echo ready; read word; echo got $word; cat"]) { input, output in
            try Self.wait(for: "ready\n", on: output)
            Self.type("one\n", on: input)
            try Self.wait(for: "got one\n", on: output)
            Self.type("two\n", on: input)
            close(input)
        }
        #expect(result.status == 0 && result.output == "two\n")
    }

    @Test("a large input arrives whole, though the command begins to read late")
    func large() async throws {
        let result = try await run(["sh", "-c", "sleep 1; wc -c"]) { input, _ in
            let bytes = [UInt8](repeating: 0x61, count: 3_000_000)
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
                guard count > 0 else { break }
                rest = rest.dropFirst(count)
            }
            close(input)
        }
        #expect(result.status == 0 && result.output == "3000000\n")
    }

    @Test("on a terminal the command has one too, of the same size, and Ctrl-C reaches what runs on it")
    func terminal() async throws {
        let script = "stty size; tty; trap 'echo interrupted; exit 42' INT; echo ready; while :; do sleep 0.1; done"
        let result = try await run(["sh", "-c", script], kind: .terminal) { input, output in
            // All of it may come at once.
            let seen = try Self.wait(for: "ready", on: output)
            #expect(seen.contains("33 111"))
            Self.type("\u{3}", on: input)
        }
        #expect(result.status == 42 && result.output.contains("interrupted"))
    }

    @Test("a window that changes its size is heard of")
    func resize() async throws {
        let result = try await run(
            ["sh", "-c", "trap 'stty size; exit 0' WINCH; echo ready; while :; do sleep 0.1; done"], kind: .terminal
        ) {
            input, output in
            try Self.wait(for: "ready", on: output)
            WindowSize(rows: 20, columns: 70).set(on: input)
        }
        #expect(result.status == 0 && result.output.contains("20 70"))
    }

    @Test("a command whose caller is gone is hung up")
    func abandoned() async throws {
        let folder = NSTemporaryDirectory() + "gone-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let mark = "\(folder)/pid"
        let command = LiveCommand(
            arguments: ["sh", "-c", "echo $$ > \(mark); sleep 600"], namespace: nil, environment: [:], terminal: nil, patience: 1)
        let start = ContinuousClock.now
        try await onThread { command.run(in: folder) }
        #expect(ContinuousClock.now - start < .seconds(20))
        let text = try String(contentsOfFile: mark, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(pid_t(text).map(Daemon.isAlive) == false)
    }

    @Test("a program that is not there says so and ends with an error")
    func missing() async throws {
        let result = try await run(["/nonexistent"]) { input, _ in close(input) }
        #expect(result.status == 1 && result.errors.contains("cannot start /nonexistent"))
    }
}
