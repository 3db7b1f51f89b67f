import Coordinator
import FederationAPI
import FederationModel
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Synchronization
import Testing

@Suite("fed-coordinator, the executable", .timeLimit(.minutes(2)), .serialized)
struct CrashTests {
    /// What an admin was told, and must find again whatever happens.
    private struct Known: Sendable {
        /// The last revision that was acknowledged.
        var revision: UInt64 = 0
        /// The file of each acknowledged revision.
        var texts: [UInt64: String] = [:]
        /// Applies that were sent, acknowledged or not.
        var sent = 0
        /// The one whose answer did not come.
        var open: String?
        var awaitingConfirmation: UInt64?
        /// The revision whose confirmation was sent, and not answered.
        var confirming: UInt64?
    }

    /// A file that differs at each number, and gives back VPNs that it took: numbers are allocated, released and taken again.
    private static func file(_ number: Int) -> String {
        federationFile(vpns: (0...3).map { "vpn\((number + $0 * $0) % 11)" }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
            + "# \(number)\n"
    }

    @Test("kill -9 at random moments during 1,000 applies: nothing acknowledged is lost, nothing is half applied, no number is given twice")
    func kill9() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let port = try freePort()
            let endpoint = FederationAPI.Endpoint(host: "127.0.0.1", port: port)
            var random = SystemRandomNumberGenerator()
            var known = Known()
            var kills = 0
            while known.sent < 1000 {
                let daemon = try Daemon(directory: directory, port: port, log: directory + "/log")
                let delay = Int.random(in: 20...1500, using: &random)
                known = try await pki.withClient("admin", at: endpoint) { [known] client in
                    let admin = AdminClient(wrapping: client, at: endpoint)
                    var known = try await Self.audit(AdminClient(wrapping: client, at: endpoint, isPatient: true), known)
                    let killer = Task { [pid = daemon.pid] in
                        try await Task.sleep(for: .milliseconds(delay))
                        kill(pid, SIGKILL)
                    }
                    do {
                        while true { try await Self.applyNext(admin, &known) }
                    } catch is CallFailure {}
                    try await killer.value
                    return known
                }
                daemon.kill9()
                kills += 1
            }
            #expect(kills > 3)
            // And a last look at what is there in the end, every revision of it.
            let store = try SQLiteStore(path: directory + "/db/coordinator.sqlite", federation: FederationID("demo")!)
            let last = try await store.latest()
            #expect(last.number == known.revision || last.number == known.revision + 1)
            for (number, text) in known.texts { #expect(try await store.revision(number)?.text == text, "revision \(number)") }
            let done = try await store.audit(before: nil, limit: 10_000).filter { $0.outcome == .done && $0.action != .confirm }
            #expect(done.map(\.revision) == Array((1...last.number).reversed()))
            #expect(last.ledger.check(try #require(last.graph)).isEmpty)
        }
    }

    /// Looks whether everything that was acknowledged is there, and nothing else but the one whose answer did not come.
    private static func audit(_ admin: AdminClient, _ known: Known) async throws -> Known {
        var known = known
        let graph = try await admin.file()
        #expect(graph.revision == known.revision || graph.revision == known.revision + 1)
        let expected = graph.revision == known.revision ? known.texts[graph.revision] : known.open
        #expect(graph.text == expected ?? "")
        #expect(Set(graph.allocations.map { "\($0.kind) \($0.value)" }).count == graph.allocations.count)
        let (vpns, vnis) = (graph.allocations.filter { $0.kind == .distinguisherIndex }, graph.allocations.filter { $0.kind == .vni })
        #expect(Set(vpns.map(\.owner)) == Set(vnis.map(\.owner)))
        for vpn in vpns { #expect(graph.text.contains("  \(vpn.owner):\n")) }

        let status = try await admin.status()
        let pending = status.pendingCommit
        if let trial = known.awaitingConfirmation, graph.revision == trial, pending != nil || known.confirming != trial {
            #expect(pending?.revision == trial && pending?.fallback == trial - 1)
        }
        if graph.revision > known.revision, let open = known.open { known.texts[graph.revision] = open }
        known.revision = graph.revision
        known.open = nil
        known.awaitingConfirmation = pending?.revision
        known.confirming = nil
        return known
    }

    /// Every seventh apply awaits confirmation, and is confirmed before the next one.
    private static func applyNext(_ admin: AdminClient, _ known: inout Known) async throws {
        if known.awaitingConfirmation != nil {
            known.confirming = known.awaitingConfirmation
            _ = try await admin.confirm()
            (known.awaitingConfirmation, known.confirming) = (nil, nil)
        }
        known.sent += 1
        let text = file(known.sent)
        known.open = text
        let response = try await admin.apply(
            ApplyOrder(
                text: text,
                terms: .init(base: known.revision, yesRemove: 1000, confirmSeconds: known.sent % 7 == 0 ? 86_400 : nil)))
        #expect(response.accepted && response.revision == known.revision + 1)
        known.revision = response.revision
        known.texts[response.revision] = text
        known.open = nil
        if response.pendingCommit != nil { known.awaitingConfirmation = response.revision }
    }

    @Test("it starts, logs where it listens, stays at SIGHUP, stops at SIGTERM with status 0, and keeps a second one off")
    func life() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let port = try freePort()
            let log = directory + "/log"
            let daemon = try Daemon(directory: directory, port: port, log: log)
            let endpoint = FederationAPI.Endpoint(host: "127.0.0.1", port: port)
            try await pki.withPatientAdmin(at: endpoint) { admin in
                #expect(try await admin.status().federation.text == "demo")
                daemon.hangUp()
                let another = try Daemon(directory: directory, port: try freePort(), log: directory + "/other.log")
                #expect(another.outcome() == 1)
                #expect(try await eventually { try String(contentsOfFile: log, encoding: .utf8).contains("SIGHUP") })
                #expect(try await admin.status().federation.text == "demo")
            }
            #expect(daemon.stop() == 0)
            let text = try String(contentsOfFile: log, encoding: .utf8)
            #expect(text.contains("127.0.0.1:\(port)"))
            #expect(try String(contentsOfFile: directory + "/other.log", encoding: .utf8).contains("in use by another process"))
        }
    }

    @Test("an option that is given twice is refused, with the command’s name and without it", arguments: [[], ["run"]])
    func twice(name: [String]) throws {
        let outcome = try Daemon.run(name + ["--listen", "127.0.0.1:0", "--database", "/nonexistent/a", "--database", "/nonexistent/b"])
        #expect(outcome.status == 64 && outcome.output.contains("--database is given twice"), "\(outcome.output)")
    }

    @Test("wrong files are named, and the exit status is 1")
    func wrongFiles() async throws {
        try await withDirectory { directory in
            let daemon = try Daemon(directory: directory, port: try freePort(), log: directory + "/log")
            #expect(daemon.outcome() == 1)
            #expect(try String(contentsOfFile: directory + "/log", encoding: .utf8).contains("coordinator.pem"))
        }
    }
}
