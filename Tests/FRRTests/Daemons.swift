import Foundation
import Testing

@testable import FRR
@testable import VTY

/// A network namespace with a name of this process, removed with everything in it when closed.
final class NetworkNamespace {
    let name: String

    init(_ label: String) throws {
        name = "frr\(getpid())\(label)"
        try run("ip", "netns", "add", name)
        try run("ip", "-n", name, "link", "set", "lo", "up")
    }

    deinit { try? run("ip", "netns", "del", name) }
}

/// Real zebra and bgpd in one namespace, with their sockets in a directory of their own.
///
/// They run in the foreground as our children, so that each one's own process identifier is at hand to end it.
final class Daemons {
    let directory: URL
    private var processes: [ChildProcess] = []

    var bgpd: String { directory.appendingPathComponent("bgpd.vty").path }
    var zebra: String { directory.appendingPathComponent("zebra.vty").path }

    /// - Parameter profile: what FRR calls its defaults: `traditional` or `datacenter`.
    init(in namespace: NetworkNamespace, profile: String = "traditional") async throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("frr-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try run("chown", "frr:frr", directory.path)
        try Data().write(to: directory.appendingPathComponent("empty.conf"))
        try start("zebra", in: namespace, profile, ["-s", "90000000"])
        try await appears("zserv")
        try start("bgpd", in: namespace, profile, [])
        try await appears("bgpd.vty")
        try await appears("zebra.vty")
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: directory)
    }

    func stop() {
        while let process = processes.popLast() { process.end() }
    }

    /// Ends bgpd at once, as a crash does.
    func killBGPD() {
        guard processes.count == 2 else { return }
        processes.removeLast().end(with: SIGKILL)
    }

    func startBGPD(in namespace: NetworkNamespace) async throws {
        try? FileManager.default.removeItem(atPath: bgpd)
        try start("bgpd", in: namespace, "traditional", [])
        try await appears("bgpd.vty")
    }

    private func start(_ daemon: String, in namespace: NetworkNamespace, _ profile: String, _ more: [String]) throws {
        let files = directory.path
        let arguments =
            ["ip", "netns", "exec", namespace.name, "/usr/lib/frr/\(daemon)", "-F", profile, "-f", "\(files)/empty.conf"]
            + ["--vty_socket", files, "-z", "\(files)/zserv", "-i", "\(files)/\(daemon).pid", "-A", "127.0.0.1", "-P", "0"]
            + ["--log", "file:\(files)/\(daemon).log"] + more
        processes.append(try ChildProcess(arguments))
    }

    private func appears(_ file: String) async throws {
        let path = directory.appendingPathComponent(file).path
        for _ in 0..<500 {
            if FileManager.default.fileExists(atPath: path) { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Missing(path: path)
    }

    struct Missing: Error { let path: String }
}

func run(_ command: String...) throws {
    let status = try ChildProcess(command).wait()
    guard status == 0 else { throw ChildProcess.Failure(command: command, status: status) }
}

/// A connected client; the socket may exist before the daemon listens on it.
func client(_ path: String) async throws -> VTYClient {
    let client = VTYClient(path: path)
    for _ in 0..<100 {
        do {
            try await client.connect()
            return client
        } catch {
            try await Task.sleep(for: .milliseconds(20))
        }
    }
    try await client.connect()
    return client
}

extension VTYClient {
    func running(_ passwords: SessionPasswords = SessionPasswords()) async throws -> RunningConfiguration {
        RunningConfiguration(parsing: try await show("show running-config"), passwords: passwords)
    }
}

func fixture(_ name: String) throws -> String {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil), "no fixture \(name)")
    return try String(contentsOf: url, encoding: .utf8)
}

/// Chance that repeats itself (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
