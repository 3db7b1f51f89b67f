import Coordinator
import FederationAPI
import FederationModel
import Foundation
import GRDB
import Testing

private let paris = CloudName("paris")!
private let name = AttachmentSelector(kind: .router, key: .name, value: "blue-router")

private func pin(_ id: String, project: String? = "blue", replaces: String? = nil) -> AttachmentPin {
    AttachmentPin(selector: name, id: id, project: project, replaces: replaces)
}

@Suite("What names mean, at the coordinator")
struct PinBookTests {
    @Test("the first that is said counts; another only where that one was seen to go")
    func first() {
        var book = AttachmentPins()
        let first = book.take(pin("a", project: nil), of: paris), second = book.take(pin("b"), of: paris)
        #expect(first && !second && book[paris] == [pin("a", project: nil)])
        let owner = book.take(pin("a"), of: paris), again = book.take(pin("a", project: "eve"), of: paris)
        #expect(owner && !again && book[paris] == [pin("a")])
        let heir = book.take(pin("c", replaces: "a"), of: paris)
        #expect(heir && book[paris] == [pin("c", replaces: "a")])
        let foreignHoldings = book.take(pin("z"), of: CloudName("tokyo")!)
        #expect(foreignHoldings && book[paris].map(\.id) == ["c"], "each cloud has names of its own")
    }

    @Test("an open pin is replaced by who has heard of it, and by nobody else")
    func open() {
        var book = AttachmentPins()
        _ = book.take(pin("a"), of: paris)
        _ = book.takeChanges()
        let open = AttachmentPin.open(name, mark: "1")
        book.unpin(open, of: paris)
        #expect(book[paris] == [open] && book.takeChanges().saved == [paris: [open]])
        let late = book.take(pin("a"), of: paris), heir = book.take(pin("b", replaces: "a"), of: paris)
        #expect(!late && !heir && book[paris] == [open])
        let found = book.take(pin("a", replaces: open.id), of: paris)
        #expect(found && book[paris].map(\.id) == ["a"])
    }

    @Test("what is to be stored is said once, or again where it was not; what nothing selects is removed")
    func changes() {
        var book = AttachmentPins()
        _ = book.take(pin("a"), of: paris)
        let changes = book.takeChanges()
        #expect(changes.saved == [paris: [pin("a")]] && changes.removed.isEmpty)
        #expect(book.takeChanges().isEmpty)
        book.retain(changes)
        #expect(book.takeChanges() == changes)
        book.keep([paris: [name]])
        #expect(book.takeChanges().isEmpty)
        book.keep([:])
        #expect(book[paris].isEmpty && book.takeChanges().removed == [paris: [name]])
    }
}

@Suite("What names mean, from one gateway of a cloud to the others", .timeLimit(.minutes(1)))
struct PinTests {
    private func report(_ pins: AttachmentPin?..., sequence: UInt64 = 1) -> AgentMessage {
        let attachments = pins.map { AttachmentReport(selector: $0?.selector ?? name, pin: $0) }
        return .report(
            ReportPart(sequence: sequence, observedAt: 0, content: .vpn(VPNReport(name: vpn("blue"), attachments: attachments))))
    }

    @Test("they are in the database, in one of an earlier release too, and there after reopening")
    func stored() async throws {
        try await withDirectory { directory in
            let path = directory + "/c.sqlite", demo = FederationID("demo")!
            try SQLiteStore(path: path, federation: demo).close()
            // As a release left it that knew no pins.
            let former = try DatabaseQueue(path: path)
            try await former.write { db in
                try db.execute(sql: "DROP TABLE pins; DELETE FROM grdb_migrations WHERE identifier LIKE '%names of attachments%'")
            }
            try former.close()
            let projected = AttachmentSelector(kind: .network, key: .name, value: "ü “x”", project: "5f3c")
            let pins = [AttachmentPin(selector: projected, id: "n", project: "5f3c", replaces: "m"), pin("a", project: nil)]
            do {
                let store = try SQLiteStore(path: path, federation: demo)
                #expect(try await store.pins().isEmpty)
                var changes = AttachmentPins.Changes()
                changes.saved = [paris: pins, CloudName("tokyo")!: [pin("t")]]
                try await store.save(changes)
                changes = .init()
                changes.saved = [paris: [pin("b", replaces: "a")]]
                changes.removed = [CloudName("tokyo")!: [name]]
                try await store.save(changes)
                try store.close()
            }
            let store = try SQLiteStore(path: path, federation: demo)
            #expect(try await store.pins() == [paris: [pins[0], pin("b", replaces: "a")]])
        }
    }

    @Test("what one gateway finds is stored, and another hears it before any VPN; of two that differ the first counts, over a restart")
    func told() async throws {
        try await withDirectory { directory in
            let pki = try TestPKI(in: directory + "/certs")
            try await Loopback.with(directory, pki: pki) { loopback in
                try await loopback.apply(federationFile(gateways: 2))
                try await loopback.withAgent("paris/gw1") { one in
                    _ = try await one.until(revision: 1)
                    one.say(report(pin("a"), nil))
                    let isTold = try await eventually { one.heard.last == .pins([pin("a")]) }
                    #expect(isTold)
                    let stored = try await loopback.controlPlane.store.pins()
                    #expect(stored == [paris: [pin("a")]])
                    try await loopback.withAgent("paris/gw2") { two in
                        let heard = try await two.until(revision: 1)
                        let place = try #require(heard.firstIndex(of: .pins([pin("a")])))
                        #expect(heard[..<place].allSatisfy { if case .vpn = $0 { false } else { true } })
                        two.say(report(pin("b")))
                    }
                    try await loopback.withAgent("tokyo/gw1") { other in
                        let isSilent = try await other.until(revision: 1).allSatisfy { if case .pins = $0 { false } else { true } }
                        #expect(isSilent)
                    }
                }
            }
            try await Loopback.with(directory, pki: pki) { loopback in
                try await loopback.withAgent("paris/gw2") { two in
                    let heard = try await two.until(revision: 1)
                    #expect(heard.contains(.pins([pin("a")])))
                    two.say(report(pin("b", replaces: "a")))
                    let isHeir = try await eventually { two.heard.last == .pins([pin("b", replaces: "a")]) }
                    #expect(isHeir)
                }
            }
        }
    }

    @Test("an admin has a name looked for anew: agents hear it, the database and the audit have it; a dry run changes nothing")
    func unpinned() async throws {
        try await Loopback.fresh { loopback in
            try await loopback.apply(federationFile(gateways: 2))
            let store = loopback.controlPlane.store
            try await loopback.withAgent("paris/gw1") { one in
                _ = try await one.until(revision: 1)
                one.say(report(pin("a")))
                let isTold = try await eventually { one.heard.last == .pins([pin("a")]) }
                #expect(isTold)
                let stranger = AttachmentSelector(kind: .router, key: .name, value: "stranger")
                let failure = await #expect(throws: CallFailure.self) {
                    try await loopback.withAdmin { try await $0.unpin(stranger, of: paris) }
                }
                guard case .refused(let refusal)? = failure?.cause else {
                    Issue.record("\(String(describing: failure))")
                    return
                }
                #expect(refusal.reason.contains("not pinned") && refusal.remedy.contains("router name=blue-router"))
                let dry = try await loopback.withAdmin { try await $0.unpin(name, of: paris, isRehearsal: true) }
                #expect(dry == Unpinning(pin: pin("a"), vpns: [vpn("blue")], changes: true))
                let untouched = try await store.pins()
                #expect(untouched == [paris: [pin("a")]])
                let done = try await loopback.withAdmin { try await $0.unpin(name, of: paris) }
                #expect(done == dry)
                let open = try #require(try await store.pins()[paris]?.first)
                #expect(open.isOpen)
                let isOpened = try await eventually { one.heard.last == .pins([open]) }
                #expect(isOpened)
                // As one that has not heard of it.
                one.say(report(pin("a"), sequence: 2))
                let found = pin("b", project: "eve", replaces: open.id)
                try await loopback.withAgent("paris/gw2") { two in
                    let heard = try await two.until(revision: 1)
                    #expect(heard.contains(.pins([open])))
                    two.say(report(found))
                    let isFound = try await eventually { one.heard.last == .pins([found]) }
                    #expect(isFound)
                }
                let audit = try await loopback.withAdmin { try await $0.audit() }.entries.filter { $0.action == .unpin }
                #expect(audit.map(\.outcome) == [.done, .refused], "the newest first; nothing of the dry run")
                #expect(audit.first?.detail == "router name=blue-router of paris was a")
            }
        }
    }

    @Test("a name goes with its attachment, but while a commit is pending; of names that the intent does not have nothing is kept")
    func forgotten() async throws {
        try await Loopback.fresh { loopback in
            let with = federationFile(), without = federationFile(router: "core")
            try await loopback.apply(with)
            try await loopback.withAgent("paris/gw1") { agent in
                _ = try await agent.until(revision: 1)
                let stranger = AttachmentSelector(kind: .router, key: .name, value: "stranger")
                agent.say(report(AttachmentPin(selector: stranger, id: "x"), pin("a")))
                let isKept = try await eventually { agent.heard.last == .pins([pin("a")]) }
                #expect(isKept)
                let order = ApplyOrder(text: without, terms: .init(yesRemove: 1000, confirmSeconds: 600))
                let trial = try await loopback.withAdmin { try await $0.apply(order) }
                #expect(trial.accepted)
                await loopback.controlPlane.storePins()
                let onTrial = try await loopback.controlPlane.store.pins()
                #expect(onTrial == [paris: [pin("a")]])
                _ = try await loopback.withAdmin { try await $0.confirm(trial.revision) }
                let isForgotten = try await eventually { try await loopback.controlPlane.store.pins().isEmpty }
                #expect(isForgotten)
            }
        }
    }
}
