import Federation
import FederationModel
import Foundation
import GRPCCore
import NetworkTypes
import SwiftProtobuf
import Testing
import Verification

@testable import FederationAPI

@Suite("Conversions of what admins ask and are told")
struct AdminConversionTests {
    /// What arrives at the other end of a wire.
    private func sent<M: Message>(_ message: M) throws -> M { try M(serializedBytes: message.serializedData()) }

    @Test("what is sent is what arrives: orders", arguments: 0..<50 as Range<UInt64>)
    func orders(seed: UInt64) throws {
        var values = RandomValues(seed: seed)
        for request in [
            PlanRequest.file(text: values.text(), fileName: "f.yaml", yesRemove: values.number(0...9)),
            .rollback(to: values.next(), yesRemove: 3),
        ] {
            #expect(try PlanRequest(sent(WirePlanRequest(request))) == request)
        }
        let apply = ApplyOrder(text: values.text(), terms: values.conditions())
        #expect(try ApplyOrder(sent(WireApplyRequest(apply))) == apply)
        let rollback = RollbackOrder(to: values.next(), terms: values.conditions())
        #expect(try RollbackOrder(sent(WireRollbackRequest(rollback))) == rollback)
        let terms = ChangeConditions(base: values.maybe { $0.next() }, message: values.text())
        let reserve = ReserveOrder(
            Reservation(values: values.reservedValues(), reason: "old fabric"), terms: terms, isRehearsal: values.flag())
        #expect(try ReserveOrder(sent(WireReserveRequest(reserve))) == reserve)
        let release = ReleaseOrder(values.reservedValues(), terms: terms, isRehearsal: values.flag())
        #expect(try ReleaseOrder(sent(WireReleaseRequest(release))) == release)
        let outcome = LedgerOutcome(revision: values.next(), changes: values.flag())
        #expect(try LedgerOutcome(sent(WireReserveResponse(outcome))) == outcome)
    }

    @Test("what is sent is what arrives: results of changes, in several messages where a plan is long", arguments: 0..<50 as Range<UInt64>)
    func results(seed: UInt64) throws {
        var values = RandomValues(seed: seed)
        var result = values.changeResult()
        if seed % 10 == 0, result.plan != nil {
            result.plan?.gained = (0..<20_001).map {
                Reach(vpn: .init(unchecked: "v\($0)"), from: .init(unchecked: "a"), to: .init(unchecked: "b"))
            }
        }
        let messages = try WireChangeResult.messages(result).map { try sent($0) }
        #expect(messages.count == (result.plan?.gained.count ?? 0 > 10_000 ? 3 : 1))
        var arrived = try ChangeResult(messages[0])
        for message in messages.dropFirst() { try arrived.append(message) }
        #expect(arrived == result)
    }

    @Test("of an order that was refused its findings are sent, a thousand at most; of one that was taken no plan")
    func outcome() throws {
        var values = RandomValues(seed: 3)
        var plan = values.plan()
        plan.findings = (0..<1001).map { Finding(.error, .leak, path: "vpns.v\($0)", reason: "r", remedy: "m") }
        let refused = ChangeResult(revision: 1, accepted: false, plan: plan).outcome
        #expect(refused.findings.count == 1000 && refused.plan?.changesNothing == true)
        #expect(try ChangeResult(sent(WireChangeResult(refused))) == refused)
        #expect(ChangeResult(revision: 2, accepted: true, plan: plan).outcome.plan == nil)
    }

    @Test("what is sent is what arrives: history, audit, files and comparisons", arguments: 0..<50 as Range<UInt64>)
    func history(seed: UInt64) throws {
        var values = RandomValues(seed: seed)
        let history = RevisionHistory(
            revisions: values.list { $0.summary() }, more: values.flag(), pendingCommit: values.maybe { $0.pendingCommit() })
        #expect(try RevisionHistory(sent(WireGetHistoryResponse(history))) == history)
        let audit = AuditTrail(entries: values.list { $0.auditEntry() }, more: values.flag())
        #expect(try AuditTrail(sent(WireGetAuditResponse(audit))) == audit)
        let file = AppliedFile(
            revision: values.next(), epoch: values.text(), text: values.text(),
            allocations: values.list { .init(kind: $0.entry().kind, owner: $0.text(), value: $0.text()) },
            summary: values.maybe { $0.summary() })
        #expect(try AppliedFile(sent(WireGetGraphResponse(file))) == file)
        let comparison = RevisionComparison(
            plan: values.plan(), to: values.summary(), fromText: values.text(), toText: values.text(),
            ledger: values.list { LedgerChange(before: $0.maybe { $0.entry() }, after: $0.entry()) })
        let messages = try WireDiffResponse.messages(comparison).map { try sent($0) }
        #expect(messages.count == 1)
        #expect(try RevisionComparison(messages[0]) == comparison)
        let listing = LedgerListing(
            revision: values.next(), entries: values.list { $0.entry() },
            problems: [LedgerProblem(cause: .wildcard, path: values.text(), reason: values.text(), remedy: values.text())])
        #expect(LedgerListing(try sent(WireListAllocationsResponse(listing))) == listing)
    }

    @Test("what is sent is what arrives: status and gateways", arguments: 0..<50 as Range<UInt64>)
    func status(seed: UInt64) throws {
        var values = RandomValues(seed: seed)
        let status = values.status()
        #expect(try FederationStatus(sent(WireGetStatusResponse(status))) == status)
        let states = values.list { values in
            GatewayState(
                gateway: values.gateway(), connected: values.flag(), receivedAt: values.maybe { Int64($0.number(0...9999)) },
                intent: values.maybe { $0.intent() }, report: values.maybe { $0.report() })
        }
        var arrived: [GatewayState] = []
        for message in states.flatMap(WireGatewayState.messages) { try arrived.add(sent(message)) }
        #expect(arrived == states)
    }

    @Test("a gateway whose report is too long for a message arrives in several, whole")
    func longReport() throws {
        let prefixes = (0..<60_000).map { IPPrefix(host: .v4(IPv4Address(bits: 0x0a00_0000 + UInt32($0)))) }
        let name = VPNName(unchecked: "blue")
        let vpn = VPNReport(name: name, expected: prefixes, advertised: prefixes, steered: Array(prefixes.prefix(10)))
        let state = GatewayState(
            gateway: GatewayID(cloud: .init(unchecked: "paris"), node: .init(unchecked: "gw1")), connected: true,
            report: GatewayReport(vpns: [name: vpn]))
        let messages = try WireGatewayState.messages(state).map { try sent($0) }
        #expect(try messages.count > 3 && messages.allSatisfy { try $0.serializedData().count < 2 << 20 })
        var arrived: [GatewayState] = []
        for message in messages { try arrived.add(message) }
        #expect(arrived == [state])
    }

    @Test("what is sent is what arrives: events", arguments: 0..<50 as Range<UInt64>)
    func events(seed: UInt64) throws {
        var values = RandomValues(seed: seed)
        for kind in values.eventKinds() {
            let event = FederationEvent(at: Int64(values.number(0...9999)), kind)
            #expect(try FederationEvent(sent(WireFederationEvent(event))) == event)
        }
        #expect(try FederationEvent(WireFederationEvent()) == nil)
    }

    @Test("what is sent is what arrives: backups and who waits for one", arguments: 0..<20 as Range<UInt64>)
    func backup(seed: UInt64) throws {
        var values = RandomValues(seed: seed)
        let header = BackupHeader(
            federation: values.name(), epoch: values.text(), revision: values.next(), size: values.next(), digest: Data([1, 2, 3]))
        for part in [BackupPart.header(header), .data(Data([4, 5]))] {
            #expect(try BackupPart(sent(WireBackupChunk(part))) == part)
        }
        let adoption = Adoption(
            agents: values.list { .init(gateway: $0.gateway(), epoch: $0.text(), revision: $0.next(), lost: $0.list { $0.name() }) },
            changes: values.flag())
        #expect(try Adoption(sent(WireAdoptResponse(adoption))) == adoption)
        let selector = AttachmentSelector(kind: .port, key: .name, value: "web \(seed)", project: "p")
        for pin in [AttachmentPin(selector: selector, id: "a", project: "b", replaces: "c"), .open(selector, mark: "1")] {
            let unpinning = Unpinning(pin: pin, vpns: values.list { $0.name() }, changes: values.flag())
            #expect(try Unpinning(sent(WireUnpinResponse(unpinning))) == unpinning)
        }
    }

    @Test(
        "a refusal arrives in the status details as it is, whatever its sentences have, and fits a trailer",
        arguments: AdminRefusal.Code.allCases)
    func refusal(code: AdminRefusal.Code) {
        let refusal = AdminRefusal(code, "a “reason”; of several parts", remedy: "an order; and another", place: "vpns.blue.vni")
        let error = RPCError(refusal)
        #expect(AdminRefusal(error) == refusal)
        #expect(CallFailure.Cause(error) == .refused(refusal))
        let long = AdminRefusal(code, String(repeating: "“", count: 9000), remedy: String(repeating: "x", count: 9000))
        #expect(long.reason.utf8.count <= AdminRefusal.reasonLimit && AdminRefusal(RPCError(long)) == long)
        // HTTP/2 header lists end at 16 KiB; the message is percent-encoded, the details are in base 64.
        let details = RPCError(long).metadata.reduce(0) { sum, entry in
            if case .binary(let bytes) = entry.value { sum + bytes.count * 4 / 3 } else { sum }
        }
        #expect(3 * RPCError(long).message.utf8.count + details < 12_000 && details > 5000)
    }

    @Test("a name that is none is the caller’s fault; empty texts are all")
    func selection() throws {
        #expect(try FederationSelection(vpn: "", cloud: "") == FederationSelection())
        #expect(#expect(throws: ConversionError.self) { try FederationSelection(vpn: "no such/name", cloud: "") }?.field == "vpn")
        let error = ConversionError(field: "vpn", reason: "why")
        #expect(AdminRefusal(error).code == .invalidRequest && RPCError(AdminRefusal(error)).code == .invalidArgument)
    }
}
