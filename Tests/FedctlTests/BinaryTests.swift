import Foundation
import Testing

@Suite("The fedctl binary, without a coordinator", .timeLimit(.minutes(1)))
struct BinaryTests {
    @Test("pki makes what coordinator, gateways and admins need; keys are the owner's alone")
    func pki() async throws {
        try await withDirectory { directory in
            let tool = Tool(directory: directory)
            #expect(try await tool.run("pki", "init", "--federation", "demo").status == 0)
            #expect(try await tool.run("pki", "issue", "coordinator", "--address", "192.0.2.1", "--address", "localhost").status == 0)
            #expect(try await tool.run("pki", "issue", "gateway", "paris/gw1").status == 0)
            let admin = try await tool.run("pki", "issue", "admin")
            #expect(admin.status == 0 && admin.output.hasPrefix("spiffe://demo/admin/admin\n"))
            #expect(try await tool.run("pki", "issue", "admin", "alice").status == 0)
            for name in ["ca", "coordinator", "paris.gw1", "admin", "admin-alice"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/certs/\(name).key")
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name).key")
                #expect(FileManager.default.fileExists(atPath: "\(directory)/certs/\(name).pem"))
            }

            let twice = try await tool.run("pki", "issue", "gateway", "paris/gw1")
            #expect(twice.status == 1 && twice.errors.contains("--replace") && twice.output.isEmpty)
            let again = try await tool.run("pki", "init", "--federation", "demo")
            #expect(again.status == 1 && again.errors.contains("certs already has an authority"))

            #expect(try await tool.run("pki", "revoke", "certs/paris.gw1.pem").status == 0)
            let list = try await tool.run("pki", "list")
            #expect(list.status == 0)
            #expect(list.output.split(separator: "\n").contains { $0.contains("cloud/paris/gateway/gw1") && $0.contains("revoked") })
            let json = try JSONSerialization.jsonObject(with: Data(try await tool.run("pki", "list", "-o", "json").output.utf8))
            #expect((json as? [[String: Any]])?.count == 4)
        }
    }

    @Test("--certs and FEDCTL_CERTS name the folder, before or behind the command")
    func folder() async throws {
        try await withDirectory { directory in
            #expect(try await Tool(directory: directory).run("--certs", "a", "pki", "init", "--federation", "demo").status == 0)
            #expect(try await Tool(directory: directory).run("pki", "issue", "admin", "--certs", "a").status == 0)
            #expect(
                try await Tool(directory: directory, environment: ["FEDCTL_CERTS": "a"]).run("pki", "list").output.contains("admin/admin"))
            let missing = try await Tool(directory: directory).run("pki", "list")
            #expect(missing.status == 1 && missing.errors.contains("certs has no authority") && missing.errors.contains("fedctl pki init"))
        }
    }

    @Test("whose certificate is used: the one that is named, the usual one, or the only one that has its key")
    func identity() async throws {
        try await withDirectory { directory in
            let tool = Tool(directory: directory, environment: ["FEDCTL_COORDINATOR": "127.0.0.1:1"])
            func certificate(_ arguments: String..., admin: String? = nil) async throws -> String {
                var tool = tool
                tool.environment["FEDCTL_ADMIN"] = admin
                return try await tool.run(["status"] + arguments).errors
            }
            _ = try await tool.run("pki", "init", "--federation", "demo")
            #expect(try await certificate().contains("certs/admin.pem"))
            _ = try await tool.run("pki", "issue", "admin", "alice")
            // It gets as far as the connection.
            #expect(try await certificate().contains("127.0.0.1:1 cannot be reached"))
            _ = try await tool.run("pki", "issue", "admin", "bob")
            let several = try await certificate()
            #expect(several.contains("certs has certificates of several admins: alice, bob"), "\(several)")
            #expect(several.contains("--admin alice"))
            #expect(try await certificate("--admin", "bob").contains("cannot be reached"))
            #expect(try await certificate(admin: "bob").contains("cannot be reached"))
            #expect(try await certificate("--admin", "carol", admin: "bob").contains("certs/admin-carol.pem"))
            #expect(try await certificate(admin: "no body").contains("FEDCTL_ADMIN: "))
            try FileManager.default.removeItem(atPath: directory + "/certs/admin-bob.key")
            #expect(try await certificate().contains("cannot be reached"))
            _ = try await tool.run("pki", "issue", "admin")
            #expect(try await certificate().contains("cannot be reached"))
        }
    }

    @Test("a broken file is refused before anybody is asked: all errors at once, with line, column, caret and remedy")
    func brokenFile() async throws {
        try await withDirectory { directory in
            let text = """
                federation: demo
                clouds:
                  paris:
                    gateways:
                      gw1: {vtep: nowhere}
                vpns:
                  blue:
                    vni: 99999999
                    attachments:
                      - {cloud: kyoto, router: r}
                """
            try text.write(toFile: directory + "/f.yaml", atomically: true, encoding: .utf8)
            let result = try await Tool(directory: directory).run("apply", "-f", "f.yaml")
            #expect(result.status == 1 && result.output.isEmpty)
            for words in [
                "f.yaml:5:19: error: ", "f.yaml:8:10: error: ", "f.yaml:10:17: error: ", "^~~~~", "remedy: ", "nothing was applied",
            ] {
                #expect(result.errors.contains(words), "\(words) in \(result.errors)")
            }
            #expect(!result.errors.contains("\u{1b}"))
            let input = try await Tool(directory: directory).run("apply", "-f", "-", "--dry-run", input: text)
            #expect(input.status == 1 && input.errors.contains("standard input:5:19: error: "))
            let missing = try await Tool(directory: directory).run("apply", "-f", "g.yaml")
            #expect(missing.status == 1 && missing.errors.contains("cannot read g.yaml: no such file"))
        }
    }

    @Test("validate and export need no coordinator: all errors with their places, and one canonical form, byte for byte")
    func offline() async throws {
        try await withDirectory { directory in
            let tool = Tool(directory: directory)
            let good = Headquarters.file.replacing(
                "router: blue-router", with: "router: {name: blue-router, project: 598e0a38b7e1411095797a01997baa85}")
            let valid = try await tool.run("validate", "-f", "-", input: good)
            #expect(valid.status == 0 && valid.output == "standard input: 2 clouds, 2 gateways, 1 VPN\n" && valid.errors.isEmpty)
            let bad = try await tool.run("validate", "-f", "-", input: good.replacing("10.255.1.1", with: "nowhere"))
            #expect(
                bad.status == 1 && bad.output.isEmpty && bad.errors.contains("standard input:3:")
                    && bad.errors.contains("1 error; cannot be"))
            let json = try await tool.run("validate", "-f", "-", "-o", "json", input: good.replacing("router", with: "ruoter"))
            let list = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
            #expect(json.status == 1 && list?.isEmpty == false && list?.first?["line"] as? Int == 6)

            let once = try await tool.run("export", "-f", "-", input: good)
            #expect(once.status == 0 && once.output.hasPrefix("federation: demo\nclouds:\n  paris:\n") && !once.output.contains("kept"))
            #expect(try await tool.run("export", "-f", "-", input: once.output).output == once.output)
            #expect(try await tool.run("graph", "-o", "mermaid", "-f", "-", input: good).output.contains("c0 <-->|\"blue\"| c1"))
        }
    }

    @Test(
        "a coordinator that cannot be reached is an error within seconds, with what to do",
        arguments: ["status", "verify", "routes", "watch"])
    func unreachable(command: String) async throws {
        try await withDirectory { directory in
            var tool = Tool(directory: directory)
            let unprepared = try await tool.run(command)
            #expect(unprepared.status == 1 && unprepared.errors.contains("certs/admin.pem") && unprepared.errors.contains("fedctl pki"))

            _ = try await tool.run("pki", "init", "--federation", "demo")
            _ = try await tool.run("pki", "issue", "admin")
            // Port 1 (tcpmux): nobody listens there.
            tool.environment["FEDCTL_COORDINATOR"] = "127.0.0.1:1"
            let start = ContinuousClock.now
            let result = try await tool.run(command)
            #expect(result.status == 1 && result.output.isEmpty)
            #expect(result.errors.contains("the coordinator at 127.0.0.1:1 cannot be reached"))
            #expect(result.errors.contains("--coordinator HOST:PORT"))
            #expect(ContinuousClock.now - start < .seconds(8))
        }
    }

    @Test("a wrong command line ends with 64 and says what is wrong with the value")
    func usage() async throws {
        try await withDirectory { directory in
            let tool = Tool(directory: directory)
            #expect(try await tool.run("apply").status == 64)
            #expect(try await tool.run("frobnicate").status == 64)
            #expect(try await tool.run("apply", "-f", "x", "--dry-run", "--wait", "3").status == 64)
            #expect(try await tool.run("verify", "--wait", "-3").status == 64)
            for line in [
                "apply plan.json -f x", "apply -f x --confirm soon", "apply -f x --dry-run --confirm 5m", "apply plan.json --base 3",
                "rollback", "rollback x", "diff 3", "diff 3..x", "export -f x --revision 2", "history --limit 0", "set vpn blue",
                "set vpn blue vni",
                "set net blue vni=1", "set gateway paris vtep=192.0.2.1", "delete vpn", "alloc reserve vni 1-x --reason y",
                "alloc reserve rd-index 4 --reason y", "alloc list --kind foo", "graph -o png",
            ] {
                let outcome = try await tool.run(line.split(separator: " ").map(String.init))
                #expect(outcome.status == 64, "\(line): \(outcome.status) \(outcome.errors)")
            }
            let port = try await tool.run("--coordinator", "nowhere:x", "status")
            #expect(port.status == 64 && port.errors.contains("port must be"))
            let gateway = try await tool.run("pki", "issue", "gateway", "paris")
            #expect(gateway.status == 64 && gateway.errors.contains("write it like paris/gw1"))
        }
    }

    @Test(
        "every command has examples and exit codes in its help",
        arguments: [
            "", "validate", "plan", "apply", "confirm", "rollback", "history", "diff", "export", "create", "set", "delete", "alloc",
            "alloc list", "alloc check", "alloc reserve", "alloc release", "graph", "get", "get clouds", "get vpns", "get agents",
            "get graph", "describe", "describe cloud", "describe vpn",
            "describe agent", "status", "routes", "verify", "watch", "pki", "pki init", "pki issue", "pki issue coordinator",
            "pki issue gateway", "pki issue admin", "pki revoke", "pki crl", "pki list", "backup", "adopt", "unpin",
            "version", "completion",
        ])
    func help(command: String) async throws {
        try await withDirectory { directory in
            let tool = Tool(directory: directory)
            let result = try await tool.run(command.split(separator: " ").map(String.init) + ["--help"])
            #expect(result.status == 0)
            #expect(result.output.contains("EXAMPLES\n  fedctl ") && result.output.contains("EXIT STATUS\n  0   "), "fedctl \(command)")
        }
    }

    @Test("completion scripts are there for the asking", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) async throws {
        try await withDirectory { directory in
            let result = try await Tool(directory: directory).run("--generate-completion-script", shell)
            #expect(result.status == 0 && result.output.contains("verify"))
        }
    }
}
