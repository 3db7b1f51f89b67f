import Federation
import FederationFile
import FederationModel
import NetworkTypes
import Testing

@Suite("Who has applied what")
struct RolloutTests {
    private static func record(_ applied: String?, refused: String? = nil) -> ResourceRecord {
        ResourceRecord(applied: applied, rejection: refused.map { .init(version: $0, reason: "no") })
    }

    /// What is asked for, what the agent said, and what comes of it.
    struct Row: Sendable, CustomTestStringConvertible {
        var intended: ResourceVersion?
        var record: ResourceRecord?
        var state: ResourceProgress.State
        /// Of a VPN: the agent may have to say or do something yet.
        var isOpen: Bool
        /// What is asked for is not in force.
        var isMissing: Bool

        var testDescription: String { "\(intended ?? "nothing") asked for, \(String(describing: record)) said" }
    }

    private static let rows = [
        Row(intended: "v2", record: nil, state: .pending, isOpen: true, isMissing: true),
        Row(intended: "v2", record: record(nil), state: .pending, isOpen: true, isMissing: true),
        Row(intended: "v2", record: record("v1"), state: .pending, isOpen: true, isMissing: true),
        Row(intended: "v2", record: record("v2"), state: .applied, isOpen: false, isMissing: false),
        // A refusal counts for the version that it names, whatever is in force; one of another version is history.
        Row(intended: "v2", record: record(nil, refused: "v2"), state: .rejected(reason: "no"), isOpen: false, isMissing: true),
        Row(intended: "v2", record: record("v1", refused: "v2"), state: .rejected(reason: "no"), isOpen: false, isMissing: true),
        Row(intended: "v2", record: record("v2", refused: "v2"), state: .rejected(reason: "no"), isOpen: false, isMissing: true),
        Row(intended: "v3", record: record("v1", refused: "v2"), state: .pending, isOpen: true, isMissing: true),
        Row(intended: "v1", record: record("v1", refused: "v2"), state: .applied, isOpen: false, isMissing: false),
        // A VPN that goes is waited for until the agent was told, and then there is no record any more.
        Row(intended: nil, record: record("v1"), state: .withdrawn, isOpen: true, isMissing: false),
        Row(intended: nil, record: record("v1", refused: "v2"), state: .withdrawn, isOpen: true, isMissing: false),
    ]

    @Test("each combination of what is asked for and what was said has one meaning", arguments: RolloutTests.rows)
    func table(row: Row) {
        let progress = ResourceProgress(.vpn(vpn("blue")), intended: row.intended, record: row.record)
        #expect(progress.state == row.state)
        #expect(progress.isOpen == row.isOpen && progress.isMissing == row.isMissing)
        #expect(progress.applied == row.record?.applied)
        // Nobody takes a base away, so nobody waits for that.
        let base = ResourceProgress(.base, intended: row.intended, record: row.record)
        #expect(base.isOpen == (row.isOpen && row.intended != nil))
    }

    @Test("acknowledgements replace each other: a refusal leaves what was applied, and what is applied ends a refusal")
    func records() {
        var record = ResourceRecord()
        record.take(.rejected("v1", reason: "no"))
        #expect(record == Self.record(nil, refused: "v1"))
        record.take(.applied("v2"))
        #expect(record == Self.record("v2"))
        record.take(.rejected("v3", reason: "no"))
        #expect(record == Self.record("v2", refused: "v3"))
    }

    @Test("a VPN waits for the gateways that have it and have not applied it, and not for those that were never heard")
    func waiting() throws {
        let read = FederationYAML.read(
            text: """
                federation: demo
                clouds:
                  lima: {gateways: {gw1: {vtep: 10.255.3.1}}}
                  paris: {gateways: {gw1: {vtep: 10.255.1.1}, gw2: {vtep: 10.255.1.2}}}
                  tokyo: {gateways: {gw1: {vtep: 10.255.2.1}}}
                vpns:
                  blue: {attachments: [{cloud: paris, router: r}, {cloud: tokyo, router: r}]}
                """, fileName: "f")
        let file = try #require(read.graph)
        var ledger = Ledger()
        try ledger.allocate(for: file, at: 0)
        let graph = try file.intents(with: ledger, epoch: "e", revision: 1)
        let (blue, name) = (ResourceName.vpn(vpn("blue")), vpn("blue"))
        let gateways = try ["paris/gw1", "paris/gw2", "tokyo/gw1", "lima/gw1"].map { try GatewayID(parsing: $0) }
        func version(_ gateway: GatewayID) throws -> String { try #require(graph[gateway]?.vpns[name]?.version) }
        var records: [GatewayID: [ResourceName: ResourceRecord]] = [gateways[0]: [:], gateways[3]: [:]]
        #expect(Rollout(of: graph, records).waiting(for: blue) == [gateways[0]])
        records[gateways[1]] = [blue: Self.record("v0", refused: try version(gateways[1]))]
        #expect(Rollout(of: graph, records).waiting(for: blue) == [gateways[0], gateways[1]])
        records[gateways[0]] = [blue: Self.record(try version(gateways[0]))]
        records[gateways[1]] = [blue: Self.record(try version(gateways[1]))]
        #expect(Rollout(of: graph, records).waiting(for: blue).isEmpty)
        records[gateways[2]] = [blue: Self.record("v0")]
        let rollout = Rollout(of: graph, records)
        #expect(rollout.waiting(for: blue) == [gateways[2]])
        // A gateway that is gone, and one that has not this VPN.
        let gone = try GatewayID(parsing: "oslo/gw1")
        #expect(Rollout(of: graph, [gone: [:]]).gateways == (gateways + [gone]).sorted())
        #expect(rollout.progress(of: gateways[3], blue).state == .withdrawn)
        #expect(rollout.progress(of: gateways[3]).keys.sorted() == [.base])
        #expect(rollout.progress(of: gateways[2])[blue] == rollout.progress(of: gateways[2], blue))
    }
}
