import FederationAPI
import FederationModel
import Foundation
import GRPCCore
import Logging
import Synchronization
import Testing

/// Remembers lists over "restarts" of a test.
private final class Memory: RevocationMemory {
    private let lists = Mutex<[String: [UInt8]]>([:])
    func recall() -> [[UInt8]] { lists.withLock { Array($0.values) } }
    func remember(_ new: [SignedRevocationList]) { lists.withLock { lists in for list in new { lists[list.authority] = list.der } } }
}

@Suite("Revocation lists go forward only, and end", .timeLimit(.minutes(1)))
struct RevocationTests {
    private func swap(_ path: String, for content: String) throws { try content.write(toFile: path, atomically: true, encoding: .utf8) }
    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func welcomes(_ world: World, _ name: String, _ port: UInt16) async throws -> Bool {
        try await world.withClient(name, port: port) { client, _ in
            do {
                return try await openSession(client).count == 1
            } catch is RPCError {
                return false
            }
        }
    }

    @Test("an older list put back does not give back what was revoked: live, with real TLS")
    func olderLive() async throws {
        let world = try World()
        let list = "\(world.certs)/crl.pem"
        let older = try text(list)
        try await world.withServer { server in
            #expect(try await welcomes(world, "paris.gw1", server.port))
            _ = try world.authority.revoke("\(world.certs)/paris.gw1.pem")
            #expect(try await !welcomes(world, "paris.gw1", server.port))
            try swap(list, for: older)
            #expect(await eventually { !server.credentials.complaints.isEmpty })
            #expect(try await !welcomes(world, "paris.gw1", server.port))
            #expect(world.log.text.contains("older revocation list ignored"))
            #expect(world.log.text.contains("number 1, but number 2 is already known"))
            #expect(world.log.text.contains("fedctl pki crl --refresh --number 3"))
            // The remedy, as typed.
            _ = try world.authority.revoke("\(world.certs)/paris.gw1.pem")
            _ = try world.authority.refreshRevocationList(atLeast: 3)
            #expect(await eventually { server.credentials.current().verifier.revocationLists?.all.first?.number.description == "3" })
            #expect(server.credentials.complaints.isEmpty)
            #expect(try await !welcomes(world, "paris.gw1", server.port))
        }
    }

    @Test("nor after a restart, where lists are remembered")
    func olderAfterRestart() throws {
        let world = try World()
        let list = "\(world.certs)/crl.pem"
        let older = try text(list)
        _ = try world.authority.revoke("\(world.certs)/paris.gw1.pem")
        let memory = Memory()
        let files = world.files("coordinator", revocationList: true)
        let chain = try chain("paris.gw1", in: world)
        try Credentials(files: files, side: .server, log: world.quiet).keep(in: memory)
        try swap(list, for: older)
        let forgetful = try Credentials(files: files, side: .server, log: world.quiet)
        _ = try forgetful.judge(chain, by: forgetful.current(), at: forgetful.clock())
        let mindful = try Credentials(files: files, side: .server, log: world.log.logger)
        try mindful.keep(in: memory)
        let refusal = #expect(throws: CertificateRefusal.self) {
            try mindful.judge(chain, by: mindful.current(), at: mindful.clock())
        }
        #expect(refusal?.reason.contains("certificate revoked") == true)
        #expect(mindful.complaints.map(\.offered.description) == ["1"])
    }

    @Test("a new authority of the same name begins at number 1 again, and the old one’s lists are none of its business")
    func newAuthority() throws {
        let world = try World()
        _ = try world.authority.revoke("\(world.certs)/paris.gw1.pem")
        let memory = Memory()
        try Credentials(files: world.files("coordinator", revocationList: true), side: .server, log: world.quiet).keep(in: memory)
        let other = try World()
        let fresh = try Credentials(files: other.files("coordinator", revocationList: true), side: .server, log: other.quiet)
        try fresh.keep(in: memory)
        #expect(fresh.complaints.isEmpty)
        _ = try fresh.judge(try chain("paris.gw1", in: other), by: fresh.current(), at: fresh.clock())
    }

    @Test("a list of another authority is not taken up, and the one in force stays")
    func forged() throws {
        let world = try World()
        let other = try World()
        let credentials = try Credentials(files: world.files("coordinator", revocationList: true), side: .server, log: world.log.logger)
        try swap("\(world.certs)/crl.pem", for: try text("\(other.certs)/crl.pem"))
        #expect(!credentials.reload())
        #expect(world.log.text.contains("not signed by any of the trust roots"))
        _ = try credentials.judge(try chain("paris.gw1", in: world), by: credentials.current(), at: credentials.clock())
    }

    @Test("a list lives a week, or as long as it is told; a refresh keeps what was revoked and the time that it is given")
    func lifetime() throws {
        let world = try World()
        let day: Int64 = 86400
        func days(_ list: RevocationListSummary) -> Int64 { (list.until - list.from) / day }
        #expect(try days(world.authority.revocationList()) == 7)
        _ = try world.authority.revoke("\(world.certs)/paris.gw1.pem")
        let longer = try world.authority.refreshRevocationList(lifetime: 14 * 86400)
        #expect(days(longer) == 14 && longer.revoked == 1 && longer.number.description == "3")
        #expect(try days(world.authority.refreshRevocationList()) == 14)
        // At the end of it nobody is let in.
        let credentials = try Credentials(files: world.files("coordinator", revocationList: true), side: .server, log: world.quiet)
        let admin = try chain("admin", in: world)
        _ = try credentials.judge(admin, by: credentials.current(), at: .now)
        let refusal = #expect(throws: CertificateRefusal.self) {
            try credentials.judge(admin, by: credentials.current(), at: longer.until + 2 * day)
        }
        #expect(refusal?.reason.contains("CRL has expired") == true && refusal?.remedy.contains("fedctl pki crl --refresh") == true)
    }

    @Test("an agent that has a list does not talk to a coordinator whose certificate was revoked, from the moment that it reads it")
    func coordinatorRevoked() async throws {
        let world = try World()
        try await world.withServer { server in
            var files = world.files("paris.gw1")
            files.revocationList = "\(world.folder)/agents-crl.pem"
            try swap("\(world.folder)/agents-crl.pem", for: try text("\(world.certs)/crl.pem"))
            try await world.withClient("", port: server.port, files: files) { client, _ in
                let messages = try await openSession(client, waitForReady: true)
                #expect(messages.count == 1)
            }
            _ = try world.authority.revoke("\(world.certs)/coordinator.pem")
            try swap("\(world.folder)/agents-crl.pem", for: try text("\(world.certs)/crl.pem"))
            try await world.withClient("", port: server.port, files: files) { client, trouble in
                await #expect(throws: RPCError.self) { try await openSession(client) }
                #expect(await eventually { trouble.latest?.contains("certificate revoked") == true })
            }
        }
    }

    private func chain(_ name: String, in world: World) throws -> [[UInt8]] {
        try [pemBytes(try text("\(world.certs)/\(name).pem"))]
    }
}

/// DER of the first block.
func pemBytes(_ pem: String) throws -> [UInt8] {
    let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }
    guard let data = Data(base64Encoded: lines.joined()) else { throw WorldError("no PEM") }
    return Array(data)
}

extension Int64 {
    /// Seconds since 1970.
    static var now: Int64 { Int64(Date().timeIntervalSince1970) }
}
