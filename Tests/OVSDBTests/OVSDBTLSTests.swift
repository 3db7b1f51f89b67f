import Foundation
import Testing

@testable import OVSDB

@Suite("ssl: remotes", .timeLimit(.minutes(1)))
struct OVSDBTLSTests {
    /// A directory with an authority, a server's and a client's certificate of it, and a stranger's of another.
    private func makeCertificates(in directory: URL) async throws {
        func authority(_ name: String) async throws {
            try await run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=\(name)",
                    "-keyout", "\(name).key", "-out", "\(name).pem",
                ], in: directory)
        }
        func leaf(_ name: String, of authority: String) async throws {
            try await run(
                "openssl",
                [
                    "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)", "-keyout",
                    "\(name).key", "-out", "\(name).csr",
                ], in: directory)
            try await run(
                "openssl",
                [
                    "x509", "-req", "-in", "\(name).csr", "-CA", "\(authority).pem", "-CAkey", "\(authority).key", "-CAcreateserial",
                    "-days", "2", "-out", "\(name).pem",
                ], in: directory)
        }
        try await authority("ca")
        try await authority("otherca")
        try await leaf("server", of: "ca")
        try await leaf("client", of: "ca")
        try await leaf("stranger", of: "otherca")
    }

    private func tls(_ server: TestServer, _ name: String, _ authority: String) -> OVSDBTLS {
        let path = server.directory.path()
        return OVSDBTLS(
            certificateFile: "\(path)\(name).pem", privateKeyFile: "\(path)\(name).key", trustRootsFile: "\(path)\(authority).pem")
    }

    private func start() async throws -> (TestServer, OVSDBRemote) {
        let server = try await TestServer(
            .schema(TestServer.northbound),
            arguments: [
                "--remote=pssl:0:127.0.0.1", "--private-key=server.key", "--certificate=server.pem", "--ca-cert=ca.pem",
            ])
        try await makeCertificates(in: server.directory)
        try await server.start()
        while true {
            let log = (try? String(contentsOf: server.directory.appending(path: "log"), encoding: .utf8)) ?? ""
            if let match = log.firstMatch(of: /listening on port (\d+)/), let port = Int(match.1) {
                return (server, .ssl(host: "127.0.0.1", port: port))
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private let request = MonitorRequest(["Address_Set": ["name"]])

    @Test("work with certificates of both sides")
    func mutual() async throws {
        let (server, remote) = try await start()
        try await withClient([remote], tls: tls(server, "client", "ca"), "OVN_Northbound", request) { client in
            let reader = Reader(client)
            _ = try await reader.next()
            _ = try await client.transact([.insert(table: "Address_Set", row: ["name": .atom(.string("a"))])])
            #expect(try await reader.next().change["Address_Set"].inserted.count == 1)
        }
    }

    @Test(
        "refuse a server of another authority, and are refused with a stranger's certificate",
        arguments: [("client", "otherca"), ("stranger", "ca")])
    func strangers(name: String, authority: String) async throws {
        let (server, remote) = try await start()
        try await withClient([remote], tls: tls(server, name, authority), "OVN_Northbound", request) { client in
            await wait(client) { $0.lastError != nil }
            #expect(client.replica == nil)
            #expect(client.connection.lastError?.description.contains("connection failed") == false)
        }
    }

    @Test("say what is wrong with credentials that are not there")
    func missing() async throws {
        let (server, remote) = try await start()
        for tls in [nil, tls(server, "nobody", "ca")] {
            try await withClient([remote], tls: tls, "OVN_Northbound", request) { client in
                await wait(client) { if case .credentials? = $0.lastError { true } else { false } }
            }
        }
    }
}
