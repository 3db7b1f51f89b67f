import Foundation
import Testing

@testable import OVSDB

@Suite("Transactions on a real server", .timeLimit(.minutes(1)))
struct TransactionTests {
    @Test("says which operation failed, or that the commit did")
    func failures() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        try await withClient([server.remote], "OVN_Northbound", .addressSets) { client in
            _ = try await Reader(client).next()
            func failure(_ operations: [OVSDBOperation]) async -> OVSDBError? {
                do throws(OVSDBError) {
                    _ = try await client.transact(operations)
                    return nil
                } catch {
                    return error
                }
            }
            _ = try await client.transact([.insertAddressSet("a")])
            guard case .transactionFailed(operation: nil, "constraint violation", _) = await failure([.insertAddressSet("a")]) else {
                Issue.record("two of one name")
                return
            }
            guard
                case .transactionFailed(operation: 1, "syntax error", _) = await failure([
                    .insertAddressSet("b"), .update(table: "Nope", where: [], row: [:]),
                ])
            else {
                Issue.record("an unknown table")
                return
            }
            let missing = OVSDBUUID(high: 1, low: 1)
            guard
                case .transactionFailed(operation: nil, "referential integrity violation", _) = await failure([
                    .insert(table: "Logical_Switch", row: ["ports": .atom(.uuid(missing))])
                ])
            else {
                Issue.record("a reference to nothing")
                return
            }
            let never = OVSDBOperation.wait(table: "Address_Set", where: [], columns: ["name"], until: .equal, rows: [], timeout: .zero)
            guard case .transactionFailed(operation: 0, "timed out", _) = await failure([never]) else {
                Issue.record("a wait in vain")
                return
            }
            #expect(try #require(client.replica).addressSetNames == ["a"])
        }
    }

    @Test("waits in a transaction for another, and gives up waiting when its task is cancelled")
    func waiting() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        try await withClient([server.remote], "OVN_Northbound", .addressSets) { client in
            _ = try await Reader(client).next()
            let wait = OVSDBOperation.wait(
                table: "Address_Set", where: [OVSDBCondition("name", .equal, .atom(.string("a")))], columns: ["name"], until: .equal,
                rows: [["name": .atom(.string("a"))]], timeout: nil)
            let task = Task { try await client.transact([wait, .insertAddressSet("b")]) }
            let cancelled = Task { try await client.transact([wait]) }
            try await Task.sleep(for: .milliseconds(50))
            cancelled.cancel()
            await #expect(throws: OVSDBError.cancelled) { try await cancelled.value }
            _ = try await client.transact([.insertAddressSet("a")])
            #expect(try await task.value[0] == .done)
        }
    }

    @Test("fails what was under way when the server went")
    func underWay() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        try await withClient([server.remote], "OVN_Northbound", .addressSets) { client in
            _ = try await Reader(client).next()
            let wait = OVSDBOperation.wait(
                table: "Address_Set", where: [], columns: ["name"], until: .equal, rows: [["name": .atom(.string("a"))]], timeout: nil)
            let task = Task { try await client.transact([wait]) }
            try await Task.sleep(for: .milliseconds(50))
            server.kill()
            let error = await #expect(throws: OVSDBError.self) { try await task.value }
            guard case .disconnected = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}
