import FederationAPI
import FederationModel
import Foundation
import GRPCCore
import NetworkTypes
import Synchronization
import Testing

@Suite("Connections", .timeLimit(.minutes(1)))
struct ConnectionTests {
    @Test("a hundred and ten sessions share one connection")
    func manyStreams() async throws {
        let world = try World()
        var limits = TransportLimits()
        limits.concurrentStreams = 128
        try await world.withServer(limits: limits) { server in
            try await world.withClient("paris.gw1", port: server.port) { client, _ in
                let welcomed = CallCount()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<110 {
                        group.addTask {
                            try await WireAgentService.Client(wrapping: client).session(
                                options: TransportLimits().callOptions(waitForReady: true)
                            ) { _ in
                                // Stays open until all are.
                                while welcomed.value < 110 { try await Task.sleep(for: .milliseconds(20)) }
                            } onResponse: { response in
                                for try await _ in response.messages { welcomed.add() }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(welcomed.value == 110)
                #expect(server.connections.count == 1)
            }
        }
    }

    @Test("a frozen client is cut off after the idle time")
    func frozenClient() async throws {
        let world = try World()
        var limits = TransportLimits()
        limits.idleTime = .seconds(2)
        try await world.withServer(limits: limits) { server in
            let client = try ChildProcess(
                "/usr/bin/openssl",
                [
                    "s_client", "-connect", "127.0.0.1:\(server.port)", "-alpn", "h2", "-tls1_3", "-cert", "\(world.certs)/paris.gw1.pem",
                    "-key", "\(world.certs)/paris.gw1.key",
                ])
            defer { client.kill() }
            #expect(await eventually { server.connections.count == 1 })
            client.freeze()
            #expect(await eventually(.seconds(8)) { server.connections.count == 0 })
        }
    }

    @Test("a client that connects and never begins TLS is cut off after the handshake time")
    func noHandshake() async throws {
        let world = try World()
        var limits = TransportLimits()
        limits.handshakeTime = .milliseconds(500)
        try await world.withServer(limits: limits) { server in
            let socket = try RawSocket(port: server.port)
            defer { socket.close() }
            let start = ContinuousClock.now
            _ = await socket.readAll(atMost: 8)
            #expect(ContinuousClock.now - start < .seconds(7))
        }
    }

    @Test("a healthy client that has nothing to say stays connected past the idle time")
    func healthyClient() async throws {
        let world = try World()
        var limits = TransportLimits()
        limits.idleTime = .seconds(3)
        limits.keepaliveTime = .milliseconds(500)
        limits.keepaliveTimeout = .seconds(5)
        try await world.withServer(limits: limits) { server in
            try await world.withClient("paris.gw1", port: server.port, limits: limits) { client, _ in
                try await WireAgentService.Client(wrapping: client).session { _ in
                    try await Task.sleep(for: .seconds(5))
                } onResponse: { response in
                    for try await _ in response.messages {}
                }
                #expect(server.connections.count == 1)
            }
        }
    }

    @Test("a frozen server is noticed by the client")
    func frozenServer() async throws {
        let world = try World()
        var limits = TransportLimits()
        // Long enough for a handshake on a machine that is busy, or the session ends before it began.
        limits.keepaliveTime = .seconds(3)
        limits.keepaliveTimeout = .seconds(4)
        try await world.withServer { server in
            let relay = try Relay(to: server.port)
            defer { relay.stop() }
            try await world.withClient("paris.gw1", port: relay.port, limits: limits) { client, _ in
                let start = Mutex<ContinuousClock.Instant?>(nil)
                await #expect(throws: RPCError.self) {
                    try await WireAgentService.Client(wrapping: client).session(
                        options: TransportLimits().callOptions(waitForReady: true)
                    ) { _ in
                        try await Task.sleep(for: .seconds(40))
                    } onResponse: { response in
                        for try await _ in response.messages {
                            start.withLock { $0 = .now }
                            relay.freeze()
                        }
                    }
                }
                let frozenAt = try #require(start.withLock { $0 })
                #expect(ContinuousClock.now - frozenAt < .seconds(30))
            }
        }
    }

    @Test("a client finds the coordinator again after it restarted")
    func restart() async throws {
        let world = try World()
        let port = try await world.withServer { server in
            try await world.withClient("paris.gw1", port: server.port) { client, _ in _ = try await openSession(client, waitForReady: true)
            }
            return server.port
        }
        try await world.withClient("paris.gw1", port: port) { client, _ in
            for _ in 0..<2 {
                try await world.withServer(port: port) { server in
                    // A call that begins just as the old connection ends fails, and is the caller's to repeat.
                    while server.calls.value == 0 { _ = try? await openSession(client, waitForReady: true) }
                }
            }
        }
    }

    @Test("three MiB of received routes arrive in order, in chunks of one MiB at most")
    func chunks() async throws {
        let routes = (0..<40_000).map { index in
            ReceivedRoute(
                prefix: IPPrefix(host: .v4(IPv4Address(bits: 0x0a00_0000 + UInt32(index)))),
                routeDistinguisher: RouteDistinguisher(.as2(64900, UInt32(index))), nextHop: .v4(IPv4Address(bits: 1)),
                routeTargets: [RouteTarget(.as2(64900, 10001)), RouteTarget(.as2(64900, 10002))], routerMAC: MACAddress(bits: 2),
                asPath: [4_200_000_001, 4_200_000_002], isValid: true, isBest: true)
        }
        let contents = ReceivedRoutesChunks.of(routes)
        let parts = contents.enumerated().map { ReportPart(sequence: UInt64($0 + 1), observedAt: 0, content: $1) }
        let sizes = try parts.map { try WireAgentMessage(.report($0)).serializedData().count }
        #expect(sizes.allSatisfy { $0 <= 1 << 20 })
        #expect(sizes.reduce(0, +) > 3 << 20)

        let world = try World()
        try await world.withServer { server in
            try await world.withClient("paris.gw1", port: server.port) { client, _ in
                let answers = try await openSession(client, waitForReady: true, sending: parts)
                #expect(answers.dropFirst() == parts.map { .complete(revision: $0.sequence) }[...])
            }
        }
    }

    @Test("a new certificate is served to new connections as soon as it is on disk")
    func reload() async throws {
        let world = try World()
        try await world.withServer { server in
            let before = try await servedSerial(server.port, world)
            let issued = try world.authority.issue(.coordinator(addresses: ["127.0.0.1"]), replacing: true)
            let after = try await servedSerial(server.port, world)
            #expect(before != after)
            #expect(after == issued.serial)
        }
    }

    @Test("credentials that cannot be used change nothing, and are taken up once they can")
    func brokenReload() async throws {
        let world = try World()
        try await world.withServer { server in
            let before = try await servedSerial(server.port, world)
            let key = "\(world.certs)/coordinator.key"
            let good = try String(contentsOfFile: key, encoding: .utf8)
            try "no key".write(toFile: key, atomically: true, encoding: .utf8)
            #expect(try await servedSerial(server.port, world) == before)
            #expect(world.log.text.contains("the old ones stay in force"))
            try good.write(toFile: key, atomically: true, encoding: .utf8)
            #expect(chmod(key, 0o600) == 0)
            #expect(try await servedSerial(server.port, world) == before)
            #expect(world.log.text.contains("credentials reloaded"))
        }
    }

    @Test("a gateway whose certificate is revoked loses its open connection; another one does not")
    func revokedWhileConnected() async throws {
        let world = try World()
        _ = try world.authority.issue(.gateway(World.tokyo))
        try await world.withServer { server in
            try await world.withClient("tokyo.gw1", port: server.port) { tokyo, _ in
                _ = try await openSession(tokyo, waitForReady: true)
                try await world.withClient("paris.gw1", port: server.port) { paris, _ in
                    await #expect(throws: RPCError.self) {
                        try await WireAgentService.Client(wrapping: paris).session(
                            options: TransportLimits().callOptions(waitForReady: true)
                        ) { _ in
                            try await Task.sleep(for: .seconds(40))
                        } onResponse: { response in
                            for try await _ in response.messages {
                                _ = try world.authority.revoke("\(world.certs)/paris.gw1.pem")
                            }
                        }
                    }
                    #expect(world.log.text.contains("the certificate is no longer valid"))
                    #expect(await eventually { server.connections.identities == [.gateway(FederationID(unchecked: "demo"), World.tokyo)] })
                }
                _ = try await openSession(tokyo)
            }
        }
    }

    @Test("not a byte of the protocol is on the wire in plaintext")
    func wire() async throws {
        let world = try World()
        try await world.withServer { server in
            let relay = try Relay(to: server.port)
            defer { relay.stop() }
            try await world.withClient("paris.gw1", port: relay.port) { client, _ in
                _ = try await openSession(client, waitForReady: true)
            }
            let (sent, received) = relay.recorded
            // TLS records: handshake (22), version 3.x; a plaintext client would begin with "PRI * HTTP/2.0".
            #expect(sent.starts(with: [22, 3]))
            #expect(received.starts(with: [22, 3]))
            for text in ["PRI * HTTP", "ovn_federation", "spiffe"] {
                #expect(Data(sent).range(of: Data(text.utf8)) == nil)
                #expect(Data(received).range(of: Data(text.utf8)) == nil)
            }
        }
    }

    /// The serial number of the certificate that the server shows to an OpenSSL client now.
    private func servedSerial(_ port: UInt16, _ world: World) async throws -> String {
        let output = try await OpenSSL.run([
            "s_client", "-connect", "127.0.0.1:\(port)", "-tls1_3", "-alpn", "h2", "-cert", "\(world.certs)/paris.gw1.pem", "-key",
            "\(world.certs)/paris.gw1.key",
        ]).output
        let path = "\(world.folder)/served.pem"
        guard let start = output.range(of: "-----BEGIN CERTIFICATE-----"), let end = output.range(of: "-----END CERTIFICATE-----") else {
            throw WorldError(output)
        }
        try String(output[start.lowerBound..<end.upperBound]).write(toFile: path, atomically: true, encoding: .utf8)
        let serial = try await OpenSSL.run(["x509", "-in", path, "-noout", "-serial"]).output
        let digits = serial.trimmingCharacters(in: .whitespacesAndNewlines).dropFirst("serial=".count).lowercased()
        return digits.hasPrefix("00") ? String(digits.dropFirst(2)) : digits
    }
}
