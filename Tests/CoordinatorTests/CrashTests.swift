import Coordinator
import Federation
import FederationAPI
import Foundation
import GRPCCore
import Synchronization
import Testing

/// The real executable as a child process.
private final class Daemon: Sendable {
    private let process = Process()

    init(directory: String, port: UInt16, log: String) throws {
        // Tests and executables are built into the same directory.
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(filePath: tests).deletingLastPathComponent().appending(path: "fed-coordinator")
        process.arguments = [
            "--listen", "127.0.0.1:\(port)", "--database", directory + "/db/coordinator.sqlite", "--certificate",
            directory + "/certs/coordinator.pem", "--key", directory + "/certs/coordinator.key", "--trust-roots",
            directory + "/certs/ca.pem",
            "--revocation-list", directory + "/certs/crl.pem",
        ]
        if !FileManager.default.fileExists(atPath: log) { _ = FileManager.default.createFile(atPath: log, contents: nil) }
        let handle = try #require(FileHandle(forWritingAtPath: log))
        try handle.seekToEnd()
        process.standardError = handle
        process.standardOutput = handle
        try process.run()
    }

    var pid: Int32 { process.processIdentifier }

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
}

/// A port that is free at the moment.
private func freePort() throws -> UInt16 {
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

@Suite("fed-coordinator, the executable", .timeLimit(.minutes(2)), .serialized)
struct CrashTests {
    private var patient: CallOptions { TransportLimits().callOptions(waitForReady: true) }

    @Test("kill -9 in the middle of applies loses no revision and no allocation that was acknowledged, and gives none twice")
    func kill9() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let port = try freePort()
            let endpoint = FederationAPI.Endpoint(host: "127.0.0.1", port: port)
            var acknowledged: UInt64 = 0
            var vpns = ["vpn0"]
            var known: Set<String> = []
            for round in 0..<5 {
                let daemon = try Daemon(directory: directory, port: port, log: directory + "/log")
                let (revision, list, allocations) = try await pki.withClient("admin", at: endpoint) {
                    [patient, vpns, known, acknowledged] client in
                    let admin = WireAdminService.Client(wrapping: client)
                    let graph = try await admin.getGraph(WireGetGraphRequest(), options: patient)
                    let held = Set(graph.allocations.map { "\($0.kind) \($0.object) \($0.value)" })
                    #expect(known.isSubset(of: held), "round \(round)")
                    #expect(Set(graph.allocations.map { "\($0.kind) \($0.value)" }).count == held.count)
                    #expect(graph.revision == acknowledged || graph.revision == acknowledged + 1)

                    // Killed at another moment each round, while applies are under way.
                    var list = vpns
                    var revision = graph.revision
                    var killer: Task<Void, any Error>?
                    do {
                        while true {
                            let next = list + ["vpn\(list.count)"]
                            revision = try await admin.apply(.with(federationFile(vpns: next))).revision
                            list = next
                            killer =
                                killer
                                ?? Task { [pid = daemon.pid] in
                                    try await Task.sleep(for: .milliseconds(30 + 35 * round))
                                    kill(pid, SIGKILL)
                                }
                        }
                    } catch is RPCError {}
                    try await killer?.value
                    return (revision, list, held)
                }
                daemon.kill9()
                #expect(revision > acknowledged)
                acknowledged = revision
                vpns = list
                known = allocations
            }
            // And a last look at what is there in the end.
            let store = try SQLiteStore(path: directory + "/db/coordinator.sqlite", federation: FederationID("demo")!)
            let last = try await store.latest()
            #expect(last.number >= acknowledged)
            for vpn in vpns where vpns.count > 1 { #expect(last.graph?.vpns[VPNName(vpn)!] != nil) }
        }
    }

    @Test("it starts, logs where it listens, stays at SIGHUP, stops at SIGTERM with status 0, and keeps a second one off")
    func life() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let port = try freePort()
            let log = directory + "/log"
            let daemon = try Daemon(directory: directory, port: port, log: log)
            let endpoint = FederationAPI.Endpoint(host: "127.0.0.1", port: port)
            try await pki.withClient("admin", at: endpoint) { [patient] client in
                let admin = WireAdminService.Client(wrapping: client)
                #expect(try await admin.getStatus(WireGetStatusRequest(), options: patient).federation == "demo")
                daemon.hangUp()
                let another = try Daemon(directory: directory, port: try freePort(), log: directory + "/other.log")
                #expect(another.outcome() == 1)
                #expect(try await eventually { try String(contentsOfFile: log, encoding: .utf8).contains("SIGHUP") })
                #expect(try await admin.getStatus(WireGetStatusRequest(), options: patient).federation == "demo")
            }
            #expect(daemon.stop() == 0)
            let text = try String(contentsOfFile: log, encoding: .utf8)
            #expect(text.contains("127.0.0.1:\(port)"))
            #expect(try String(contentsOfFile: directory + "/other.log", encoding: .utf8).contains("in use by another process"))
        }
    }

    @Test("wrong files are named, and the exit status is 1")
    func wrongFiles() async throws {
        try await withDirectory { directory in
            let daemon = try Daemon(directory: directory, port: try freePort(), log: directory + "/log")
            #expect(daemon.outcome() == 1)
            #expect(try String(contentsOfFile: directory + "/log", encoding: .utf8).contains("coordinator.pem"))
        }
    }
}
