import COpenSSL
import FederationAPI
import FederationModel
import Foundation
import GRPCCore
import Testing

@Suite("What ends is said before it ends", .timeLimit(.minutes(1)))
struct ValidityTests {
    private static let day: Int64 = 86400
    private static let demo = FederationID(unchecked: "demo")

    @Test("a certificate: 30 days before, 7 days before, and when it is over, by the clock that is handed in")
    func certificate() {
        let gateway = Validity(.certificate(.gateway(Self.demo, World.paris)), from: 0, until: 365 * Self.day)
        func stage(_ daysLeft: Int64) -> Validity.Stage { gateway.stage(at: (365 - daysLeft) * Self.day) }
        #expect(stage(31) == .fresh && stage(30) == .month && stage(8) == .month && stage(7) == .week && stage(0) == .week)
        #expect(stage(-1) == .ended)
        #expect(gateway.sentence(at: 359 * Self.day) == "the certificate of spiffe://demo/cloud/paris/gateway/gw1 expires in 6 days")
        #expect(gateway.sentence(at: 368 * Self.day).hasSuffix("expired 3 days ago"))
        #expect(gateway.remedy.contains("fedctl pki issue gateway paris/gw1 --replace"))
    }

    @Test("a revocation list: when a third of its time is left, a week at most")
    func revocationList() {
        let week = Validity(.revocationList("demo"), from: 0, until: 7 * Self.day)
        #expect(week.stage(at: 4 * Self.day) == .fresh && week.stage(at: 5 * Self.day) == .week && week.stage(at: 8 * Self.day) == .ended)
        let year = Validity(.revocationList("demo"), from: 0, until: 365 * Self.day)
        #expect(year.stage(at: 357 * Self.day) == .fresh && year.stage(at: 359 * Self.day) == .week)
    }

    @Test("the coordinator knows its own, its authority’s and its list’s end, and by the handshake that of each peer")
    func known() async throws {
        let world = try World()
        _ = try world.authority.issue(.gateway(World.paris), replacing: true, lifetime: 6 * 86400)
        let credentials = try Credentials(files: world.files("coordinator", revocationList: true), side: .server, log: world.quiet)
        let own = credentials.current().validities
        #expect(own.map(\.subject) == [.certificate(.coordinator(Self.demo)), .authority("demo"), .revocationList("demo")])
        #expect(own.map { ($0.until - $0.from) / Self.day } == [365, 3650, 7])
        try await world.withServer { server in
            _ = try await world.withClient("paris.gw1", port: server.port) { client, _ in try await openSession(client, waitForReady: true)
            }
            let peers = server.peers.validities
            #expect(peers.map(\.subject) == [.certificate(.gateway(Self.demo, World.paris))])
            #expect(peers.first?.stage(at: .now) == .week)
            // Who renewed it is seen to have.
            _ = try world.authority.issue(.gateway(World.paris), replacing: true)
            _ = try await world.withClient("paris.gw1", port: server.port) { client, _ in try await openSession(client, waitForReady: true)
            }
            #expect(server.peers.validities.first?.stage(at: .now) == .fresh)
        }
    }
}

@Suite("Certificates and keys that are not as they must be", .timeLimit(.minutes(1)))
struct DemandTests {
    @Test(
        "a peer’s certificate says what it is for and that it is no authority’s, or is refused, with real TLS",
        arguments: [
            ("extendedKeyUsage=clientAuth\nbasicConstraints=critical,CA:FALSE", nil),
            ("basicConstraints=critical,CA:FALSE", "extended key usage lacks clientAuth"),
            ("extendedKeyUsage=anyExtendedKeyUsage\nbasicConstraints=critical,CA:FALSE", "unsuitable certificate purpose"),
            ("extendedKeyUsage=clientAuth", "CA:FALSE"),
            ("extendedKeyUsage=clientAuth\nbasicConstraints=critical,CA:TRUE\nkeyUsage=digitalSignature,keyCertSign", "CA:FALSE"),
        ])
    func leaf(extensions: String, refusal: String?) async throws {
        let world = try World()
        try await OpenSSL.issue(
            "odd", in: world.certs, authority: world.certs,
            extensions: extensions + "\nsubjectAltName=URI:spiffe://demo/cloud/paris/gateway/gw1\n")
        try await world.withServer { server in
            let isIn = try await world.withClient("odd", port: server.port) { client, _ in
                do {
                    return try await openSession(client, waitForReady: refusal == nil).count == 1
                } catch is RPCError {
                    return false
                }
            }
            #expect(isIn == (refusal == nil), "\(world.log.text)")
            if let refusal { #expect(world.log.text.contains(refusal), "\(world.log.text)") }
        }
    }

    @Test(
        "a key that others can read is refused with what to type, and taken once that was typed", arguments: [0o644, 0o640, 0o604, 0o620])
    func keyMode(mode: Int) async throws {
        let world = try World()
        let key = "\(world.certs)/paris.gw1.key"
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: key)
        let error = #expect(throws: CertificateRefusal.self) {
            try Credentials(files: world.files("paris.gw1"), side: .client, log: world.quiet)
        }
        #expect(error?.reason.contains("others can read or change (mode \(String(mode, radix: 8)))") == true)
        #expect(error?.remedy.hasPrefix("chmod 600 \(key)") == true)
        #expect(chmod(key, 0o600) == 0)
        _ = try Credentials(files: world.files("paris.gw1"), side: .client, log: world.quiet)
    }

    @Test("a key of another user is refused; one of root is not", .enabled(if: geteuid() == 0, "only root can give files away"))
    func keyOwner() throws {
        let world = try World()
        let key = "\(world.certs)/paris.gw1.key"
        #expect(chown(key, 65534, 65534) == 0)
        let error = #expect(throws: CertificateRefusal.self) {
            try Credentials(files: world.files("paris.gw1"), side: .client, log: world.quiet)
        }
        #expect(error?.reason.contains("is owned by user 65534") == true && error?.remedy.contains("chown 0 \(key)") == true)
    }

    @Test("a key that only our user can read, by an access control list as systemd writes it, is taken; with others in the list it is not")
    func accessList() throws {
        let world = try World()
        let key = "\(world.certs)/paris.gw1.key"
        func entry(_ tag: UInt16, _ rights: UInt16, _ id: UInt32) -> [UInt8] {
            withUnsafeBytes(of: (tag.littleEndian)) { Array($0) } + withUnsafeBytes(of: rights.littleEndian) { Array($0) }
                + withUnsafeBytes(of: id.littleEndian) { Array($0) }
        }
        func set(_ entries: [[UInt8]]) -> Bool {
            let bytes = [2, 0, 0, 0] + entries.flatMap(\.self)
            return setxattr(key, "system.posix_acl_access", bytes, bytes.count, 0) == 0
        }
        let nobody = UInt32.max
        let owner = entry(0x01, 4, nobody), ours = entry(0x02, 4, geteuid()), group = entry(0x04, 0, nobody), mask = entry(0x10, 4, nobody)
        let all = entry(0x20, 0, nobody)
        // A file system without such lists has nothing to test.
        guard set([owner, ours, group, mask, all]) else { return }
        _ = try Credentials(files: world.files("paris.gw1"), side: .client, log: world.quiet)
        #expect(set([owner, ours, entry(0x02, 4, 4242), group, mask, all]))
        #expect(throws: CertificateRefusal.self) { try Credentials(files: world.files("paris.gw1"), side: .client, log: world.quiet) }
        #expect(set([owner, ours, entry(0x04, 4, nobody), mask, all]))
        #expect(throws: CertificateRefusal.self) { try Credentials(files: world.files("paris.gw1"), side: .client, log: world.quiet) }
    }

    @Test("the authority’s key too")
    func authorityKey() throws {
        let world = try World()
        #expect(chmod("\(world.certs)/ca.key", 0o640) == 0)
        let error = #expect(throws: PKIError.self) { try CertificateAuthority(in: world.certs) }
        #expect(error?.remedy.contains("chmod 600 \(world.certs)/ca.key") == true)
    }
}
