import Foundation
import NetworkTypes
import Synchronization
import Testing

@testable import OVSDB

@Suite("A client of a real server", .timeLimit(.minutes(1)))
struct OVSDBClientTests {
    private let addressSets = MonitorRequest(["Address_Set": ["name", "addresses", "external_ids"]])

    private func insert(_ name: String, _ addresses: [String] = []) -> OVSDBOperation {
        .insert(table: "Address_Set", row: ["name": .atom(.string(name)), "addresses": .set(addresses.map { .string($0) })])
    }

    private func names(_ replica: OVSDBReplica) -> [String] { replica.values("Address_Set", "name").compactMap(\.string).sorted() }

    @Test("holds what Neutron and northd wrote, as a select tells it", arguments: [("ovn-sb.db", "OVN_Southbound"), ("ovn-nb.db", "OVN_Northbound")])
    func dump(file: String, database: String) async throws {
        let server = try await TestServer(.fixture(file))
        try await server.start()
        let columns =
            file == "ovn-sb.db"
            ? ["Port_Binding": ["logical_port", "type", "chassis", "mac", "up", "options", "external_ids", "tag", "datapath", "nat_addresses", "tunnel_key"], "Chassis": ["name", "other_config", "encaps"], "Logical_Flow": ["match", "actions", "priority", "tags"]]
            : ["Logical_Router": ["name", "ports", "nat", "external_ids", "enabled", "static_routes"], "Logical_Switch_Port": ["name", "type", "addresses", "up", "tag", "options", "external_ids"], "NAT": ["type", "external_ip", "exempted_ext_ips", "external_ids"]]
        try await withClient([server.remote], database, MonitorRequest(columns)) { client in
            let first = try await Reader(client).next()
            #expect(first.replica.tables.values.reduce(0) { $0 + $1.rows.count } > 20)
            for (name, table) in first.replica.tables {
                #expect(table.columns == columns[name])
                #expect(first.change[name].inserted == Set(table.rows.keys))
            }
            try await expectSelected(client, columns)
        }
    }

    /// The replica is what the server answers when it is asked for the same rows on the other way.
    private func expectSelected(_ client: OVSDBClient, _ columns: [String: [String]], _ note: Comment? = nil) async throws {
        for (name, columns) in columns {
            let rows = try await client.transact([.select(table: name, where: [], columns: columns + ["_uuid"])])[0].rows ?? []
            let table = try #require(client.replica?.tables[name])
            #expect(table.rows.count == rows.count, note)
            for row in rows {
                let ours = table.rows[try #require(row["_uuid"]?.uuid)]
                for (position, column) in columns.enumerated() {
                    let value = try #require(row[column])
                    // Maps are compared as they are, sets and atoms as sets in wire order.
                    if case .map = value { #expect(ours?.values[position] == value, note) } else { #expect(ours?.values[position].atoms == value.atoms, note) }
                }
            }
        }
    }

    @Test(
        "follows any transactions, with every method of every server",
        arguments: [[], ["monitor_cond_since"], ["monitor_cond_since", "monitor_cond"]])
    func follows(unknown: [String]) async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        let old = OldServer(before: server, unknown: Set(unknown))
        try await old.start()
        let columns = [
            "Address_Set": ["name", "addresses", "external_ids"], "Logical_Switch": ["name", "ports", "other_config"],
            "Logical_Switch_Port": ["name", "tag", "up", "addresses", "options"],
        ]
        try await withClient([.unix(path: old.path)], "OVN_Northbound", MonitorRequest(columns)) { client in
            _ = try await Reader(client).next()
            var generator = SeededGenerator(seed: 7)
            func some(_ prefix: String, upTo count: Int) -> OVSDBValue {
                .set((0..<Int.random(in: 0...count, using: &generator)).map { _ in .string("\(prefix)\(Int.random(in: 0..<8, using: &generator))") }.unique)
            }
            func pairs() -> OVSDBValue {
                .map(Dictionary((0..<3).map { _ in (.string("k\(Int.random(in: 0..<4, using: &generator))"), .string("v\(Int.random(in: 0..<3, using: &generator))")) }) { $1 })
            }
            var switches: [OVSDBUUID] = []
            for step in 0..<60 {
                let name = "s\(Int.random(in: 0..<6, using: &generator))"
                let here = [OVSDBCondition("name", .equal, .atom(.string(name)))]
                let operations: [OVSDBOperation]
                switch Int.random(in: 0..<7, using: &generator) {
                case 0:
                    operations = [.delete(table: "Address_Set", where: here), .insert(table: "Address_Set", row: ["name": .atom(.string(name)), "addresses": some("a", upTo: 4), "external_ids": pairs()])]
                case 1: operations = [.update(table: "Address_Set", where: here, row: ["addresses": some("a", upTo: 4), "external_ids": pairs()])]
                case 2: operations = [.mutate(table: "Address_Set", where: here, mutations: [OVSDBMutation("addresses", .insert, some("a", upTo: 3)), OVSDBMutation("external_ids", .insert, pairs())])]
                case 3: operations = [.mutate(table: "Address_Set", where: here, mutations: [OVSDBMutation("addresses", .delete, some("a", upTo: 3))] + OVSDBMutation.setting(["k1": "x\(step)"], in: "external_ids"))]
                case 4:
                    operations = [
                        .insert(table: "Logical_Switch_Port", row: ["name": .atom(.string("p\(step)")), "tag": .atom(.integer(Int64(step) + 1))], name: "port"),
                        .insert(table: "Logical_Switch", row: ["name": .atom(.string("ls\(step)")), "ports": .atom(.namedUUID("port"))]), .comment("step \(step)"),
                    ]
                case 5:
                    operations = [.update(table: "Logical_Switch_Port", where: [], row: ["tag": step % 2 == 0 ? .set([]) : .atom(.integer(9)), "up": step % 3 == 0 ? .set([]) : .atom(.boolean(step % 3 == 1))])]
                default:
                    operations = switches.isEmpty ? [.comment("none")] : [.delete(table: "Logical_Switch", where: [.uuid(switches.removeFirst())])]
                }
                let results = try await client.transact(operations)
                if case .insert(table: "Logical_Switch", _, _)? = operations.dropFirst().first, let uuid = results[1].uuid { switches.append(uuid) }
                // A transaction is answered behind its update, so the replica is up to date at once.
                try await expectSelected(client, columns, "step \(step)")
            }
            let expected = ["monitor_cond_since", "monitor_cond", "monitor"].first { !unknown.contains($0) }
            #expect(old.methods.last { $0.hasPrefix("monitor") } == expected)
        }
        await old.stop()
    }

    @Test("keeps the conditions, also those that a row comes to meet or meets no more")
    func conditions() async throws {
        let server = try await TestServer(.fixture("ovn-sb.db"))
        try await server.start()
        let wanted = MonitorRequest(tables: [
            "Port_Binding": .init(
                columns: ["logical_port", "type"],
                anyOf: [OVSDBCondition("type", .equal, .atom(.string("chassisredirect"))), OVSDBCondition("type", .equal, .atom(.string("localnet")))]),
            "Chassis": .init(columns: ["name"], anyOf: [OVSDBCondition("not_in_this_release", .equal, .atom(.string("x")))]),
        ])
        try await withClient([server.remote], "OVN_Southbound", wanted) { client in
            let reader = Reader(client)
            let first = try await reader.next()
            let types = Set(first.replica.values("Port_Binding", "type").compactMap(\.string))
            #expect(types == ["chassisredirect", "localnet"])
            #expect(first.replica.tables["Chassis"]?.rows.isEmpty == true)
            let row = try #require(first.replica.tables["Port_Binding"]?.rows.values.first { $0.values[1].string == "chassisredirect" })
            _ = try await client.transact([.update(table: "Port_Binding", where: [.uuid(row.uuid)], row: ["type": .atom(.string("patch"))])])
            #expect(try await reader.next().change["Port_Binding"] == .init(deleted: [row.uuid]))
            _ = try await client.transact([.update(table: "Port_Binding", where: [.uuid(row.uuid)], row: ["type": .atom(.string("chassisredirect"))])])
            #expect(try await reader.next().change["Port_Binding"] == .init(inserted: [row.uuid]))
        }
    }

    @Test("brings a hundred rows of one transaction as one change, and all of them to a slow reader as one too")
    func coalescing() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        try await withClient([server.remote], "OVN_Northbound", addressSets) { client in
            let reader = Reader(client)
            #expect(try await reader.next().change.isEmpty, "an empty database is a dump too")
            _ = try await client.transact((0..<100).map { insert("s\($0)") })
            let update = try await reader.next()
            #expect(update.change["Address_Set"].inserted.count == 100)
            // Nobody asks meanwhile.
            for index in 0..<20 {
                _ = try await client.transact([
                    .update(table: "Address_Set", where: [OVSDBCondition("name", .equal, .atom(.string("s\(index)")))], row: ["addresses": .atom(.string("a"))]),
                    insert("t\(index)"),
                ])
            }
            _ = try await client.transact([.delete(table: "Address_Set", where: [OVSDBCondition("name", .equal, .atom(.string("t0")))])])
            let merged = try await reader.next()
            #expect(merged.change["Address_Set"].modified.count == 20)
            #expect(merged.change["Address_Set"].inserted.count == 19)
            #expect(merged.replica.tables["Address_Set"]?.rows.count == 119)
            #expect(update.replica.tables["Address_Set"]?.rows.count == 100, "a snapshot stays what it was")
            // A reader that comes late begins with everything.
            #expect(try await Reader(client).next().change["Address_Set"].inserted.count == 119)
        }
    }

    @Test("says which operation failed, or that the commit did")
    func failures() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        try await withClient([server.remote], "OVN_Northbound", addressSets) { client in
            _ = try await Reader(client).next()
            func failure(_ operations: [OVSDBOperation]) async -> OVSDBError? {
                do throws(OVSDBError) {
                    _ = try await client.transact(operations)
                    return nil
                } catch {
                    return error
                }
            }
            _ = try await client.transact([insert("a")])
            guard case .transactionFailed(operation: nil, "constraint violation", _) = await failure([insert("a")]) else {
                Issue.record("two of one name")
                return
            }
            guard case .transactionFailed(operation: 1, "syntax error", _) = await failure([insert("b"), .update(table: "Nope", where: [], row: [:])]) else {
                Issue.record("an unknown table")
                return
            }
            let missing = OVSDBUUID(high: 1, low: 1)
            guard case .transactionFailed(operation: nil, "referential integrity violation", _) = await failure([.insert(table: "Logical_Switch", row: ["ports": .atom(.uuid(missing))])]) else {
                Issue.record("a reference to nothing")
                return
            }
            let never = OVSDBOperation.wait(table: "Address_Set", where: [], columns: ["name"], until: .equal, rows: [], timeout: .zero)
            guard case .transactionFailed(operation: 0, "timed out", _) = await failure([never]) else {
                Issue.record("a wait in vain")
                return
            }
            #expect(names(try #require(client.replica)) == ["a"])
        }
    }

    @Test("waits in a transaction for another, and gives up waiting when its task is cancelled")
    func waiting() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        try await withClient([server.remote], "OVN_Northbound", addressSets) { client in
            _ = try await Reader(client).next()
            let wait = OVSDBOperation.wait(
                table: "Address_Set", where: [OVSDBCondition("name", .equal, .atom(.string("a")))], columns: ["name"], until: .equal,
                rows: [["name": .atom(.string("a"))]], timeout: nil)
            let task = Task { try await client.transact([wait, insert("b")]) }
            let cancelled = Task { try await client.transact([wait]) }
            try await Task.sleep(for: .milliseconds(50))
            cancelled.cancel()
            await #expect(throws: OVSDBError.cancelled) { try await cancelled.value }
            _ = try await client.transact([insert("a")])
            #expect(try await task.value[0] == .done)
        }
    }

    @Test("lets no row go when the server is killed, and brings the difference when it is back")
    func killed() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        try await withClient([server.remote], "OVN_Northbound", addressSets) { client in
            let reader = Reader(client)
            _ = try await reader.next()
            _ = try await client.transact([insert("a", ["1"]), insert("b"), insert("c")])
            _ = try await reader.next()
            let before = try #require(client.replica)
            server.kill()
            await wait(client) { $0.phase == .waiting }
            #expect(client.connection.lastError != nil)
            await #expect(throws: OVSDBError.notConnected) { try await client.transact([insert("x")]) }
            #expect(names(try #require(client.replica)) == ["a", "b", "c"])
            // Somebody else changes it before we are back.
            try await run("ovsdb-tool", ["transact", server.directory.path() + "db", #"["OVN_Northbound",{"op":"delete","table":"Address_Set","where":[["name","==","b"]]},{"op":"insert","table":"Address_Set","row":{"name":"d"}},{"op":"mutate","table":"Address_Set","where":[["name","==","a"]],"mutations":[["addresses","insert","2"]]}]"#])
            try await server.start()
            let update = try await reader.next()
            let change = update.change["Address_Set"]
            #expect(change.inserted.count == 1 && change.modified.count == 1 && change.deleted.count == 1)
            #expect(names(update.replica) == ["a", "c", "d"])
            #expect(change.modified.first.flatMap { before.tables["Address_Set"]?.rows[$0]?.values[0].string } == "a")
            await wait(client) { $0.isConnected }
            // Back with the same rows there is nothing to tell.
            server.kill()
            await wait(client) { !$0.isConnected }
            try await server.start()
            await wait(client) { $0.isConnected }
            _ = try await client.transact([insert("e")])
            let next = try await reader.next().change["Address_Set"]
            #expect(next.inserted.count == 1 && next.modified.isEmpty && next.deleted.isEmpty)
        }
    }

    @Test("fails what was under way when the server went")
    func underWay() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        try await withClient([server.remote], "OVN_Northbound", addressSets) { client in
            _ = try await Reader(client).next()
            let wait = OVSDBOperation.wait(table: "Address_Set", where: [], columns: ["name"], until: .equal, rows: [["name": .atom(.string("a"))]], timeout: nil)
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

    @Test("goes to the next remote when one does not answer, and notices a server that is frozen")
    func rotation() async throws {
        let first = try await TestServer(.schema(TestServer.northbound))
        let second = try await TestServer(.schema(TestServer.northbound))
        try await first.start()
        try await second.start()
        let nowhere = OVSDBRemote.unix(path: first.directory.path() + "nowhere")
        try await withClient([nowhere, first.remote, second.remote], "OVN_Northbound", addressSets) { client in
            await wait(client) { $0.isConnected }
            #expect(client.connection.remote == first.remote)
            first.suspend()
            await wait(client) { $0.isConnected && $0.remote == second.remote }
            #expect(client.connection.lastError?.description.contains("echo") == true)
            // It idles longer than a probe interval, and is still there.
            try await Task.sleep(for: .milliseconds(900))
            #expect(client.connection.isConnected && client.connection.remote == second.remote)
            first.resume()
        }
    }

    @Test("falls over TCP, IPv4 and IPv6")
    func tcp() async throws {
        for (host, bind) in [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")] {
            let server = try await TestServer(.schema(TestServer.northbound), arguments: ["--remote=ptcp:0:\(bind)"])
            try await server.start()
            let port = try await port(of: server)
            let remote = try OVSDBRemote(parsing: "tcp:\(bind):\(port)")
            #expect(remote == .tcp(host: host, port: port))
            try await withClient([remote], "OVN_Northbound", addressSets) { client in
                _ = try await Reader(client).next()
                #expect(try await client.transact([insert("a")]).count == 1)
            }
        }
    }

    /// The port that the kernel chose, from the server's log.
    private func port(of server: TestServer) async throws -> Int {
        while true {
            let log = (try? String(contentsOf: server.directory.appending(path: "log"), encoding: .utf8)) ?? ""
            if let match = log.firstMatch(of: /listening on port (\d+)/), let port = Int(match.1) { return port }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test("resumes at a cluster where it was, and drops a member that is not the leader only if told to")
    func cluster() async throws {
        let server = try await TestServer(.cluster(TestServer.northbound))
        try await server.start()
        let door = OldServer(before: server, unknown: [])
        try await door.start()
        try await withClient([.unix(path: door.path)], "OVN_Northbound", addressSets, requiresLeader: true) { client in
            let reader = Reader(client)
            _ = try await reader.next()
            _ = try await client.transact([insert("a"), insert("b")])
            #expect(try await reader.next().change["Address_Set"].inserted.count == 2)
            door.cut()
            await wait(client) { !$0.isConnected }
            try await withClient([server.remote], "OVN_Northbound", addressSets) { other in
                _ = try await Reader(other).next()
                _ = try await other.transact([.delete(table: "Address_Set", where: [OVSDBCondition("name", .equal, .atom(.string("a")))])])
            }
            let update = try await reader.next()
            #expect(update.change["Address_Set"].deleted.count == 1 && update.change["Address_Set"].inserted.isEmpty)
            #expect(names(update.replica) == ["b"])
            #expect(door.results("monitor").compactMap { $0.array?.first } == [false, true], "the second time the server knew where we were")
        }
        await door.stop()
    }

    @Test("leaves a server that talks nonsense, and says so")
    func nonsense() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        let door = OldServer(before: server, unknown: [])
        try await door.start()
        try await withClient([.unix(path: door.path)], "OVN_Northbound", addressSets) { client in
            let reader = Reader(client)
            _ = try await reader.next()
            door.say("{\"id\":nonsense}")
            await wait(client) { if case .decoding? = $0.lastError { true } else { false } }
            await wait(client) { $0.isConnected }
            door.say(#"{"id":"hello","method":"echo","params":["x"]}"#)
            _ = try await client.transact([insert("a")])
            #expect(try await reader.next().change["Address_Set"].inserted.count == 1)
        }
        await door.stop()
    }

    @Test("ends its readers when it ends, and does not run twice at once")
    func ending() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        let reading = try await withClient([server.remote], "OVN_Northbound", addressSets) { client in
            let updates = client.updates()
            let reading = Task { await updates.reduce(0) { count, _ in count + 1 } }
            await wait(client) { $0.isConnected }
            await #expect(throws: OVSDBError.alreadyRunning) { try await client.run() }
            return reading
        }
        #expect(await reading.value <= 1)
    }

    @Test("an unknown database is an error that can be seen, not a crash")
    func unknownDatabase() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        try await withClient([server.remote], "OVN_Southbound", addressSets) { client in
            await wait(client) { $0.lastError == .unsuitable("it does not serve OVN_Southbound") }
            #expect(client.replica == nil)
        }
    }

    @Test("a row is with its reader in milliseconds")
    func latency() async throws {
        let server = try await TestServer(.fixture("ovn-sb.db"))
        try await server.start()
        let request = MonitorRequest(["Port_Binding": ["logical_port", "options", "external_ids", "chassis", "mac"]])
        try await withClient([server.remote], "OVN_Southbound", request) { client in
            let reader = Reader(client)
            let port = try #require(try await reader.next().replica.tables["Port_Binding"]?.rows.keys.first)
            let clock = ContinuousClock()
            var times: [Duration] = []
            for index in 0..<100 {
                let start = clock.now
                async let result = client.transact([.mutate(table: "Port_Binding", where: [.uuid(port)], mutations: OVSDBMutation.setting(["n": "\(index)"], in: "options"))])
                #expect(try await reader.next().change["Port_Binding"].modified == [port])
                times.append(start.duration(to: clock.now))
                _ = try await result
            }
            times.sort()
            print("transaction to reader, debug build: median \(times[50]), worst \(times[99])")
            #expect(times[50] < .milliseconds(20))
        }
    }
}

extension Array where Element: Hashable {
    fileprivate var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
