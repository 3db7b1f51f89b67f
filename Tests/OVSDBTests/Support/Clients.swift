import Logging
import Synchronization
import Testing

@testable import OVSDB

/// Runs a client while the body works with it.
func withClient<Result: Sendable>(
    _ remotes: [OVSDBRemote], tls: OVSDBTLS? = nil, _ database: String, _ request: MonitorRequest, requiresLeader: Bool = false,
    policy: Reconnection.Policy = .quick, _ body: (OVSDBClient) async throws -> Result
) async throws -> Result {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let client = OVSDBClient(
        remotes: remotes, tls: tls, database: database, monitor: request, requiresLeader: requiresLeader, policy: policy, logger: logger)
    return try await withThrowingTaskGroup { group in
        group.addTask { try await client.run() }
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(client))
        } catch {
            result = .failure(error)
        }
        group.cancelAll()
        try await group.waitForAll()
        return try result.get()
    }
}

extension Reconnection.Policy {
    /// Back-off in milliseconds, so that tests need not wait.
    static var quick: Self {
        var policy = Self()
        policy.initialBackoff = .milliseconds(20)
        policy.maximumBackoff = .milliseconds(50)
        return policy
    }
}

/// One reader of a client's updates, asked step by step.
final class Reader {
    private var iterator: AsyncStream<OVSDBUpdate>.Iterator

    init(_ client: OVSDBClient) { iterator = client.updates().makeAsyncIterator() }

    func next() async throws -> OVSDBUpdate {
        guard let update = await iterator.next() else { throw Missing() }
        return update
    }
}

/// Until the client's state is as wanted.
func wait(_ client: OVSDBClient, until isWanted: (OVSDBConnectionState) -> Bool) async {
    for await state in client.connectionStates() where isWanted(state) { return }
}

extension OVSDBReplica {
    func values(_ table: String, _ column: String) -> [OVSDBValue] {
        guard let table = tables[table], let position = table.position(of: column) else { return [] }
        return table.rows.values.map { $0.values[position] }
    }
}

extension MonitorRequest {
    /// The simplest table of the northbound database.
    static var addressSets: Self { Self(["Address_Set": ["name", "addresses", "external_ids"]]) }
}

extension OVSDBReplica {
    var addressSetNames: [String] { values("Address_Set", "name").compactMap(\.string).sorted() }
}

extension OVSDBOperation {
    static func insertAddressSet(_ name: String, _ addresses: [String] = []) -> Self {
        .insert(table: "Address_Set", row: ["name": .atom(.string(name)), "addresses": .set(addresses.map { .string($0) })])
    }
}
