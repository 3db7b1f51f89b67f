import Coordinator
import FederationAPI
import Foundation
import Testing

@Suite("fedctl backup, adopt and pki crl, the binary", .timeLimit(.minutes(1)))
struct BackupTests {
    @Test("a backup of a running coordinator is whole, the owner’s, and replaces nothing unless told")
    func backup() async throws {
        try await Headquarters.open { headquarters in
            let tool = headquarters.tool
            #expect(try await tool.run("apply", "-f", "-", input: Headquarters.file).status == 0)
            let outcome = try await tool.run("backup", "b.db")
            #expect(outcome.status == 0 && outcome.output.hasPrefix("b.db: revision 1 of demo, "), "\(outcome.output)\(outcome.errors)")
            let path = tool.directory + "/b.db"
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            #expect(try Backup.contents(of: path).revision == 1)
            let again = try await tool.run("backup", "b.db")
            #expect(again.status == 1 && again.errors.contains("b.db already exists") && again.errors.contains("--replace"))
            #expect(try await tool.run("backup", "b.db", "--replace").status == 0)
            #expect(!FileManager.default.fileExists(atPath: path + ".part"))
            #expect(try await tool.run("history", "--audit").output.contains("backup"))
            let adopt = try await tool.run("adopt")
            #expect(adopt.status == 0 && adopt.output.contains("nothing to adopt"))
        }
    }

    @Test("status says what ends soon and what is wrong with the coordinator, with what to do; the exit status says the latter")
    func problems() async throws {
        try await Headquarters.open { headquarters in
            #expect(try await headquarters.tool.run("apply", "-f", "-", input: Headquarters.file).status == 0)
            headquarters.controlPlane.problems.post(
                [ProblemNotice(.warning, code: "certificate-ends", reason: "the certificate of x ends in 6 days", remedy: "renew it")],
                by: "test", at: 0)
            let warned = try await headquarters.tool.run("status")
            #expect(warned.status == 4 && warned.output.contains("certificate-ends: the certificate of x ends in 6 days"))
            #expect(warned.output.contains("remedy: renew it"))
            headquarters.controlPlane.problems.post(
                [ProblemNotice(.error, code: "database-damaged", reason: "a page is damaged", remedy: "restore it")], by: "test", at: 0
            )
            let broken = try await headquarters.tool.run("status")
            #expect(broken.status == 3 && broken.output.contains("database-damaged: a page is damaged"))
            #expect(broken.output.contains("the coordinator has a problem"))
            #expect(try await headquarters.tool.run("status", "-o", "json").output.contains("\"database-damaged\""))
        }
    }

    @Test("pki crl shows the list and writes it anew; revoke keeps its time")
    func crl() async throws {
        try await withDirectory { directory in
            let tool = Tool(directory: directory)
            let made = try await tool.run("pki", "init", "--federation", "demo", "--crl-days", "3")
            #expect(made.status == 0 && made.output.contains("valid until ") && made.output.contains("fedctl pki crl --refresh"))
            _ = try await tool.run("pki", "issue", "admin")
            #expect(try await tool.run("pki", "revoke", "certs/admin.pem").status == 0)
            func list(_ arguments: String...) async throws -> [String: Any] {
                let output = try await tool.run(["pki", "crl", "-o", "json"] + arguments)
                #expect(output.status == 0, "\(output.errors)")
                return try #require(try JSONSerialization.jsonObject(with: Data(output.output.utf8)) as? [String: Any])
            }
            func days(_ list: [String: Any]) throws -> Double {
                func time(_ key: String) throws -> Date { try Date(#require(list[key] as? String), strategy: .iso8601) }
                return (try time("until").timeIntervalSince(time("from")) / 86400).rounded()
            }
            let first = try await list()
            #expect(first["number"] as? String == "2" && first["revoked"] as? Int == 1)
            #expect(try days(first) == 3)
            let second = try await list("--refresh")
            #expect(second["number"] as? String == "3" && second["revoked"] as? Int == 1)
            #expect(try days(second) == 3)
            let third = try await list("--refresh", "--number", "40", "--crl-days", "14")
            #expect(third["number"] as? String == "40")
            #expect(try days(third) == 14)
            #expect(try await tool.run("pki", "crl", "--number", "4").status == 64)
            #expect(try await tool.run("pki", "crl", "--refresh", "--crl-days", "0").status == 64)
        }
    }
}
