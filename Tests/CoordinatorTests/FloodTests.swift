import Coordinator
import FederationAPI
import FederationModel
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Testing

@Suite("fed-coordinator, the executable, under floods", .timeLimit(.minutes(2)), .serialized)
struct FloodTests {
    @Test("400 connections that say nothing, at 256 descriptors, neither kill it nor lock an admin out, nor fill the log")
    func silence() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let port = try freePort()
            let daemon = try Daemon(directory: directory, port: port, log: directory + "/log", descriptors: 256)
            let endpoint = FederationAPI.Endpoint(host: "127.0.0.1", port: port)
            // An apply, so that the database has used libdispatch: what it does where there is no descriptor left is to trap.
            try await pki.withPatientAdmin(at: endpoint) { admin in
                let response = try await admin.apply(ApplyOrder(text: federationFile()))
                #expect(response.accepted)
            }
            for _ in 0..<2 {
                let sockets = (0..<400).compactMap { _ in silentSocket(port) }
                defer { for socket in sockets { close(socket) } }
                try await pki.withPatientAdmin(at: endpoint) { admin in
                    let status = try await admin.status()
                    #expect(status.revision == 1)
                }
                let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(daemon.pid)/fd").count
                #expect(open < 250)
            }
            #expect(daemon.isRunning)
            #expect(daemon.stop() == 0)
            let lines = try String(contentsOfFile: directory + "/log", encoding: .utf8).split(separator: "\n")
            #expect(lines.count < 80, "\(lines.suffix(5))")
        }
    }

    @Test("what an agent writes makes no line of the log, no field of it, and no colour")
    func log() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let port = try freePort()
            let daemon = try Daemon(directory: directory, port: port, log: directory + "/log")
            let endpoint = FederationAPI.Endpoint(host: "127.0.0.1", port: port)
            try await pki.withPatientAdmin(at: endpoint) { admin in
                _ = try await admin.apply(ApplyOrder(text: federationFile()))
            }
            let forged = "2026-11-28T17:00:00+0000 notice fed-coordinator: author=admin revision=42 [Coordinator] revision confirmed"
            try await pki.speak(as: "paris/gw1", at: endpoint) { writer in
                let software = "fed-agent\n\(forged)\u{1b}]0;owned\u{7}\u{1b}[31m"
                // Who holds a base may refuse one before it is sent.
                try await writer.write(.hello(software: software, holding: ["base": "v"]))
                try await writer.write(.rejection(of: "base", reason: "x author=admin [Coordinator] \n\(forged)\u{202e}"))
            }
            #expect(
                try await eventually {
                    try String(contentsOfFile: directory + "/log", encoding: .utf8).contains("agent refused a resource")
                })
            #expect(daemon.stop() == 0)
            let text = try String(contentsOfFile: directory + "/log", encoding: .utf8)
            #expect(!text.split(separator: "\n").contains { $0.hasPrefix("2026-11-28T17:00:00") })
            #expect(!text.unicodeScalars.contains { $0.value == 0x1b || $0.value == 7 || $0.value == 0x202e })
            // One value, in quotes: not a field, not the end of the fields.
            #expect(text.contains("reason=\"x author=admin [Coordinator] \\\\n2026"))
        }
    }

    @Test("it stops within its ten seconds while gateways flood it")
    func stopping() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let port = try freePort()
            let daemon = try Daemon(directory: directory, port: port, log: directory + "/log")
            let endpoint = FederationAPI.Endpoint(host: "127.0.0.1", port: port)
            let clouds = ["paris", "tokyo", "osaka"]
            try await pki.withPatientAdmin(at: endpoint) { admin in
                _ = try await admin.apply(ApplyOrder(text: federationFile(clouds: clouds)))
            }
            // Made once: this side is not to be what is slow.
            let chunk = RawAgentMessage.report(1, .received(routes(2000), isFirst: true, isLast: false))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for cloud in clouds {
                    group.addTask {
                        try await pki.speak(as: "\(cloud)/gw1", at: endpoint) { writer in
                            try await writer.write(.hello())
                            var message = chunk
                            while true {
                                try await writer.write(message)
                                message.report.sequence += 1
                            }
                        }
                    }
                }
                try await Task.sleep(for: .seconds(3))
                let start = ContinuousClock.now
                kill(daemon.pid, SIGTERM)
                #expect(try await eventually { !daemon.isRunning })
                #expect(ContinuousClock.now - start < .seconds(20))
                group.cancelAll()
                while let result = await group.nextResult() { _ = result }
            }
        }
    }

    /// A connection that says nothing; nil where there is none to be had.
    private func silentSocket(_ port: UInt16) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        return descriptor
    }
}
