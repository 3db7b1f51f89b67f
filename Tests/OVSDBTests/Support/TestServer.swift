import Foundation
import Synchronization

@testable import OVSDB

/// A real ovsdb-server in a directory of its own. What it started it stops, by its process id.
final class TestServer: Sendable {
    enum Contents {
        /// An empty database of a schema.
        case schema(String)
        /// A database file of the fixtures.
        case fixture(String)
        /// An empty database of a schema as a cluster of one member, the only kind that lets clients resume.
        case cluster(String)
        /// A further member of a cluster, with the name of its database.
        case member(of: TestServer, String)
    }

    static let northbound = "/usr/share/ovn/ovn-nb.ovsschema"
    static let southbound = "/usr/share/ovn/ovn-sb.ovsschema"

    let directory: URL
    private let arguments: [String]
    private let process = Mutex<Process?>(nil)

    var socket: String { directory.path() + "db.sock" }
    var remote: OVSDBRemote { .unix(path: socket) }

    init(_ contents: Contents, arguments: [String] = []) async throws {
        // Short, because the path of a socket has 107 bytes at most.
        directory = URL(filePath: "/tmp/ovsdb-test-\(getpid())-\(UInt32.random(in: .min ... .max))/")
        self.arguments = arguments
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let database = directory.path() + "db"
        switch contents {
        case .schema(let schema): try await run("ovsdb-tool", ["create", database, schema])
        case .fixture(let name): try FileManager.default.copyItem(atPath: fixture(name).path(), toPath: database)
        case .cluster(let schema):
            try await run("ovsdb-tool", ["create-cluster", database, schema, "unix:\(directory.path())raft.sock"])
        case .member(let first, let name):
            try await run(
                "ovsdb-tool",
                ["join-cluster", database, name, "unix:\(directory.path())raft.sock", "unix:\(first.directory.path())raft.sock"])
        }
    }

    /// Starts the server, and returns once its socket is there.
    func start() async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["ovsdb-server", directory.path() + "db", "--remote=punix:\(socket)", "--unixctl=\(directory.path())ctl", "--no-chdir"]
            + ["--log-file=\(directory.path())log"] + arguments
        process.currentDirectoryURL = directory
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        self.process.withLock { $0 = process }
        while !FileManager.default.fileExists(atPath: socket) {
            guard process.isRunning else { throw Missing() }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// The file as it is now. The server must not run.
    var contents: Data {
        get throws { try Data(contentsOf: directory.appending(path: "db")) }
    }

    func restore(_ contents: Data) throws { try contents.write(to: directory.appending(path: "db")) }

    /// As `kill -9` does: the socket stays behind.
    func kill() { end(SIGKILL) }
    func suspend() { _ = Foundation.kill(process.withLock { $0?.processIdentifier ?? 0 }, SIGSTOP) }
    func resume() { _ = Foundation.kill(process.withLock { $0?.processIdentifier ?? 0 }, SIGCONT) }

    private func end(_ signal: Int32) {
        guard let process = process.withLock({ $0.take() }), process.isRunning else { return }
        _ = Foundation.kill(process.processIdentifier, signal)
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: socket)
    }

    deinit {
        end(SIGKILL)
        try? FileManager.default.removeItem(at: directory)
    }
}

/// Runs a program to its end. On a thread of its own, because the few threads of Swift's pool must not be blocked.
func run(_ program: String, _ arguments: [String], in directory: URL? = nil) async throws {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Result { try runBlocking(program, arguments, in: directory) })
        }
    }
}

private func runBlocking(_ program: String, _ arguments: [String], in directory: URL?) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.currentDirectoryURL = directory
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ProgramFailed(text: "\(program) \(arguments): \(text)") }
}

struct ProgramFailed: Error {
    let text: String
}
