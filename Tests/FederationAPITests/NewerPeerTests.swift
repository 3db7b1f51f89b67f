import Federation
import Foundation
import GRPCCore
import Testing

@testable import FederationAPI

@Suite("A coordinator of a later release is understood", .timeLimit(.minutes(1)))
struct NewerPeerTests {
    private var summary: WireRevisionSummary {
        var summary = WireRevisionSummary()
        summary.number = 7
        summary.author.name = "ada"
        summary.origin = "merge"
        return summary
    }

    @Test("a revision of an unknown origin is one of the history, and its word is shown as it came")
    func origin() throws {
        var wire = WireGetHistoryResponse()
        wire.revisions = [summary]
        let revision = try #require(try RevisionHistory(wire).revisions.first)
        #expect(revision.origin.rawValue == "merge" && !revision.origin.isKnown && !revision.origin.endsPendingCommit)
        #expect(String(decoding: try JSONEncoder().encode(revision), as: UTF8.self).contains(#""origin":"merge""#))
    }

    @Test("an audit entry with unknown words is one of the trail")
    func audit() throws {
        var (wire, entry) = (WireGetAuditResponse(), WireAuditEntry())
        entry.author.name = "ada"
        entry.action = "import"
        entry.outcome = "postponed"
        wire.entries = [entry]
        let trail = try AuditTrail(wire)
        #expect(trail.entries.map(\.action.rawValue) == ["import"] && trail.entries.map(\.outcome.rawValue) == ["postponed"])
    }

    @Test("a value of an unknown kind hides no other: neither in a file’s allocations nor in the ledger")
    func allocations() throws {
        var file = WireGetGraphResponse()
        file.allocations = ["vni", "segment"].map { kind in
            var allocation = WireAllocation()
            (allocation.kind, allocation.owner, allocation.value) = (kind, "blue", "10001")
            return allocation
        }
        #expect(try AppliedFile(file).allocations.map(\.kind) == [.vni, LedgerEntry.Kind(rawValue: "segment")])
        var listing = WireListAllocationsResponse()
        listing.entries = [("segment", "lent"), ("vni", "held")].map { kind, state in
            var entry = WireLedgerEntry()
            (entry.kind, entry.state, entry.value) = (kind, state, "1")
            return entry
        }
        let entries = LedgerListing(listing).entries
        #expect(entries.map(\.kind.rawValue) == ["segment", "vni"] && entries.sorted().map(\.kind.rawValue) == ["vni", "segment"])
    }

    @Test("ABORTED is a conflict, also where its details are missing or say what is unknown here")
    func aborted() throws {
        guard case .refused(let refusal) = CallFailure.Cause(RPCError(code: .aborted, message: "revision 8 is in force")) else {
            Issue.record("no refusal")
            return
        }
        #expect(refusal.code == .conflict && refusal.reason == "revision 8 is in force" && refusal.remedy == AdminRefusal.conflictRemedy)
    }
}
