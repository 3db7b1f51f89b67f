import Agent
import Coordinator
import FederationAPI
import FederationModel
import Foundation
import Synchronization
import Testing

@Suite("Backup, restore, and what agents do then", .timeLimit(.minutes(2)), .serialized)
struct BackupTests {
    private let demo = FederationID("demo")!

    /// A backup over the admins’ service, checked by the client.
    private func backup(_ loopback: Loopback) async throws -> (data: Data, header: BackupHeader) {
        try await loopback.withAdmin { admin in
            let data = Mutex(Data())
            let header = try await admin.backup { chunk in
                #expect(chunk.count <= 1 << 20)
                data.withLock { $0 += chunk }
            }
            return (data.withLock { $0 }, header)
        }
    }

    /// Says to an agent all that there is to say; what it refuses is thrown.
    private func tell(_ keeper: inout IntentKeeper, _ controlPlane: ControlPlane, _ gateway: GatewayID) throws {
        let session = controlPlane.begin(gateway, hello: keeper.hello(software: "test"))
        defer { controlPlane.end(session, reason: "test") }
        while let message = controlPlane.next(for: session) { _ = try keeper.receive(message) }
    }

    @Test("backup → more revisions → restore: agents keep all that they have until fedctl adopt, and then take what is in force")
    func wayBack() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            let paris = gateway("paris/gw1")
            let saved = directory + "/backup.db"
            // Agents as they are on the nodes: what they hold outlives every coordinator.
            let held = try await Loopback.with(directory, pki: pki) { loopback -> IntentKeeper in
                try await loopback.apply(federationFile(vpns: ["blue", "red"]))
                let (data, header) = try await backup(loopback)
                #expect(header.revision == 1 && header.federation == demo)
                try data.write(to: URL(filePath: saved))
                try await loopback.apply(federationFile(vpns: ["blue", "red", "green"]))
                var keeper = IntentKeeper(stored: nil)
                try tell(&keeper, loopback.controlPlane, paris)
                #expect(keeper.intent?.revision == 2 && keeper.intent?.vpns.count == 3)
                #expect(
                    try await loopback.withAdmin { try await $0.audit() }.entries.contains { $0.action == .backup }
                )
                return keeper
            }
            let database = directory + "/coordinator.sqlite"
            #expect(throws: RestoreRefused.exists(database)) { try Restore.run(saved, to: database, replacing: false, at: 5) }
            let outcome = try Restore.run(saved, to: database, replacing: true, at: 5000)
            #expect(outcome.contents.revision == 1)
            #expect(try Backup.contents(of: #require(outcome.former)).revision == 2)
            try await Loopback.with(directory, pki: pki) { loopback in
                var keeper = held
                let refusal = #expect(throws: IntentKeeper.Refusal.self) { try tell(&keeper, loopback.controlPlane, paris) }
                #expect(refusal?.description.contains("fedctl adopt") == true)
                #expect(keeper.intent == held.intent)
                let status = try await loopback.status()
                #expect(status.revision == 1 && Set(status.problems.map(\.code)) == ["database-restored", "agents-of-other-database"])
                // What it would take is said before.
                let outlook = try await loopback.withAdmin { try await $0.adopt(isRehearsal: true) }
                #expect(outlook.changes && outlook.agents.map(\.revision) == [2] && outlook.agents.map(\.lost) == [[vpn("green")]])
                // The newest file, and then nothing is lost.
                try await loopback.apply(federationFile(vpns: ["blue", "red", "green"]))
                let better = try await loopback.withAdmin { try await $0.adopt(isRehearsal: true) }
                #expect(better.agents.map(\.lost) == [[]])
                #expect(throws: IntentKeeper.Refusal.self) { try tell(&keeper, loopback.controlPlane, paris) }
                #expect(try await loopback.withAdmin { try await $0.adopt() }.changes)
                try tell(&keeper, loopback.controlPlane, paris)
                #expect(
                    keeper.intent?.epoch == loopback.controlPlane.current.epoch && keeper.intent?.vpns.count == 3
                        && keeper.intent?.revision == 2)
                #expect(try await loopback.status().problems.isEmpty)
                #expect(try await !loopback.withAdmin { try await $0.adopt() }.changes)
            }
            // Adopted once, adopted after a restart too; and an agent that was away all the time comes back.
            try await Loopback.with(directory, pki: pki) { loopback in
                var late = held
                try tell(&late, loopback.controlPlane, paris)
                #expect(late.intent?.epoch == loopback.controlPlane.current.epoch)
            }
        }
    }

    @Test("a backup is one file for its owner’s eyes, whole without a log, also of a database in use; a file that is there is left alone")
    func file() async throws {
        try await withDirectory { directory in
            let path = directory + "/c.sqlite"
            let store = try SQLiteStore(path: path, federation: demo)
            try await store.apply()
            // From outside, while it is in use.
            let output = try Daemon.run(["backup", directory + "/b", "--database", path])
            #expect(output.status == 0 && output.output.contains("federation demo, revision 1"), "\(output.output)")
            let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/b")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(!FileManager.default.fileExists(atPath: directory + "/b-wal"))
            #expect(try Daemon.run(["backup", directory + "/b", "--database", path]).status != 0)
            #expect(try Backup.contents(of: directory + "/b").revision == 1)
            // In use, it is not replaced.
            #expect(throws: StoreError.inUse(file: path)) { try Restore.run(directory + "/b", to: path, replacing: true, at: 1) }
            try store.close()
        }
    }

    @Test("what is no backup is not restored, and what was there stays", arguments: ["text", "cut", "damaged", "foreign"])
    func refused(kind: String) async throws {
        try await withDirectory { directory in
            let path = directory + "/c.sqlite", bad = directory + "/bad"
            let store = try SQLiteStore(path: path, federation: demo)
            try await store.apply()
            _ = try await store.backup(to: bad)
            try store.close()
            var data = try Data(contentsOf: URL(filePath: bad))
            switch kind {
            case "text": data = Data("no database".utf8)
            case "cut": data = data.prefix(data.count / 2)
            case "damaged": for index in (data.count - 8192)..<data.count { data[index] = 0xa5 }
            default: data = Data()
            }
            try data.write(to: URL(filePath: bad))
            #expect(throws: StoreError.self) { try Restore.run(bad, to: path, replacing: true, at: 1) }
            let again = try SQLiteStore(path: path, federation: demo)
            #expect(again.fault == nil)
            #expect(try await again.latest().number == 1)
            try again.close()
        }
    }

    @Test("of two backups at a time one is refused")
    func bounded() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile())
            #expect(loopback.controlPlane.beginBackup())
            let error = await #expect(throws: CallFailure.self) { try await backup(loopback) }
            #expect(error?.refusal?.code == .busy)
            loopback.controlPlane.endBackup()
            #expect(try await backup(loopback).header.revision == 1)
        }
    }
}
