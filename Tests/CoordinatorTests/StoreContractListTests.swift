import Coordinator
import FederationAPI
import FederationModel
import Foundation
import Testing

@Suite("The contract of a store: pending commits, history, audit, agents, backups", .timeLimit(.minutes(2)))
struct StoreContractListTests {
    @Test("a pending commit keeps other changes off, and ends with a confirmation or a rollback, once", arguments: StoreKind.all)
    func pendingCommit(_ kind: StoreKind) async throws {
        try await withDirectory { directory in
            let first = try await kind.open(directory, StoreKind.demo)
            try await first.apply()
            let second = try await first.latest().applying(federationFile(vpns: ["blue"]), by: "ada")
            let pending = PendingCommit(revision: 2, fallback: 1, deadline: 9000, author: "ada")
            #expect(try await first.commit(second.record, until: 9000) == pending)
            try await first.close()

            let store = try await kind.open(directory, StoreKind.demo)
            #expect(try await store.inForce().pendingCommit == pending)
            let other = try second.applying(federationFile(vpns: ["green"])).record
            await #expect(throws: StoreError.awaitingConfirmation(pending)) { try await store.commit(other, until: nil) }
            await #expect(throws: StoreError.nothingPending(revision: 1, current: 2)) { try await store.confirm(1, by: "ada", at: 1) }
            try await store.confirm(2, by: "bob", at: 5000)
            #expect(try await store.inForce().pendingCommit == nil)
            await #expect(throws: StoreError.nothingPending(revision: 2, current: 2)) { try await store.confirm(2, by: "bob", at: 1) }

            // What was confirmed at the last moment is not rolled back automatically.
            var back = try second.applying(federationFile()).record
            back.summary.origin = .automaticRollback
            back.summary.restores = 1
            let late = back
            await #expect(throws: StoreError.nothingPending(revision: 2, current: 2)) { try await store.commit(late, until: nil) }
            back.summary.origin = .rollback
            // It may await a confirmation itself.
            let third = try await store.commit(back, until: 10_000)
            #expect(third == PendingCommit(revision: 3, fallback: 2, deadline: 10_000, author: "tester"))
            // What nobody confirmed is nothing to fall back to.
            var again = try await store.latest().applying(federationFile(vpns: ["red"])).record
            again.summary.origin = .rollback
            again.summary.restores = 1
            #expect(try await store.commit(again, until: 11_000)?.fallback == 2)
            #expect(try await store.audit(before: nil, limit: 10).map(\.action) == [.rollback, .rollback, .confirm, .apply, .apply])
            try await store.close()
        }
    }

    @Test("of two confirmations at once one is told that there was nothing to confirm", arguments: StoreKind.all)
    func confirmations(_ kind: StoreKind) async throws {
        try await kind.with { store, _ in
            try await store.apply(until: 9000)
            let won = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        do {
                            try await store.confirm(1, by: "ada", at: 5)
                            return 1
                        } catch StoreError.nothingPending {
                            return 0
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(won == 1)
            #expect(try await store.audit(before: nil, limit: 10).count { $0.action == .confirm } == 1)
        }
    }

    @Test("the history is told from the newest on, page by page, without gaps", arguments: StoreKind.all)
    func history(_ kind: StoreKind) async throws {
        try await kind.with { store, _ in
            var summaries: [RevisionSummary] = []
            for number in 1...5 {
                summaries.append(
                    try await store.apply(
                        federationFile(vpns: (1...number).map { "vpn\($0)" }), by: Principal(.admin(AdminName("a\(number)")!))
                    ).summary)
            }
            #expect(try await store.history(before: nil, limit: 100) == summaries.reversed())
            #expect(try await store.history(before: nil, limit: 2).map(\.number) == [5, 4])
            #expect(try await store.history(before: 4, limit: 2).map(\.number) == [3, 2])
            #expect(try await store.history(before: 2, limit: 2).map(\.number) == [1])
            #expect(try await store.history(before: .max, limit: 1).map(\.number) == [5])
            // Two clouds, their gateways, a VPN and its attachments.
            #expect(summaries[0].size.added == 7)
        }
    }

    @Test("the audit is only ever added to: numbers rise, what was written stays, what was done is among it", arguments: StoreKind.all)
    func audit(_ kind: StoreKind) async throws {
        try await withDirectory { directory in
            var known: [AuditEntry] = []
            func look(_ store: any Store, adds count: Int) async throws {
                let entries = try await store.audit(before: nil, limit: 1000)
                #expect(Array(entries.dropFirst(count)) == known)
                #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.number > $1.number })
                known = entries
            }
            for _ in 0..<2 {
                let store = try await kind.open(directory, StoreKind.demo)
                let number = try await store.inForce().revision.number
                try await store.record(
                    AuditEntry(at: 5, author: "bob", action: .apply, outcome: .refused, revision: number, detail: "leak"))
                try await look(store, adds: 1)
                try await store.apply(federationFile(vpns: ["v\(number)"]), by: "ada", at: 6, until: 9000)
                try await look(store, adds: 1)
                #expect(known[0].author == "ada" && known[0].outcome == .done && known[0].revision == number + 1)
                // What is refused by the store is its caller's to write down.
                let refused = try await store.latest().applying(federationFile(vpns: ["other"])).record
                await #expect(throws: StoreError.self) { try await store.commit(refused, until: nil) }
                try await look(store, adds: 0)
                try await store.confirm(number + 1, by: "eve", at: 7)
                try await look(store, adds: 1)
                #expect(known[0].author == "eve" && known[0].action == .confirm && known[0].at == 7)
                try await store.close()
            }
            let store = try await kind.open(directory, StoreKind.demo)
            #expect(try await store.audit(before: known[1].number, limit: 2) == Array(known[2...3]))
            try await store.close()
        }
    }

    @Test("agents and what they acknowledged are remembered until they are forgotten", arguments: StoreKind.all)
    func agents(_ kind: StoreKind) async throws {
        try await kind.with { store, _ in
            var record = AgentRecord(
                gateway: gateway("paris/gw1"), lastSeen: 5, software: "fed-agent 0.1.0",
                resources: [
                    .base: ResourceRecord(applied: "b1"),
                    resource("vpn/blue"): ResourceRecord(applied: "v1", rejection: .init(version: "v2", reason: "taken")),
                ])
            let other = AgentRecord(gateway: gateway("tokyo/gw1"), lastSeen: 6, software: "x")
            try await store.save([record, other])
            #expect(try await store.agents() == [record, other])
            record.resources[resource("vpn/blue")] = nil
            record.lastSeen = 7
            try await store.save([record])
            #expect(try await store.agents() == [record, other])
            try await store.forget([record.gateway, gateway("lima/gw1")])
            #expect(try await store.agents() == [other])
        }
    }

    @Test("names are saved, changed and removed, by cloud", arguments: StoreKind.all)
    func pins(_ kind: StoreKind) async throws {
        try await kind.with { store, _ in
            let (paris, tokyo) = (CloudName("paris")!, CloudName("tokyo")!)
            func pin(_ name: String, _ id: String, replaces: String? = nil) -> AttachmentPin {
                AttachmentPin(
                    selector: AttachmentSelector(kind: .router, key: .name, value: name), id: id, project: nil, replaces: replaces)
            }
            var changes = AttachmentPins.Changes()
            changes.saved = [paris: [pin("a", "1"), pin("b", "2")], tokyo: [pin("a", "3")]]
            try await store.save(changes)
            #expect(try await store.pins() == changes.saved)
            var more = AttachmentPins.Changes()
            more.saved = [paris: [pin("b", "4", replaces: "2")]]
            more.removed = [tokyo: [pin("a", "3").selector]]
            try await store.save(more)
            #expect(try await store.pins() == [paris: [pin("a", "1"), pin("b", "4", replaces: "2")]])
        }
    }

    @Test("a backup is all that there was at its moment; restored it is another database, until it is adopted", arguments: StoreKind.all)
    func backup(_ kind: StoreKind) async throws {
        try await kind.with { store, directory in
            try await store.apply(by: "ada", until: 9000)
            try await store.save([AgentRecord(gateway: gateway("paris/gw1"), lastSeen: 5, software: "x")])
            let before = try await store.everything()
            let contents = try await store.backup(to: directory + "/backup")
            #expect(contents.epoch == before.revision.epoch && contents.revision == 1 && contents.federation == StoreKind.demo)
            // Nothing that is there is written over.
            await #expect(throws: (any Error).self) { try await store.backup(to: directory + "/backup") }
            try await store.confirm(1, by: "bob", at: 5)
            try await store.apply(federationFile(vpns: ["green"]))

            try kind.restore(directory + "/backup", directory + "/restored")
            let restored = try await kind.open(directory + "/restored", StoreKind.demo)
            let after = try await restored.everything()
            #expect(after.revision.contents == before.revision.contents && after.revision.summary == before.revision.summary)
            #expect(after.pendingCommit == before.pendingCommit && after.history == before.history)
            #expect(after.revision.epoch != before.revision.epoch && Array(after.audit.dropFirst()) == before.audit)
            #expect(after.audit.first?.action == .restore)
            #expect(try await restored.agents() == store.agents())
            let succession = try #require(try await restored.successions().first)
            #expect(succession.epoch == before.revision.epoch && succession.revision == 1 && succession.adoptedAt == nil)
            try await restored.adopt(by: "eve", at: 6000)
            #expect(try await restored.successions().first?.adoptedAt == 6000)
            #expect(try await restored.audit(before: nil, limit: 1).map(\.author) == ["eve"])
            try await restored.close()
        }
    }
}
