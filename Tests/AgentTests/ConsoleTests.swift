import Agent
import EVPN
import FederationAPI
import FederationModel
import Foundation
import Glibc
import Logging
import NetworkTypes
import OVSDB
import SimulatedGateway
import Testing

/// The console of a real agent that has an intent and no databases.
@Suite("The running agent answers on its node", .timeLimit(.minutes(1)))
struct ConsoleTests {
    private struct Node {
        let directory: String
        let client: ConsoleClient
        var socket: String { "\(directory)/run/agent.sock" }
    }

    private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func withConsole(_ body: (Node) async throws -> Void) async throws {
        // Paths of unix sockets have 107 characters at most.
        let directory = "/tmp/fedcon-\(UInt32.random(in: 0...UInt32.max))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try StateDirectory(path: directory, log: Self.log)
        try store.save(Samples.intent(vpns: [Samples.vpn("blue")]))
        let surroundings = Surroundings(
            databases: .init(local: [.unix(path: "\(directory)/none.sock")]), frrDirectory: directory, switchDirectory: directory)
        let agent = try GatewayAgent(surroundings: surroundings, store: store, acceptsNewEpoch: false, log: Self.log)
        let board = ReportBoard(), link = CoordinatorLink()
        let server = ConsoleServer(directory: "\(directory)/run", log: Self.log) { await agent.answer($0, board.newest, link) }
        let serving = Task { await server.run() }
        defer { serving.cancel() }
        let node = Node(directory: directory, client: ConsoleClient(directory: "\(directory)/run"))
        for _ in 0..<200 where !FileManager.default.fileExists(atPath: node.socket) { try await Task.sleep(for: .milliseconds(10)) }
        try await body(node)
    }

    /// Sends bytes as they are, and returns what comes until the end.
    private func send(_ text: String, to path: String) throws -> String {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        try #require(connected == 0)
        _ = text.withCString { Glibc.send(descriptor, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("what is federated, where it is known from, and what is held, without a coordinator")
    func status() async throws {
        try await withConsole { node in
            let status = try await node.client.status()
            #expect(status.gateway == "paris/gw1" && status.revision != nil && !status.coordinator.isUp)
            #expect(status.vpns.map(\.name.description) == ["blue"] && status.vpns.first?.state == "waiting")
            #expect(status.sources.first { $0.of == "intent" }?.age != nil)
            #expect(status.sources.first { $0.of == "cloud" }?.seen == nil && !status.isSettled)
        }
    }

    @Test("why a prefix is not advertised; and a VPN that the node does not have is refused by name")
    func explain() async throws {
        try await withConsole { node in
            let blue = VPNName(unchecked: "blue")
            let explanation = try await node.client.explain(.explain(vpn: blue, prefix: IPPrefix("10.9.0.1/32")!))
            #expect(!explanation.holds && explanation.steps.contains { $0.holds == false && $0.text.contains("received no route") })
            let refusal = await #expect(throws: ConsoleClient.Failure.self) {
                try await node.client.explain(.explain(vpn: VPNName(unchecked: "green"), prefix: nil))
            }
            #expect(refusal?.description == "unknown VPN green: this gateway has blue")
        }
    }

    @Test("its socket is closed to others; questions are bounded, and rubbish is answered as such")
    func hostile() async throws {
        try await withConsole { node in
            let attributes = try FileManager.default.attributesOfItem(atPath: node.socket)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try FileManager.default.attributesOfItem(atPath: "\(node.directory)/run")[.posixPermissions] as? Int == 0o700)
            #expect(try send("{\"forget\":{}}\n", to: node.socket).contains("refused"))
            #expect(try send("\n", to: node.socket).contains("refused"))
            #expect(try send(String(repeating: "x", count: 100_000), to: node.socket) == "")
            #expect(try await node.client.status().gateway == "paris/gw1")
        }
    }

    @Test("where no agent runs, the reason says what to type; the socket of one that was killed is taken over")
    func absent() async throws {
        let directory = "/tmp/fedcon-\(UInt32.random(in: 0...UInt32.max))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let client = ConsoleClient(directory: directory)
        #expect(await client.isAgentRunning == false)
        let failure = await #expect(throws: ConsoleClient.Failure.self) { try await client.status() }
        #expect(failure?.description.contains("`systemctl status fed-agent`") == true)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "\(directory)/agent.sock".utf8) }
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        close(descriptor)
        #expect(await client.isAgentRunning == false)
        let server = ConsoleServer(directory: directory, log: Self.log) { _ in .refused("here") }
        let serving = Task { await server.run() }
        defer { serving.cancel() }
        for _ in 0..<200 where await !client.isAgentRunning { try await Task.sleep(for: .milliseconds(10)) }
        #expect(await client.isAgentRunning)
    }
}
