import Testing

@testable import OVSDB

@Suite("A conversation with a server")
struct MonitorSessionTests {
    private let row = "5dbd8616-1959-4c8b-b5cb-428913d3f5bb"
    private let schema = #"{"name":"D","version":"1","tables":{"T":{"columns":{"n":{"type":"integer"},"s":{"type":"string"}}}}}"#

    /// A session and what outlives it.
    private struct Conversation {
        var session: MonitorSession
        var state: MonitorState
        var change = ReplicaChange()

        init(_ state: MonitorState, requiresLeader: Bool = false) {
            session = MonitorSession(database: "D", requiresLeader: requiresLeader)
            self.state = state
        }

        mutating func hear(_ text: String) throws -> [MonitorSession.Output] {
            change = ReplicaChange()
            return try session.receive(try message(text), &state, recording: &change)
        }
    }

    private func conversation(requiresLeader: Bool = false) -> Conversation {
        let positive = OVSDBCondition("n", .greater, .atom(.integer(0)))
        return Conversation(
            MonitorState(request: MonitorRequest(tables: ["T": .init(columns: ["s", "n"], anyOf: [positive])])),
            requiresLeader: requiresLeader)
    }

    private func serverRow(_ model: String = "standalone", connected: Bool = true, leader: Bool = true, name: String = "D") -> String {
        #"{"Database":{"\#(row)":{"new":{"name":"\#(name)","model":"\#(model)","connected":\#(connected),"leader":\#(leader),"cid":["set",[]]}}}}"#
    }

    private func requests(_ outputs: [MonitorSession.Output]) -> [JSONValue] {
        outputs.compactMap { if case .send(let request) = $0 { request } else { nil } }
    }

    /// Up to the request for rows, which is returned.
    private func introduce(_ conversation: inout Conversation) throws -> JSONValue {
        #expect(try conversation.hear("{\"id\":\"server\",\"error\":null,\"result\":\(serverRow())}") == [])
        let outputs = try conversation.hear("{\"id\":\"schema\",\"error\":null,\"result\":\(schema)}")
        return try requireFirst(requests(outputs))
    }

    @Test("begins with server status and schema, both at once")
    func opening() {
        #expect(
            conversation().session.opening.map { String(decoding: $0.bytes, as: UTF8.self) } == [
                #"{"id":"server","method":"monitor","params":["_Server","server",{"Database":{"columns":["name","model","connected","leader","cid","index"]}}]}"#,
                #"{"id":"schema","method":"get_schema","params":["D"]}"#,
            ])
    }

    @Test("asks for rows since the last transaction, and is synchronised by the dump")
    func since() throws {
        var conversation = conversation()
        #expect(
            try introduce(&conversation) == [
                "method": "monitor_cond_since", "id": "monitor",
                "params": [
                    "D", "monitor", ["T": [["columns": ["s", "n"], "where": [["n", ">", 0]]]]], "00000000-0000-0000-0000-000000000000",
                ],
            ])
        let outputs = try conversation.hear(
            #"{"id":"monitor","error":null,"result":[false,"\#(row)",{"T":{"\#(row)":{"initial":{"n":1}}}}]}"#)
        #expect(outputs == [.synchronised])
        #expect(conversation.change["T"].inserted.count == 1)
        #expect(conversation.state.lastTransaction == OVSDBUUID(row))

        // Another connection resumes there, and what it hears is applied to the rows that we have.
        var next = Conversation(conversation.state)
        #expect(try introduce(&next)["params"]?.array?.last == .string(row))
        #expect(
            try next.hear(
                #"{"id":"monitor","error":null,"result":[true,"00000000-0000-0000-0000-000000000009",{"T":{"\#(row)":{"modify":{"s":"x"}}}}]}"#
            )
                == [.synchronised])
        #expect(next.change["T"].modified.count == 1)
        #expect(next.state.replica.tables["T"]?.rows.first?.value.values == [.atom(.string("x")), .atom(.integer(1))])
        #expect(next.state.lastTransaction == OVSDBUUID(high: 0, low: 9))
    }

    @Test("falls back to what older servers know")
    func fallbacks() throws {
        var conversation = conversation()
        _ = try introduce(&conversation)
        let second = try requireFirst(requests(try conversation.hear(#"{"id":"monitor","error":"unknown method"}"#)))
        #expect(second["method"] == "monitor_cond")
        #expect(second["params"] == ["D", "monitor", ["T": [["columns": ["s", "n"], "where": [["n", ">", 0]]]]]])
        let third = try requireFirst(requests(try conversation.hear(#"{"id":"monitor","error":{"error":"unknown method","details":"x"}}"#)))
        #expect(third["method"] == "monitor")
        #expect(third["params"] == ["D", "monitor", ["T": [["columns": ["s", "n"]]]]])
        // Without conditions at the server they are ours to keep.
        let other = "00000000-0000-0000-0000-000000000001"
        let dump = #"{"T":{"\#(row)":{"new":{"n":1,"s":""}},"\#(other)":{"new":{"n":0,"s":""}}}}"#
        #expect(try conversation.hear("{\"id\":\"monitor\",\"error\":null,\"result\":\(dump)}") == [.synchronised])
        #expect(conversation.change["T"].inserted == [try #require(OVSDBUUID(row))])
        _ = try conversation.hear(
            #"{"id":null,"method":"update","params":["monitor",{"T":{"\#(other)":{"old":{"n":0},"new":{"n":5,"s":""}}}}]}"#)
        #expect(conversation.change["T"].inserted == [OVSDBUUID(high: 0, low: 1)])
        _ = try conversation.hear(
            #"{"id":null,"method":"update","params":["monitor",{"T":{"\#(row)":{"old":{"n":1},"new":{"n":-1,"s":""}}}}]}"#)
        #expect(conversation.change["T"].deleted.count == 1)
    }

    @Test("other refusals are errors")
    func refusals() throws {
        var first = conversation()
        #expect(throws: OVSDBError.refused(method: "get_schema", error: "unknown database", details: "no")) {
            try first.hear(#"{"id":"schema","error":{"error":"unknown database","details":"no"},"result":null}"#)
        }
        var second = conversation()
        _ = try introduce(&second)
        #expect(throws: OVSDBError.refused(method: "monitor_cond_since", error: "syntax error", details: "")) {
            try second.hear(#"{"id":"monitor","error":{"error":"syntax error"}}"#)
        }
    }

    @Test("a server without status is used as it is")
    func noStatus() throws {
        var conversation = conversation()
        _ = try conversation.hear(#"{"id":"server","error":{"error":"unknown database"}}"#)
        #expect(requests(try conversation.hear("{\"id\":\"schema\",\"error\":null,\"result\":\(schema)}")).count == 1)
    }

    @Test("a server that does not serve the database, has lost its cluster or does not lead it is left")
    func unsuitable() throws {
        func introduce(_ row: String, requiresLeader: Bool = false) throws {
            var conversation = conversation(requiresLeader: requiresLeader)
            _ = try conversation.hear("{\"id\":\"server\",\"error\":null,\"result\":\(row)}")
        }
        #expect(throws: OVSDBError.unsuitable("the server does not serve D")) { try introduce(serverRow(name: "E")) }
        #expect(throws: OVSDBError.unsuitable("the server has lost its cluster")) {
            try introduce(serverRow("clustered", connected: false))
        }
        #expect(throws: OVSDBError.unsuitable("the relay has lost its source")) { try introduce(serverRow("relay", connected: false)) }
        #expect(throws: OVSDBError.unsuitable("the server is not the leader of its cluster")) {
            try introduce(serverRow("clustered", leader: false), requiresLeader: true)
        }
        try introduce(serverRow("clustered", leader: false))
        try introduce(serverRow("clustered"), requiresLeader: true)
    }

    @Test("a server that loses its cluster later is left then")
    func lost() throws {
        var conversation = conversation()
        _ = try introduce(&conversation)
        #expect(throws: OVSDBError.unsuitable("the server has lost its cluster")) {
            try conversation.hear("{\"id\":null,\"method\":\"update\",\"params\":[\"server\",\(serverRow("clustered", connected: false))]}")
        }
    }

    @Test("a member that is behind our rows is left, unless the cluster is another one")
    func lagging() throws {
        func status(_ index: Int, cluster: String) -> String {
            #"{"id":"server","error":null,"result":{"Database":{"\#(row)":{"new":{"name":"D","model":"clustered","connected":true,"leader":true,"#
                + #""cid":["uuid","\#(cluster)"],"index":\#(index)}}}}}"#
        }
        var first = conversation()
        _ = try first.hear(status(7, cluster: row))
        var second = Conversation(first.state)
        #expect(throws: OVSDBError.unsuitable("the server lags behind its cluster")) { try second.hear(status(6, cluster: row)) }
        // Whoever lags for the fourth time in a row does not: the cluster was restored from a backup.
        var patient = second.state
        for _ in 0..<2 {
            var next = Conversation(patient)
            #expect(throws: OVSDBError.self) { try next.hear(status(6, cluster: row)) }
            patient = next.state
        }
        var accepted = Conversation(patient)
        _ = try accepted.hear(status(6, cluster: row))
        #expect(accepted.state.lastTransaction == nil)
        var third = Conversation(first.state)
        _ = try third.hear(status(8, cluster: row))
        var fourth = Conversation(first.state)
        _ = try fourth.hear(status(1, cluster: "00000000-0000-0000-0000-000000000001"))
    }

    @Test("answers echo, refuses other requests, passes results of transactions on")
    func answers() throws {
        var conversation = conversation()
        #expect(
            try conversation.hear(#"{"id":"echo","method":"echo","params":[1,"a"]}"#)
                == [.send(["id": "echo", "result": [1, "a"], "error": .null])])
        #expect(
            try conversation.hear(#"{"id":3,"method":"dance","params":[]}"#)
                == [.send(["id": 3, "result": .null, "error": "unknown method"])])
        #expect(try conversation.hear(#"{"id":7,"error":null,"result":[{}]}"#) == [.result(id: 7, [[:]])])
        #expect(
            try conversation.hear(#"{"id":8,"error":{"error":"permission error"}}"#)
                == [.refusal(id: 8, .refused(method: "transact", error: "permission error", details: ""))])
        #expect(try conversation.hear(#"{"id":"probe","error":null,"result":[]}"#) == [])
        #expect(try conversation.hear(#"{"id":null,"method":"locked","params":["x"]}"#) == [])
    }

    @Test("a cancelled monitor ends the conversation")
    func cancelled() throws {
        var conversation = conversation()
        #expect(throws: OVSDBError.self) { try conversation.hear(#"{"id":null,"method":"monitor_canceled","params":["monitor"]}"#) }
    }
}
