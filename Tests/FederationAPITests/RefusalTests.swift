import FederationAPI
import FederationModel
import Foundation
import GRPCCore
import Testing

@Suite("Hostile connections are refused", .timeLimit(.minutes(1)))
struct RefusalTests {
    @Test("a gateway with a good certificate is let in, and known by it")
    func good() async throws {
        let world = try World()
        try await world.withServer { server in
            let messages = try await world.withClient("paris.gw1", port: server.port) { client, _ in
                try await openSession(client, waitForReady: true)
            }
            let welcome = Welcome(federation: FederationID(unchecked: "demo"), epoch: "e", revision: 1, gateway: World.paris)
            #expect(messages == [.welcome(welcome)])
        }
    }

    @Test("no certificate")
    func noCertificate() async throws {
        let world = try World()
        try await world.withServer { server in
            let output = try await OpenSSL.connect(port: server.port, ["-tls1_3"])
            #expect(output.contains("alert certificate required"))
            #expect(server.connections.count == 0)
        }
    }

    @Test("a certificate of another authority that claims the same name")
    func otherAuthority() async throws {
        let world = try World()
        let other = try World()
        let files = other.files("paris.gw1", trustRoots: "\(world.certs)/ca.pem")
        try await expectRefusal(in: world, files: files, because: "unable to get local issuer certificate")
    }

    @Test("an expired certificate")
    func expired() async throws {
        let world = try World()
        _ = try world.authority.issue(.gateway(World.tokyo), now: Date() - 86400, lifetime: 3600)
        try await expectRefusal(in: world, files: world.files("tokyo.gw1"), because: "certificate has expired")
    }

    @Test("a revoked certificate")
    func revoked() async throws {
        let world = try World()
        _ = try world.authority.revoke("\(world.certs)/paris.gw1.pem")
        try await expectRefusal(in: world, files: world.files("paris.gw1"), because: "certificate revoked")
    }

    @Test("a certificate for servers only, used by a client")
    func serverOnly() async throws {
        let world = try World()
        try await OpenSSL.issue(
            "odd", in: world.certs, authority: world.certs,
            extensions: "extendedKeyUsage=serverAuth\nsubjectAltName=URI:spiffe://demo/cloud/paris/gateway/gw1\n")
        try await expectRefusal(in: world, files: world.files("odd"), because: "unsuitable certificate purpose")
    }

    @Test("a certificate that names another federation than its authority may")
    func otherFederation() async throws {
        let world = try World()
        try await OpenSSL.issue(
            "odd", in: world.certs, authority: world.certs,
            extensions: "extendedKeyUsage=clientAuth\nsubjectAltName=URI:spiffe://other/cloud/paris/gateway/gw1\n")
        try await world.withServer { server in
            let output = try await OpenSSL.connect(
                port: server.port, ["-tls1_3", "-cert", "\(world.certs)/odd.pem", "-key", "\(world.certs)/odd.key"])
            #expect(output.contains("alert"))
            #expect(world.log.text.contains("permitted subtree violation"))
            #expect(server.connections.count == 0)
        }
    }

    @Test("the coordinator's own certificate, used by a client")
    func coordinatorAsClient() async throws {
        let world = try World()
        try await world.withServer { server in
            let output = try await OpenSSL.connect(
                port: server.port, ["-tls1_3", "-cert", "\(world.certs)/coordinator.pem", "-key", "\(world.certs)/coordinator.key"])
            #expect(output.contains("alert"))
            #expect(world.log.text.contains("unsuitable certificate purpose"))
            #expect(server.connections.count == 0)
        }
    }

    @Test("TLS 1.2")
    func tls12() async throws {
        let world = try World()
        try await world.withServer { server in
            let output = try await OpenSSL.connect(
                port: server.port, ["-tls1_2", "-cert", "\(world.certs)/paris.gw1.pem", "-key", "\(world.certs)/paris.gw1.key"])
            #expect(output.contains("alert protocol version"))
        }
    }

    @Test("a TLS session resumed with a ticket, which would bring no certificate")
    func resumption() async throws {
        let world = try World()
        var limits = TransportLimits()
        limits.idleTime = .seconds(1)
        try await world.withServer(limits: limits) { server in
            let session = "\(world.folder)/session"
            let identity = ["-tls1_3", "-cert", "\(world.certs)/paris.gw1.pem", "-key", "\(world.certs)/paris.gw1.key"]
            let first = try await OpenSSL.connect(port: server.port, identity + ["-sess_out", session])
            #expect(first.contains("New, TLSv1.3"))
            try #require(FileManager.default.fileExists(atPath: session), "the server gave no ticket")
            #expect(server.connections.admissions == 1)
            // Whichever way TLS decides, a connection without a certificate is none of ours.
            let second = try await OpenSSL.connect(port: server.port, identity + ["-sess_in", session])
            #expect(server.connections.admissions == (second.contains("Reused, TLSv1.3") ? 1 : 2))
        }
    }

    @Test("HTTP/2 in plaintext gets no answer in plaintext")
    func plaintext() async throws {
        let world = try World()
        try await world.withServer { server in
            let socket = try RawSocket(port: server.port)
            defer { socket.close() }
            try socket.send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0])
            let answer = await socket.readAll(atMost: 5)
            // A TLS alert record (21) at most; an HTTP/2 SETTINGS frame would begin with its length, 0 0.
            #expect(answer.isEmpty || answer[0] == 21)
            #expect(server.calls.value == 0)
        }
    }

    @Test("a gateway that calls the admin service")
    func gatewayAsAdmin() async throws {
        let world = try World()
        try await world.withServer { server in
            try await world.withClient("paris.gw1", port: server.port) { client, _ in
                let error = await #expect(throws: RPCError.self) {
                    try await WireAdminService.Client(wrapping: client).getGraph(WireGetGraphRequest())
                }
                #expect(error?.code == .permissionDenied)
                #expect(server.calls.value == 0)
            }
        }
    }

    @Test("an admin that calls the agent service")
    func adminAsGateway() async throws {
        let world = try World()
        try await world.withServer { server in
            try await world.withClient("admin", port: server.port) { client, _ in
                let error = await #expect(throws: RPCError.self) { try await openSession(client) }
                #expect(error?.code == .permissionDenied)
                #expect(server.calls.value == 0)
                let graph = try await WireAdminService.Client(wrapping: client).getGraph(WireGetGraphRequest())
                #expect(graph.epoch == "admin")
            }
        }
    }

    @Test("a reader that calls anything but reports and verdicts")
    func readerAsAdmin() async throws {
        let world = try World()
        let reader = CertificateSubject.reader(World.paris.cloud)
        _ = try world.authority.issue(reader)
        try await world.withServer { server in
            try await world.withClient(reader.fileName, port: server.port) { client, _ in
                let admin = WireAdminService.Client(wrapping: client)
                let refusals = [
                    await #expect(throws: RPCError.self) { try await admin.getGraph(WireGetGraphRequest()) },
                    await #expect(throws: RPCError.self) { try await admin.apply(WireApplyRequest()) },
                    await #expect(throws: RPCError.self) { try await admin.getStatus(WireGetStatusRequest()) },
                    await #expect(throws: RPCError.self) { try await openSession(client) },
                ]
                #expect(refusals.allSatisfy { $0?.code == .permissionDenied })
                #expect(server.calls.value == 0)
            }
        }
    }

    @Test("a client does not talk to a coordinator of another authority, and says why")
    func otherCoordinator() async throws {
        let world = try World()
        let other = try World()
        try await world.withServer { server in
            try await other.withClient("paris.gw1", port: server.port) { client, trouble in
                await #expect(throws: RPCError.self) { try await openSession(client) }
                #expect(trouble.latest?.contains("the coordinator's certificate") == true)
            }
        }
    }

    @Test("a client does not talk to a gateway that poses as the coordinator")
    func gatewayAsCoordinator() async throws {
        let world = try World()
        try await OpenSSL.issue(
            "odd", in: world.certs, authority: world.certs,
            extensions:
                "extendedKeyUsage=serverAuth,clientAuth\nbasicConstraints=CA:FALSE\nsubjectAltName=URI:spiffe://demo/cloud/paris/gateway/gw1,IP:127.0.0.1\n"
        )
        let listener = try ChildProcess(
            "/usr/bin/openssl",
            [
                "s_server", "-accept", "127.0.0.1:0", "-cert", "\(world.certs)/odd.pem", "-key", "\(world.certs)/odd.key", "-tls1_3",
                "-alpn", "h2", "-quiet",
                "-naccept", "100",
            ])
        defer { listener.kill() }
        let port = try #require(await listener.listeningPort())
        try await world.withClient("paris.gw1", port: port) { client, trouble in
            await #expect(throws: RPCError.self) { try await openSession(client) }
            #expect(trouble.latest?.contains("may not connect here") == true)
        }
    }

    /// The call fails, no service hears of it, and the server's log says why.
    private func expectRefusal(in world: World, files: CredentialFiles, because reason: String) async throws {
        try await world.withServer { server in
            try await world.withClient("", port: server.port, files: files) { client, trouble in
                let error = await #expect(throws: RPCError.self) { try await openSession(client) }
                #expect(error?.code == .unavailable)
                #expect(await eventually { world.log.text.contains(reason) }, "\(world.log.text)")
                #expect(
                    await eventually { trouble.latest?.contains("the coordinator refused our certificate") == true },
                    "\(trouble.latest ?? "nil")")
                #expect(server.calls.value == 0)
                #expect(server.connections.count == 0)
            }
        }
    }
}
