import Coordinator
import FederationAPI
import FederationModel
import Foundation
import GRDB
import GRPCCore
import Testing

@Suite("A database that is not what it was is noticed", .timeLimit(.minutes(2)), .serialized)
struct StoreFaultTests {
    private let demo = FederationID("demo")!
    /// Commits so many revisions.
    private func fill(_ store: SQLiteStore, _ revisions: Int) async throws {
        for number in 1...revisions { try await store.apply(federationFile(vpns: ["vpn\(number)"])) }
    }

    @Test("after SIGTERM the .db alone is the whole federation: the real program, a plain copy, and the program again")
    func cleanStop() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let port = try freePort()
            let endpoint = FederationAPI.Endpoint(host: "127.0.0.1", port: port)
            let daemon = try Daemon(directory: directory, port: port, log: directory + "/log")
            for number in 1...3 {
                try await pki.withPatientAdmin(at: endpoint) { admin in
                    let order = ApplyOrder(text: federationFile(vpns: ["vpn\(number)"]), terms: .init(yesRemove: 1000))
                    let response = try await admin.apply(order)
                    #expect(response.revision == UInt64(number))
                }
            }
            #expect(daemon.stop() == 0)
            let database = directory + "/db/coordinator.sqlite"
            let log = (try? FileManager.default.attributesOfItem(atPath: database + "-wal")[.size] as? Int) ?? 0
            #expect(log == 0)
            try FileManager.default.createDirectory(atPath: directory + "/copy", withIntermediateDirectories: false)
            try FileManager.default.copyItem(atPath: database, toPath: directory + "/copy/federation.db")
            let again = try Daemon(directory: directory, port: port, log: directory + "/log2", database: directory + "/copy/federation.db")
            try await pki.withPatientAdmin(at: endpoint) { admin in
                let status = try await admin.status()
                #expect(status.revision == 3 && status.problems.isEmpty, "\(status.problems)")
            }
            #expect(again.stop() == 0)
        }
    }

    @Test("an old copy put back is served, said in status with what to do, and not built upon; the remedy works as typed")
    func wentBack() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let file = directory + "/coordinator.sqlite"
            let store = try SQLiteStore(path: file, federation: demo)
            try await fill(store, 1)
            try store.close()
            try FileManager.default.copyItem(atPath: file, toPath: directory + "/old")
            let more = try SQLiteStore(path: file, federation: demo)
            #expect(more.fault == nil)
            try await fill(more, 2)
            try more.close()
            try FileManager.default.removeItem(atPath: file)
            try FileManager.default.moveItem(atPath: directory + "/old", toPath: file)
            try await Loopback.with(directory, pki: pki) { loopback in
                let status = try await loopback.status()
                #expect(status.revision == 1 && status.problems.map(\.code) == ["database-went-back"])
                #expect(status.problems.first?.reason.contains("is at revision 1, but revision 3 was committed") == true)
                let error = await #expect(throws: CallFailure.self) { try await loopback.apply(federationFile(vpns: ["green"])) }
                #expect(error?.refusal?.code == .database && error?.refusal?.remedy.contains("fed-coordinator restore") == true)
                #expect(try await loopback.status().revision == 1)
            }
            let restored = try Daemon.run(["restore", file, "--database", file, "--replace"])
            #expect(restored.status == 0, "\(restored.output)")
            let good = try SQLiteStore(path: file, federation: demo)
            #expect(good.fault == nil)
            #expect(try await good.latest().number == 1)
            try await fill(good, 1)
            try good.close()
        }
    }

    @Test("a database whose log was lost in a crash does not start as an empty federation")
    func vanished() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let port = try freePort()
            let database = directory + "/db/coordinator.sqlite"
            let daemon = try Daemon(directory: directory, port: port, log: directory + "/log")
            try await pki.withPatientAdmin(at: FederationAPI.Endpoint(host: "127.0.0.1", port: port)) { admin in
                _ = try await admin.apply(ApplyOrder(text: federationFile()))
            }
            daemon.kill9()
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database + suffix) }
            let again = try Daemon(directory: directory, port: port, log: directory + "/log2")
            #expect(again.outcome() == 1)
            let text = try String(contentsOfFile: directory + "/log2", encoding: .utf8)
            #expect(text.contains("is empty or missing, but revision 1 was committed there") && text.contains("fed-coordinator restore"))
            // To begin anew, as it says.
            try FileManager.default.removeItem(atPath: database + ".mark")
            try SQLiteStore(path: database, federation: demo).close()
        }
    }

    @Test("another database in its place is noticed")
    func replaced() async throws {
        try await withDirectory { directory in
            let file = directory + "/a.sqlite"
            let store = try SQLiteStore(path: file, federation: demo)
            try await fill(store, 2)
            try store.close()
            let other = try SQLiteStore(path: directory + "/b.sqlite", federation: demo)
            try await fill(other, 5)
            try other.close()
            try FileManager.default.removeItem(atPath: file)
            try FileManager.default.moveItem(atPath: directory + "/b.sqlite", toPath: file)
            let found = try SQLiteStore(path: file, federation: demo)
            #expect(found.fault == .replaced(file: file, revision: 5, committed: 2))
            try found.close()
        }
    }

    @Test("a page that nobody reads and that is damaged is found at the start: said in status, and nothing is changed")
    func damaged() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let file = directory + "/coordinator.sqlite"
            let store = try SQLiteStore(path: file, federation: demo)
            try await fill(store, 2)
            try store.close()
            let (page, size) = try {
                let queue = try DatabaseQueue(path: file)
                defer { try? queue.close() }
                return try queue.read { db in
                    (
                        try Int.fetchOne(db, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'allocations'") ?? 0,
                        try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
                    )
                }
            }()
            let handle = try #require(FileHandle(forUpdatingAtPath: file))
            try handle.seek(toOffset: UInt64((page - 1) * size))
            var random = SystemRandomNumberGenerator()
            try handle.write(contentsOf: Data((0..<size).map { _ in UInt8.random(in: 1...255, using: &random) }))
            try handle.close()
            try await Loopback.with(directory, pki: pki) { loopback in
                #expect(try await eventually { try await !loopback.status().problems.isEmpty })
                let status = try await loopback.status()
                #expect(status.revision == 2 && status.problems.map(\.code) == ["database-damaged"])
                let error = await #expect(throws: CallFailure.self) { try await loopback.apply(federationFile(vpns: ["green"])) }
                #expect(error?.refusal?.code == .database && error?.refusal?.reason.contains("damaged") == true)
                #expect(loopback.controlPlane.current.number == 2)
                // A backup of it would be damaged too.
                await #expect(throws: (any Error).self) { try await loopback.controlPlane.store.backup(to: directory + "/backup") }
                #expect(!FileManager.default.fileExists(atPath: directory + "/backup"))
            }
        }
    }

    @Test("a second coordinator by a symbolic link is kept off, and a file with hard links is not opened at all")
    func links() throws {
        try withDirectorySync { directory in
            let file = directory + "/a.sqlite"
            let store = try SQLiteStore(path: file, federation: demo)
            let symbolic = directory + "/s.sqlite", hard = directory + "/h.sqlite"
            try FileManager.default.createSymbolicLink(atPath: symbolic, withDestinationPath: file)
            #expect(throws: StoreError.inUse(file: symbolic)) { try SQLiteStore(path: symbolic, federation: demo) }
            try FileManager.default.linkItem(atPath: file, toPath: hard)
            #expect(throws: StoreError.inUse(file: hard)) { try SQLiteStore(path: hard, federation: demo) }
            try store.close()
            let error = #expect(throws: StoreError.self) { try SQLiteStore(path: hard, federation: demo) }
            #expect(error == .severalNames(file: hard, count: 2))
            try FileManager.default.removeItem(atPath: hard)
            try SQLiteStore(path: symbolic, federation: demo).close()
        }
    }

    private func withDirectorySync(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.path + "/coordinator-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test("agents that say that they hold more than the coordinator are named in status, and stop nothing")
    func agentsAhead() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            let epoch = loopback.controlPlane.current.epoch
            try await loopback.withAgent("paris/gw1", hello: Hello(software: "x", epoch: epoch, revision: 9)) { agent in
                #expect(try await eventually { try await !loopback.status().problems.isEmpty })
                let problem = try await loopback.status().problems.first
                #expect(problem?.code == "agents-ahead" && problem?.severity == .warning && problem?.reason.contains("paris/gw1") == true)
                #expect(try await loopback.apply(federationFile(vpns: ["blue", "red", "green"])).revision == 2)
            }
        }
    }
}
