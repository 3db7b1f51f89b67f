import Foundation
import Logging
import Testing

@testable import OVSDB

@Suite("What readers are told of a connection", .timeLimit(.minutes(1)))
struct ConnectionStateTests {
    /// The runtime holds a lock of a task while it cancels it, and one while it wakes it.
    @Test("readers that are cancelled just when they are told hold up nobody, and are forgotten")
    func cancelled() async throws {
        let client = OVSDBClient(
            remotes: [try OVSDBRemote(parsing: "unix:/nonexistent")], database: "OVN_Northbound", monitor: .addressSets,
            logger: Logger(label: "test"))
        let news = Thread {
            for round in 0..<200_000 { client.state.withLock { $0.report { $0.phase = round % 2 == 0 ? .connecting : .waiting } } }
        }
        news.start()
        while !news.isFinished {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { for await _ in client.connectionStates() {} } }
                await Task.yield()
                group.cancelAll()
            }
        }
        client.state.withLock { state in
            state.report { $0.phase = .synchronising }
            #expect(state.stateReaders.isEmpty)
        }
    }
}
