import FederationAPI
import FederationModel
import Foundation
import Testing

@Suite("The development authority", .timeLimit(.minutes(1)))
struct AuthorityTests {
    private func mode(_ path: String) -> Int {
        ((try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int) ?? -1
    }

    @Test("keys can be read by their owner only, and nothing half written is left")
    func modes() throws {
        let world = try World()
        for name in ["ca", "coordinator", "paris.gw1", "admin"] {
            #expect(mode("\(world.certs)/\(name).key") == 0o600)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: world.certs).sorted()
        #expect(
            names == [
                "admin.key", "admin.pem", "ca.key", "ca.pem", "coordinator.key", "coordinator.pem", "crl.pem", "issued", "paris.gw1.key",
                "paris.gw1.pem",
            ])
    }

    @Test("OpenSSL takes its certificates for what they are")
    func openssl() async throws {
        let world = try World()
        func verify(_ name: String, _ purpose: String) async throws -> String {
            try await OpenSSL.run([
                "verify", "-x509_strict", "-crl_check", "-CRLfile", "\(world.certs)/crl.pem", "-CAfile", "\(world.certs)/ca.pem",
                "-purpose", purpose,
                "\(world.certs)/\(name).pem",
            ]).output
        }
        #expect(try await verify("coordinator", "sslserver").hasSuffix("OK\n"))
        #expect(try await verify("paris.gw1", "sslclient").hasSuffix("OK\n"))
        #expect(try await verify("admin", "sslclient").hasSuffix("OK\n"))
        #expect(try await verify("paris.gw1", "sslserver").contains("certificate purpose"))
        _ = try world.authority.revoke("\(world.certs)/paris.gw1.pem")
        #expect(try await verify("paris.gw1", "sslclient").contains("certificate revoked"))
        let text = try await OpenSSL.run(["x509", "-in", "\(world.certs)/coordinator.pem", "-noout", "-text"]).output
        for part in ["URI:spiffe://demo/coordinator", "IP Address:127.0.0.1", "DNS:localhost", "TLS Web Server Authentication"] {
            #expect(text.contains(part))
        }
    }

    @Test("every federation name fits the name constraint", arguments: ["a", "Demo_1.example-2", String(repeating: "x", count: 63)])
    func constraint(name: String) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/federation-api-\(getpid())-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let authority = try CertificateAuthority.create(in: folder, federation: FederationID(parsing: name))
        let issued = try authority.issue(.gateway(World.paris))
        let output = try await OpenSSL.run(["verify", "-x509_strict", "-CAfile", "\(folder)/ca.pem", "-purpose", "sslclient", issued.path])
            .output
        #expect(output.hasSuffix("OK\n"), "\(output)")
    }

    @Test("a revocation list keeps what it had, is numbered, and verifies with the authority's key")
    func revocationList() async throws {
        let world = try World()
        let issued = try world.authority.issue(.gateway(World.tokyo))
        _ = try world.authority.revoke("\(world.certs)/paris.gw1.pem")
        _ = try world.authority.revoke(issued.path)
        _ = try world.authority.revoke(issued.path)
        let text = try await OpenSSL.run(["crl", "-in", "\(world.certs)/crl.pem", "-noout", "-text", "-CAfile", "\(world.certs)/ca.pem"])
            .output
        #expect(text.contains("verify OK"))
        #expect(text.components(separatedBy: "Serial Number:").count - 1 == 2)
        #expect(text.contains("X509v3 CRL Number: \n                4"))
        let revoked = try world.authority.list().filter(\.isRevoked).map(\.identity.description)
        #expect(revoked == ["spiffe://demo/cloud/paris/gateway/gw1", "spiffe://demo/cloud/tokyo/gateway/gw1"])
    }

    @Test("lists what it issued, old certificates too")
    func list() throws {
        let world = try World()
        let old = try world.authority.list().first { $0.identity.role == .admin }
        let new = try world.authority.issue(.admin(CertificateSubject.defaultAdmin), replacing: true)
        let admins = try world.authority.list().filter { $0.identity.role == .admin }
        #expect(Set(admins.map(\.serial)) == [old?.serial, new.serial])
        #expect(try world.authority.list().count == 4)
    }

    @Test("never overwrites an authority, nor a certificate unless told, nor another peer's at all")
    func overwriting() throws {
        let world = try World()
        #expect(throws: PKIError.self) { try CertificateAuthority.create(in: world.certs, federation: FederationID(unchecked: "demo")) }
        let error = #expect(throws: PKIError.self) { try world.authority.issue(.gateway(World.paris)) }
        #expect(error?.remedy.contains("--replace") == true)
        _ = try world.authority.issue(.gateway(World.paris), replacing: true)
        // Cloud "a.b" with gateway "c", and cloud "a" with gateway "b.c", make the same file name.
        _ = try world.authority.issue(.gateway(GatewayID(cloud: CloudName(unchecked: "a.b"), node: NodeName(unchecked: "c"))))
        let other = CertificateSubject.gateway(GatewayID(cloud: CloudName(unchecked: "a"), node: NodeName(unchecked: "b.c")))
        #expect(throws: PKIError.self) { try world.authority.issue(other, replacing: true) }
    }

    @Test("is opened again from its folder")
    func reopen() throws {
        let world = try World()
        let again = try CertificateAuthority(in: world.certs)
        #expect(again.federation == FederationID(unchecked: "demo"))
        _ = try again.issue(.gateway(World.tokyo))
        #expect(try world.authority.list().count == 4)
    }

    @Test("does not revoke what another authority issued")
    func foreign() throws {
        let world = try World()
        let other = try World()
        let error = #expect(throws: PKIError.self) { try world.authority.revoke("\(other.certs)/paris.gw1.pem") }
        #expect(error?.reason.contains("not issued by this authority") == true)
    }

    @Test("says what to do where there is no authority")
    func missing() {
        let error = #expect(throws: PKIError.self) { try CertificateAuthority(in: "/nonexistent/certs") }
        #expect(error?.remedy.contains("fedctl pki init") == true)
    }

    @Test("names the file and the way out where credentials cannot be read")
    func credentials() throws {
        let world = try World()
        let log = world.quiet
        func refusal(_ files: CredentialFiles, _ side: TransportSide) -> CertificateRefusal? {
            #expect(throws: CertificateRefusal.self) { try Credentials(files: files, side: side, log: log) }
        }
        var files = world.files("paris.gw1")
        files.key = "\(world.certs)/admin.key"
        #expect(refusal(files, .client)?.reason.contains("is not the private key of") == true)
        files.key = "/nonexistent"
        #expect(refusal(files, .client)?.reason.contains("/nonexistent") == true)
        #expect(refusal(world.files("paris.gw1"), .server)?.reason.contains("needs one of a coordinator") == true)
        #expect(refusal(world.files("paris.gw1", trustRoots: "\(world.certs)/ca.key"), .client)?.reason.contains("trust roots") == true)
    }
}
