import Coordinator
import FederationAPI
import FederationModel
import Foundation
import Testing

@Suite("The contract of a store: revisions", .timeLimit(.minutes(2)))
struct StoreContractTests {
    @Test("a new one has revision 0 of an epoch of its own, and nothing else", arguments: StoreKind.all)
    func new(_ kind: StoreKind) async throws {
        try await kind.with { store, _ in
            let state = try await store.everything()
            #expect(state.revision == .none(epoch: state.revision.epoch, federation: StoreKind.demo))
            #expect(state.pendingCommit == nil && state.history.isEmpty && state.audit.isEmpty && store.fault == nil)
            #expect(try await store.agents().isEmpty)
            #expect(try await store.pins().isEmpty)
            #expect(try await store.successions().isEmpty)
            let other = try await kind.with { store, _ in try await store.inForce().revision.epoch }
            #expect(other != state.revision.epoch)
        }
    }

    @Test("a revision is durable before its commit returns: it is there after a crash at that moment", arguments: StoreKind.all)
    func durability(_ kind: StoreKind) async throws {
        try await kind.with { store, directory in
            for number in 1...5 {
                let next = try await store.apply(federationFile(vpns: ["vpn\(number)"]), until: number == 5 ? 9000 : nil)
                let other = directory + "/crash\(number)"
                try kind.crash(directory, other)
                let found = try await kind.open(other, StoreKind.demo)
                #expect(try await found.inForce().revision == next.record)
                #expect(try await found.everything() == store.everything())
                // And it can be gone on from there.
                if number < 5 {
                    #expect(try await found.apply(federationFile(vpns: ["other"])).number == UInt64(number + 1))
                }
                try await found.close()
            }
        }
    }

    @Test("so are a confirmation, what is recorded, agents and names", arguments: StoreKind.all)
    func durableElse(_ kind: StoreKind) async throws {
        try await kind.with { store, directory in
            try await store.apply(until: 9000)
            try await store.confirm(1, by: "bob", at: 5)
            try await store.record(AuditEntry(at: 6, author: "eve", action: .apply, outcome: .refused, revision: 1, detail: "a leak"))
            try await store.save([AgentRecord(gateway: gateway("paris/gw1"), lastSeen: 5, software: "x")])
            var names = AttachmentPins()
            _ = names.take(
                AttachmentPin(selector: AttachmentSelector(kind: .router, key: .name, value: "blue-router"), id: "1"),
                of: CloudName("paris")!)
            try await store.save(names.takeChanges())
            try kind.crash(directory, directory + "/crash")
            let found = try await kind.open(directory + "/crash", StoreKind.demo)
            #expect(try await found.everything() == store.everything())
            #expect(try await found.inForce().pendingCommit == nil)
            #expect(try await found.agents() == store.agents())
            #expect(try await found.agents().count == 1)
            #expect(try await found.pins() == store.pins())
            #expect(try await found.pins().count == 1)
            try await found.close()
        }
    }

    @Test("whatever is not made from the revision in force is refused, and changes nothing", arguments: StoreKind.all)
    func compareAndSet(_ kind: StoreKind) async throws {
        try await kind.with { store, _ in
            let base = try await store.latest()
            let first = try await store.apply()
            let before = try await store.everything()
            let late = try base.applying(federationFile(vpns: ["other"]))
            await #expect(throws: StoreError.conflict(base: 0, current: 1)) { try await store.commit(late.record, until: nil) }
            let early = try first.applying(federationFile(vpns: ["other"])).applying(federationFile(vpns: ["another"]))
            await #expect(throws: StoreError.conflict(base: 2, current: 1)) { try await store.commit(early.record, until: nil) }
            var changed = try first.applying(federationFile(vpns: ["other"])).record
            changed.summary.number = 0
            let nothing = changed
            await #expect(throws: StoreError.self) { try await store.commit(nothing, until: nil) }
            #expect(try await store.everything() == before)
        }
    }

    @Test("of many commits on one revision exactly one wins, and it is written down once", arguments: StoreKind.all)
    func race(_ kind: StoreKind) async throws {
        try await kind.with { store, _ in
            let base = try await store.latest()
            let won = try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 0..<16 {
                    let next = try base.applying(federationFile(vpns: ["vpn\(number)"]))
                    group.addTask {
                        do {
                            _ = try await store.commit(next.record, until: nil)
                            return next.text
                        } catch StoreError.conflict {
                            return nil
                        }
                    }
                }
                return try await group.reduce(into: [String]()) { if let text = $1 { $0.append(text) } }
            }
            let state = try await store.everything()
            #expect(won == [state.revision.text] && state.revision.number == 1)
            #expect(state.history.count == 1 && state.audit.map(\.outcome) == [.done])
        }
    }

    @Test("a revision of another database, and one without contents, is refused whole", arguments: StoreKind.all)
    func epochs(_ kind: StoreKind) async throws {
        try await withDirectory { directory in
            let store = try await kind.open(directory, StoreKind.demo)
            let first = try await store.apply()
            var changed = try first.applying(federationFile(vpns: ["other"])).record
            changed.epoch = "00000000-0000-0000-0000-000000000000"
            let foreign = changed
            await #expect(throws: StoreError.self) { try await store.commit(foreign, until: nil) }
            changed = try first.applying(federationFile(vpns: ["other"])).record
            changed.contents = nil
            let empty = changed
            await #expect(throws: StoreError.self) { try await store.commit(empty, until: nil) }
            #expect(try await store.inForce().revision == first.record)
            // The epoch is the database's, over all times that it is opened.
            try await store.close()
            let again = try await kind.open(directory, StoreKind.demo)
            #expect(try await again.inForce().revision == first.record)
            try await again.close()
        }
    }

    @Test("old revisions come back as they were, over reopenings too; what never was is nil", arguments: StoreKind.all)
    func old(_ kind: StoreKind) async throws {
        try await withDirectory { directory in
            var records: [RevisionRecord] = []
            for round in 0..<3 {
                let store = try await kind.open(directory, StoreKind.demo)
                for number in 1...6 {
                    let vpns = (1...(number + round)).map { "vpn\($0)" }
                    records.append(try await store.apply(federationFile(vpns: vpns), at: Int64(records.count) * 100_000_000).record)
                }
                try await store.close()
            }
            let store = try await kind.open(directory, StoreKind.demo)
            for record in records { #expect(try await store.revision(record.number) == record, "revision \(record.number)") }
            #expect(try await store.revision(0) == .none(epoch: records[0].epoch, federation: StoreKind.demo))
            for number in [19, UInt64(Int64.max), UInt64.max] { #expect(try await store.revision(number) == nil) }
            try await store.close()
        }
    }
}
