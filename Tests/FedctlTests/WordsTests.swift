import Foundation
import NetworkTypes
import Testing

@testable import FederationAPI
@testable import fedctl

@Suite("Words on the command line", .timeLimit(.minutes(2)))
struct WordsTests {
    @Test(
        "a misspelt command is answered with the one that is meant",
        arguments: [
            ("aply -f x", "fedctl apply"), ("stauts", "fedctl status"), ("get vpsn", "fedctl get vpns"),
            ("--certs x verfy", "fedctl verify"),
            ("describe agnet paris/gw1", "fedctl describe agent"), ("alloc lst", "fedctl alloc list"),
        ])
    func misspelt(line: String, meant: String) async throws {
        try await withDirectory { directory in
            let result = try await Tool(directory: directory).run(line.split(separator: " ").map(String.init))
            #expect(result.status == 64 && result.errors.contains("did you mean “\(meant)”?"), "\(result)")
        }
    }

    @Test("where nothing is near, all are named; what is right is left to the parser")
    func far() throws {
        #expect(
            Misspelling.complaint(["get", "frobnicate"], of: Fedctl.self)?.remedy.hasPrefix("choose one of: clouds, vpns, agents") == true)
        for line in [
            "", "status", "--version", "help get", "get vpn blue", "--coordinator aply status", "--coordinator=x status", "apply -f x",
        ] {
            #expect(Misspelling.complaint(line.split(separator: " ").map(String.init), of: Fedctl.self) == nil, "\(line)")
        }
    }

    @Test("singular and plural alike, gateway as agent; names that are nearly right")
    func numbers() async throws {
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            _ = try await tool.run("apply", "-f", "-", input: Headquarters.file)
            for line in [
                "get vpn", "get cloud", "get agent", "get gateways", "describe vpns blue", "describe clouds paris",
                "describe gateway paris/gw1",
                "set vpns blue labels.a=b", "version", "completion bash",
            ] {
                let result = try await tool.run(line.split(separator: " ").map(String.init))
                #expect(result.status == 0 && !result.output.isEmpty, "\(line): \(result)")
            }
            let near = try await tool.run("describe", "vpn", "bleu")
            #expect(near.status == 1 && near.errors.contains("did you mean “blue”?"), "\(near)")
            let bob = try await tool.run("--admin", "bob", "status")
            #expect(bob.status == 1 && bob.errors.contains("certs/admin-bob.pem: the folder has certificates of admin"), "\(bob)")
        }
    }

    @Test("a host alone is the usual port")
    func port() throws {
        for (text, endpoint) in [
            ("localhost", "localhost:7443"), ("192.0.2.1", "192.0.2.1:7443"), ("192.0.2.1:1", "192.0.2.1:1"),
            ("2001:db8::1", "[2001:db8::1]:7443"), ("[2001:db8::1]", "[2001:db8::1]:7443"),
        ] { #expect(try Endpoint(connectingTo: text).description == endpoint) }
        for text in ["", "host:", "host:x", ":1"] { #expect(throws: ParseError.self) { try Endpoint(connectingTo: text) } }
    }

    @Test("what cannot be reached says which: its name, or its port")
    func reachability() throws {
        #expect(Reachability(of: Endpoint(host: "127.0.0.1", port: 1)) == .refused)
        guard case .unknownHost = Reachability(of: Endpoint(host: "no-such-host.invalid", port: 1)) else {
            return #expect(Bool(false), "a name of .invalid has no address (RFC 2606)")
        }
    }

    @Test("help comes in groups")
    func groups() async throws {
        try await withDirectory { directory in
            let help = try await Tool(directory: directory).run("--help").output
            for word in ["LOOK", "CHANGE", "REPAIR", "NUMBERS", "SETUP"] { #expect(help.contains(word), "\(help)") }
        }
    }
}
