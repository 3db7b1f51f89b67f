import Coordinator
import FederationAPI
import FederationModel
import Foundation
import Testing

/// The real executable as a child process.
final class Daemon: Sendable {
    private let process = Process()

    /// Tests and executables are built into the same directory.
    static func executable() throws -> URL {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: tests).deletingLastPathComponent().appending(path: "fed-coordinator")
    }

    /// - Parameters:
    ///   - database: nil: one of the directory's.
    ///   - descriptors: as many as it may have; nil: as many as the test.
    init(directory: String, port: UInt16, log: String, database: String? = nil, descriptors: Int? = nil) throws {
        let program = try Self.executable()
        let arguments = [
            "--listen", "127.0.0.1:\(port)", "--database", database ?? directory + "/db/coordinator.sqlite", "--certificate",
            directory + "/certs/coordinator.pem", "--key", directory + "/certs/coordinator.key", "--trust-roots",
            directory + "/certs/ca.pem",
            "--revocation-list", directory + "/certs/crl.pem",
        ]
        if let descriptors {
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments =
                ["-c", "ulimit -n \(descriptors); exec \"$0\" \"$@\"", program.path(percentEncoded: false)] + arguments
        } else {
            process.executableURL = program
            process.arguments = arguments
        }
        if !FileManager.default.fileExists(atPath: log) { _ = FileManager.default.createFile(atPath: log, contents: nil) }
        let handle = try #require(FileHandle(forWritingAtPath: log))
        try handle.seekToEnd()
        process.standardError = handle
        process.standardOutput = handle
        try process.run()
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    func kill9() {
        kill(pid, SIGKILL)
        process.waitUntilExit()
    }

    func stop() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Waits until it ends by itself.
    func outcome() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    func hangUp() { kill(pid, SIGHUP) }

    deinit { if process.isRunning { kill(pid, SIGKILL) } }

    /// A command of the executable that ends by itself.
    static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = try executable()
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}

/// A port that is free at the moment.
func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    try #require(isBound)
    return UInt16(bigEndian: address.sin_port)
}
