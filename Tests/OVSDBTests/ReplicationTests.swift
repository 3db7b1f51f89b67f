import Foundation
import Testing

@testable import OVSDB

@Suite("Rows of a real server", .timeLimit(.minutes(1)))
struct ReplicationTests {
    @Test(
        "holds what Neutron and northd wrote, as a select tells it",
        arguments: [("ovn-sb.db", "OVN_Southbound"), ("ovn-nb.db", "OVN_Northbound")])
    func dump(file: String, database: String) async throws {
        let server = try await TestServer(.fixture(file))
        try await server.start()
        let columns =
            file == "ovn-sb.db"
            ? [
                "Port_Binding": [
                    "logical_port", "type", "chassis", "mac", "up", "options", "external_ids", "tag", "datapath", "nat_addresses",
                    "tunnel_key",
                ], "Chassis": ["name", "other_config", "encaps"], "Logical_Flow": ["match", "actions", "priority", "tags"],
            ]
            : [
                "Logical_Router": ["name", "ports", "nat", "external_ids", "enabled", "static_routes"],
                "Logical_Switch_Port": ["name", "type", "addresses", "up", "tag", "options", "external_ids"],
                "NAT": ["type", "external_ip", "exempted_ext_ips", "external_ids"],
            ]
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
                    if case .map = value {
                        #expect(ours?.values[position] == value, note)
                    } else {
                        #expect(ours?.values[position].atoms == value.atoms, note)
                    }
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
                .set(
                    (0..<Int.random(in: 0...count, using: &generator)).map { _ in
                        .string("\(prefix)\(Int.random(in: 0..<8, using: &generator))")
                    }.unique)
            }
            func pairs() -> OVSDBValue {
                .map(
                    Dictionary(
                        (0..<3).map { _ in
                            (
                                .string("k\(Int.random(in: 0..<4, using: &generator))"),
                                .string("v\(Int.random(in: 0..<3, using: &generator))")
                            )
                        }
                    ) { $1 })
            }
            var switches: [OVSDBUUID] = []
            for step in 0..<60 {
                let name = "s\(Int.random(in: 0..<6, using: &generator))"
                let here = [OVSDBCondition("name", .equal, .atom(.string(name)))]
                let operations: [OVSDBOperation]
                switch Int.random(in: 0..<7, using: &generator) {
                case 0:
                    operations = [
                        .delete(table: "Address_Set", where: here),
                        .insert(
                            table: "Address_Set",
                            row: ["name": .atom(.string(name)), "addresses": some("a", upTo: 4), "external_ids": pairs()]),
                    ]
                case 1:
                    operations = [
                        .update(table: "Address_Set", where: here, row: ["addresses": some("a", upTo: 4), "external_ids": pairs()])
                    ]
                case 2:
                    operations = [
                        .mutate(
                            table: "Address_Set", where: here,
                            mutations: [
                                OVSDBMutation("addresses", .insert, some("a", upTo: 3)), OVSDBMutation("external_ids", .insert, pairs()),
                            ])
                    ]
                case 3:
                    operations = [
                        .mutate(
                            table: "Address_Set", where: here,
                            mutations: [OVSDBMutation("addresses", .delete, some("a", upTo: 3))]
                                + OVSDBMutation.setting(["k1": "x\(step)"], in: "external_ids"))
                    ]
                case 4:
                    operations = [
                        .insert(
                            table: "Logical_Switch_Port",
                            row: ["name": .atom(.string("p\(step)")), "tag": .atom(.integer(Int64(step) + 1))], name: "port"),
                        .insert(table: "Logical_Switch", row: ["name": .atom(.string("ls\(step)")), "ports": .atom(.namedUUID("port"))]),
                        .comment("step \(step)"),
                    ]
                case 5:
                    operations = [
                        .update(
                            table: "Logical_Switch_Port", where: [],
                            row: [
                                "tag": step % 2 == 0 ? .set([]) : .atom(.integer(9)),
                                "up": step % 3 == 0 ? .set([]) : .atom(.boolean(step % 3 == 1)),
                            ])
                    ]
                default:
                    operations =
                        switches.isEmpty ? [.comment("none")] : [.delete(table: "Logical_Switch", where: [.uuid(switches.removeFirst())])]
                }
                let results = try await client.transact(operations)
                if case .insert(table: "Logical_Switch", _, _)? = operations.dropFirst().first, let uuid = results[1].uuid {
                    switches.append(uuid)
                }
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
                anyOf: [
                    OVSDBCondition("type", .equal, .atom(.string("chassisredirect"))),
                    OVSDBCondition("type", .equal, .atom(.string("localnet"))),
                ]),
            "Chassis": .init(columns: ["name"], anyOf: [OVSDBCondition("not_in_this_release", .equal, .atom(.string("x")))]),
        ])
        try await withClient([server.remote], "OVN_Southbound", wanted) { client in
            let reader = Reader(client)
            let first = try await reader.next()
            let types = Set(first.replica.values("Port_Binding", "type").compactMap(\.string))
            #expect(types == ["chassisredirect", "localnet"])
            #expect(first.replica.tables["Chassis"]?.rows.isEmpty == true)
            let row = try #require(first.replica.tables["Port_Binding"]?.rows.values.first { $0.values[1].string == "chassisredirect" })
            _ = try await client.transact([.update(table: "Port_Binding", where: [.uuid(row.uuid)], row: ["type": .atom(.string("patch"))])]
            )
            #expect(try await reader.next().change["Port_Binding"] == .init(deleted: [row.uuid]))
            _ = try await client.transact([
                .update(table: "Port_Binding", where: [.uuid(row.uuid)], row: ["type": .atom(.string("chassisredirect"))])
            ])
            #expect(try await reader.next().change["Port_Binding"] == .init(inserted: [row.uuid]))
        }
    }

    @Test("brings a hundred rows of one transaction as one change, and all of them to a slow reader as one too")
    func coalescing() async throws {
        let server = try await TestServer(.schema(TestServer.northbound))
        try await server.start()
        try await withClient([server.remote], "OVN_Northbound", .addressSets) { client in
            let reader = Reader(client)
            #expect(try await reader.next().change.isEmpty, "an empty database is a dump too")
            _ = try await client.transact((0..<100).map { .insertAddressSet("s\($0)") })
            let update = try await reader.next()
            #expect(update.change["Address_Set"].inserted.count == 100)
            // Nobody asks meanwhile.
            for index in 0..<20 {
                _ = try await client.transact([
                    .update(
                        table: "Address_Set", where: [OVSDBCondition("name", .equal, .atom(.string("s\(index)")))],
                        row: ["addresses": .atom(.string("a"))]),
                    .insertAddressSet("t\(index)"),
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

    @Test("each change of a row is with its reader before the next is made")
    func oneByOne() async throws {
        let server = try await TestServer(.fixture("ovn-sb.db"))
        try await server.start()
        let request = MonitorRequest(["Port_Binding": ["logical_port", "options", "external_ids", "chassis", "mac"]])
        try await withClient([server.remote], "OVN_Southbound", request) { client in
            let reader = Reader(client)
            let port = try #require(try await reader.next().replica.tables["Port_Binding"]?.rows.keys.first)
            for index in 0..<100 {
                async let result = client.transact([
                    .mutate(table: "Port_Binding", where: [.uuid(port)], mutations: OVSDBMutation.setting(["n": "\(index)"], in: "options"))
                ])
                #expect(try await reader.next().change["Port_Binding"].modified == [port])
                _ = try await result
            }
        }
    }
}

extension Array where Element: Hashable {
    fileprivate var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
