import Testing

@testable import OVSDB

@Suite("A replica from updates")
struct MonitorStateTests {
    private let schema = OVSDBSchema(
        name: "D", version: "1.0.0",
        tables: [
            "T": [
                "s": OVSDBColumnType(.string), "i": OVSDBColumnType(.integer), "r": OVSDBColumnType(.real), "b": OVSDBColumnType(.boolean),
                "u": OVSDBColumnType(.uuid), "opt": OVSDBColumnType(.string, minimum: 0),
                "set": OVSDBColumnType(.string, minimum: 0, maximum: .max), "some": OVSDBColumnType(.integer, minimum: 1, maximum: .max),
                "map": OVSDBColumnType(.string, value: .string, minimum: 0, maximum: .max),
                "reals": OVSDBColumnType(.string, value: .real, minimum: 0, maximum: .max),
            ],
            "V": ["n": OVSDBColumnType(.integer)],
        ])
    private let all = ["s", "i", "r", "b", "u", "opt", "set", "some", "map", "reals"]
    private let one = OVSDBUUID(high: 0, low: 1)
    private let two = OVSDBUUID(high: 0, low: 2)

    private func state(_ columns: [String], _ dump: [OVSDBRowUpdate] = []) throws -> MonitorState {
        var state = MonitorState(request: MonitorRequest(["T": columns]))
        _ = state.adopt(schema)
        var change = ReplicaChange()
        try state.fill(with: OVSDBTableUpdates(tables: ["T": dump]), recording: &change)
        return state
    }

    private func apply(_ state: inout MonitorState, _ changes: [OVSDBRowUpdate]) throws -> ReplicaChange {
        var change = ReplicaChange()
        try state.apply(OVSDBTableUpdates(tables: ["T": changes]), recording: &change)
        return change
    }

    private func value(_ state: MonitorState, _ column: String, _ uuid: OVSDBUUID? = nil) -> OVSDBValue? {
        let table = state.replica.tables["T"]
        return table?.position(of: column).flatMap { table?.rows[uuid ?? one]?.values[$0] }
    }

    @Test("an insert that omits columns gives them the default of their type")
    func defaults() throws {
        let state = try state(all, [OVSDBRowUpdate(uuid: one, change: .insert([]))])
        #expect(
            state.replica.tables["T"]?.rows[one]?.values == [
                .atom(.string("")), .atom(.integer(0)), .atom(.real(0)), .atom(.boolean(false)), .atom(.uuid(OVSDBUUID(high: 0, low: 0))),
                .set([]), .set([]), .atom(.integer(0)), .map([:]), .map([:]),
            ])
    }

    @Test("a modify of a scalar or an optional carries the new value")
    func modifyScalar() throws {
        var state = try state(
            all,
            [
                OVSDBRowUpdate(
                    uuid: one, change: .insert([OVSDBColumnValue("s", .atom(.string("a"))), OVSDBColumnValue("opt", .atom(.string("a")))]))
            ])
        let change = try apply(
            &state,
            [
                OVSDBRowUpdate(
                    uuid: one, change: .modify([OVSDBColumnValue("s", .atom(.string("b"))), OVSDBColumnValue("opt", .atom(.string("b")))]))
            ])
        #expect(value(state, "s") == .atom(.string("b")))
        #expect(value(state, "opt") == .atom(.string("b")), "not the symmetric difference: Port_Binding.chassis from A to B carries B")
        #expect(change["T"] == ReplicaChange.Table(modified: [one]))
        _ = try apply(&state, [OVSDBRowUpdate(uuid: one, change: .modify([OVSDBColumnValue("opt", .set([]))]))])
        #expect(value(state, "opt") == .set([]))
    }

    @Test("a modify of a set carries the symmetric difference")
    func modifySet() throws {
        func strings(_ list: String...) -> OVSDBValue { .set(list.map { .string($0) }) }
        var state = try state(["set"], [OVSDBRowUpdate(uuid: one, change: .insert([OVSDBColumnValue("set", strings("a", "b"))]))])
        for (difference, result) in [
            (strings("b", "c"), strings("a", "c")), (.atom(.string("a")), .atom(.string("c"))), (strings("c"), .set([])),
            (strings("z", "m", "a"), strings("a", "m", "z")),
        ] as [(OVSDBValue, OVSDBValue)] {
            _ = try apply(&state, [OVSDBRowUpdate(uuid: one, change: .modify([OVSDBColumnValue("set", difference)]))])
            #expect(value(state, "set") == result)
        }
    }

    @Test("a modify of a map carries the changed pairs, and a pair that is there already means that it goes")
    func modifyMap() throws {
        func map(_ pairs: [String: String]) -> OVSDBValue {
            .map(Dictionary(uniqueKeysWithValues: pairs.map { (.string($0), .string($1)) }))
        }
        var state = try state(["map"], [OVSDBRowUpdate(uuid: one, change: .insert([OVSDBColumnValue("map", map(["a": "1", "b": "2"]))]))])
        _ = try apply(&state, [OVSDBRowUpdate(uuid: one, change: .modify([OVSDBColumnValue("map", map(["a": "1", "b": "3", "c": "4"]))]))])
        #expect(value(state, "map") == map(["b": "3", "c": "4"]))
    }

    @Test("a real column that is written as an integer is real, a set of one is its atom, and sets have one order")
    func canonical() throws {
        let state = try state(
            all,
            [
                OVSDBRowUpdate(
                    uuid: one,
                    change: .insert([
                        OVSDBColumnValue("r", .atom(.integer(5))), OVSDBColumnValue("set", .set([.string("x")])),
                        OVSDBColumnValue("some", .set([.integer(3), .integer(-1), .integer(3)])),
                        OVSDBColumnValue("reals", .map([.string("a"): .integer(2)])),
                    ]))
            ])
        #expect(value(state, "r") == .atom(.real(5)))
        #expect(value(state, "set") == .atom(.string("x")))
        #expect(value(state, "some") == .set([.integer(-1), .integer(3)]))
        #expect(value(state, "reals") == .map([.string("a"): .real(2)]))
    }

    @Test("an update of RFC 7047 replaces the row, and without new content deletes it")
    func plainUpdates() throws {
        var state = try state(["s", "i"])
        let first = try apply(&state, [OVSDBRowUpdate(uuid: one, change: .replace([OVSDBColumnValue("s", .atom(.string("a")))]))])
        #expect(first["T"] == ReplicaChange.Table(inserted: [one]))
        let second = try apply(&state, [OVSDBRowUpdate(uuid: one, change: .replace([OVSDBColumnValue("i", .atom(.integer(1)))]))])
        #expect(second["T"] == ReplicaChange.Table(modified: [one]))
        #expect(value(state, "s") == .atom(.string("")))
        let third = try apply(&state, [OVSDBRowUpdate(uuid: one, change: .replace([OVSDBColumnValue("i", .atom(.integer(1)))]))])
        #expect(third.isEmpty, "the same row again is no change")
        #expect(try apply(&state, [OVSDBRowUpdate(uuid: one, change: .delete)])["T"] == ReplicaChange.Table(deleted: [one]))
    }

    @Test("a second dump is a difference, not a beginning")
    func refill() throws {
        let three = OVSDBUUID(high: 0, low: 3)
        func insert(_ uuid: OVSDBUUID, _ text: String) -> OVSDBRowUpdate {
            OVSDBRowUpdate(uuid: uuid, change: .insert([OVSDBColumnValue("s", .atom(.string(text)))]))
        }
        var state = try state(["s"], [insert(one, "same"), insert(two, "old")])
        var change = ReplicaChange()
        try state.fill(with: OVSDBTableUpdates(tables: ["T": [insert(one, "same"), insert(three, "new")]]), recording: &change)
        #expect(change["T"] == ReplicaChange.Table(inserted: [three], deleted: [two]))
        change = ReplicaChange()
        try state.fill(with: OVSDBTableUpdates(tables: ["T": [insert(one, "other"), insert(three, "new")]]), recording: &change)
        #expect(change["T"] == ReplicaChange.Table(modified: [one]))
        change = ReplicaChange()
        try state.fill(with: OVSDBTableUpdates(), recording: &change)
        #expect(change["T"] == ReplicaChange.Table(deleted: [one, three]))
    }

    @Test("updates that do not fit are refused, and what was applied before them is recorded")
    func unfit() throws {
        var state = try state(["s"], [OVSDBRowUpdate(uuid: one, change: .insert([]))])
        var change = ReplicaChange()
        let good = OVSDBRowUpdate(uuid: one, change: .modify([OVSDBColumnValue("s", .atom(.string("x")))]))
        for bad in [
            OVSDBRowUpdate(uuid: two, change: .modify([])),
            OVSDBRowUpdate(uuid: two, change: .insert([OVSDBColumnValue("i", .atom(.integer(1)))])),
            OVSDBRowUpdate(uuid: two, change: .insert([OVSDBColumnValue("s", .atom(.integer(1)))])),
            OVSDBRowUpdate(uuid: two, change: .insert([OVSDBColumnValue("s", .set([]))])),
            OVSDBRowUpdate(uuid: two, change: .insert([OVSDBColumnValue("s", .map([:]))])),
        ] {
            #expect(throws: OVSDBError.self) {
                try state.apply(OVSDBTableUpdates(tables: ["T": [good, bad]]), recording: &change)
            }
        }
        #expect(throws: OVSDBError.self) { try state.apply(OVSDBTableUpdates(tables: ["V": [good]]), recording: &change) }
        #expect(change["T"] == ReplicaChange.Table(modified: [one]))
        #expect(value(state, "s") == .atom(.string("x")))
        #expect(state.replica.tables.keys.sorted() == ["T"], "the table is still there")
    }

    @Test("columns and tables that the server does not have are left out")
    func absentColumns() throws {
        var state = MonitorState(request: MonitorRequest(["T": ["nb_uuid", "s", "type", "s"], "Nope": ["a"]]))
        let layout = state.adopt(schema)
        #expect(layout.request(isConditional: true) == ["T": [["columns": ["s"]]]])
        #expect(layout.emptyReplica.tables["T"]?.columns == ["s"])
        #expect(layout.emptyReplica.tables["T"]?.position(of: "type") == nil)
    }

    @Test("a condition on a column that the server does not have can never be met")
    func absentCondition() {
        let missing = OVSDBCondition("nope", .equal, .atom(.integer(1)))
        let known = OVSDBCondition("s", .equal, .atom(.string("x")))
        func conditions(_ list: [OVSDBCondition]) -> JSONValue? {
            MonitorLayout(MonitorRequest(tables: ["T": .init(columns: ["s"], anyOf: list)]), schema: schema)
                .request(isConditional: true)["T"]?.array?.first?["where"]
        }
        #expect(conditions([]) == nil)
        #expect(conditions([missing]) == [false])
        #expect(conditions([missing, known]) == [["s", "==", "x"]])
    }

    @Test("a resumption is forgotten with another cluster or other columns")
    func resumption() {
        var state = MonitorState(request: MonitorRequest(["T": ["s"]]))
        _ = state.adopt(schema)
        state.adopt(cluster: one)
        state.advance(to: two)
        _ = state.adopt(schema)
        state.adopt(cluster: one)
        #expect(state.lastTransaction == two)
        state.adopt(cluster: two)
        #expect(state.lastTransaction == nil)
        state.advance(to: one)
        _ = state.adopt(OVSDBSchema(name: "D", version: "2", tables: [:]))
        #expect(state.lastTransaction == nil)
        state.advance(to: OVSDBUUID(high: 0, low: 0))
        #expect(state.lastTransaction == nil)
    }

    @Test("a snapshot is not changed by what comes later")
    func snapshots() throws {
        var state = try state(["s"], [OVSDBRowUpdate(uuid: one, change: .insert([]))])
        let before = state.replica
        _ = try apply(&state, [OVSDBRowUpdate(uuid: one, change: .delete), OVSDBRowUpdate(uuid: two, change: .insert([]))])
        #expect(before.tables["T"]?.rows.keys.map(\.low) == [1])
        #expect(state.replica.tables["T"]?.rows.keys.map(\.low) == [2])
    }
}

@Suite("Merged changes")
struct ReplicaChangeTests {
    private let row = OVSDBUUID(high: 0, low: 1)

    @Test("come out as the reader must see them")
    func merging() {
        typealias Step = @Sendable (inout ReplicaChange) -> Void
        let row = row
        let insert: Step = { $0.insert(row, in: "T") }
        let modify: Step = { $0.modify(row, in: "T") }
        let delete: Step = { $0.delete(row, in: "T") }
        let cases: [([Step], ReplicaChange.Table)] = [
            ([insert], .init(inserted: [row])), ([insert, modify], .init(inserted: [row])), ([insert, delete], .init()),
            ([modify, modify], .init(modified: [row])), ([modify, delete], .init(deleted: [row])),
            ([delete, insert], .init(modified: [row])), ([delete, insert, delete], .init(deleted: [row])),
            ([insert, modify, delete, insert], .init(inserted: [row])),
        ]
        for (steps, expected) in cases {
            var atOnce = ReplicaChange()
            for step in steps { step(&atOnce) }
            #expect(atOnce["T"] == expected)
            var merged = ReplicaChange()
            for step in steps {
                var later = ReplicaChange()
                step(&later)
                merged.merge(later)
            }
            #expect(merged == atOnce)
            #expect(merged.isEmpty == expected.isEmpty)
        }
    }

    @Test("of two replicas are their difference, also when the columns are others")
    func differences() {
        let a = OVSDBReplica(tables: ["T": OVSDBTable(columns: ["x"], rows: [row: OVSDBRow(uuid: row, values: [.atom(.integer(1))])])])
        let b = OVSDBReplica(tables: ["T": OVSDBTable(columns: ["y"], rows: [row: OVSDBRow(uuid: row, values: [.atom(.integer(1))])])])
        #expect(ReplicaChange(from: a, to: a).isEmpty)
        #expect(ReplicaChange(from: a, to: b)["T"] == .init(modified: [row]))
        #expect(ReplicaChange(from: OVSDBReplica(), to: a)["T"] == .init(inserted: [row]))
        #expect(ReplicaChange(from: a, to: OVSDBReplica())["T"] == .init(deleted: [row]))
    }
}
