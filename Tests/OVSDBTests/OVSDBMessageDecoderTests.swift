import Foundation
import Testing

@testable import OVSDB

@Suite("Messages from bytes")
struct OVSDBMessageDecoderTests {
    private let uuid = "5dbd8616-1959-4c8b-b5cb-428913d3f5bb"

    private func rows(_ message: OVSDBMessage, _ table: String) throws -> [OVSDBRowUpdate] {
        switch message {
        case .notification(_, _, let updates), .response(_, _, _, let updates): try #require(updates.tables[table])
        case .request: throw Missing()
        }
    }

    @Test("request, notification and response, whatever the order of their members")
    func kinds() throws {
        #expect(
            try message(#"{"id":"echo","method":"echo","params":[1,"x"]}"#) == .request(method: "echo", parameters: [1, "x"], id: "echo"))
        #expect(
            try message(#"{"params":[],"method":"locked","id":null}"#)
                == .notification(method: "locked", parameters: [], updates: OVSDBTableUpdates()))
        #expect(
            try message(#"{"error":null,"result":{"a":[true,null]},"id":7}"#)
                == .response(id: 7, result: ["a": [true, .null]], error: nil, updates: OVSDBTableUpdates()))
        #expect(
            try message(#"{"id":1,"error":"unknown method"}"#)
                == .response(id: 1, result: .null, error: "unknown method", updates: OVSDBTableUpdates()))
    }

    @Test(
        "an object that is no message is refused",
        arguments: ["{}", #"{"id":1}"#, #"{"method":1,"params":[]}"#, #"{"method":"x"}"#, #"{"result":1}"#])
    func noMessage(text: String) {
        guard case .unexpectedShape = decode(text).error?.reason else {
            Issue.record("accepted")
            return
        }
    }

    @Test("every kind of value")
    func values() throws {
        let text = """
            {"id":null,"method":"update2","params":["m",{"T":{"\(uuid)":{"insert":{
            "s":"x","i":-3,"r":2.5,"b":true,"u":["uuid","\(uuid)"],"e":["set",[]],"ss":["set",["a","b"]],
            "us":["set",[["uuid","\(uuid)"],["uuid","00000000-0000-0000-0000-000000000001"]]],
            "m":["map",[["k","v"],["k2","v2"]]],"em":["map",[]],"mu":["map",[[5,["uuid","\(uuid)"]],[["uuid","\(uuid)"],7]]]}}}}]}
            """
        let id = try #require(OVSDBUUID(uuid))
        let row = try requireFirst(try rows(try message(text), "T"))
        #expect(row.uuid == id)
        guard case .insert(let columns) = row.change else { throw Missing() }
        let values = Dictionary(uniqueKeysWithValues: columns.map { ($0.column, $0.value) })
        #expect(
            values == [
                "s": .atom(.string("x")), "i": .atom(.integer(-3)), "r": .atom(.real(2.5)), "b": .atom(.boolean(true)),
                "u": .atom(.uuid(id)), "e": .set([]), "ss": .set([.string("a"), .string("b")]),
                "us": .set([.uuid(id), .uuid(OVSDBUUID(high: 0, low: 1))]),
                "m": .map([.string("k"): .string("v"), .string("k2"): .string("v2")]), "em": .map([:]),
                "mu": .map([.integer(5): .uuid(id), .uuid(id): .integer(7)]),
            ])
    }

    @Test("row updates of all three kinds of monitor")
    func rowUpdates() throws {
        func change(_ text: String) throws -> OVSDBRowUpdate.Change {
            try requireFirst(try rows(try message("{\"method\":\"update\",\"id\":null,\"params\":[0,{\"T\":{\"\(uuid)\":\(text)}}]}"), "T"))
                .change
        }
        let column = OVSDBColumnValue("a", .atom(.integer(1)))
        #expect(try change(#"{"new":{"a":1}}"#) == .replace([column]))
        #expect(try change(#"{"old":{"a":2},"new":{"a":1}}"#) == .replace([column]))
        #expect(try change(#"{"new":{"a":1},"old":{"a":2}}"#) == .replace([column]))
        #expect(try change(#"{"old":{"a":2}}"#) == .delete)
        #expect(try change(#"{"initial":{"a":1}}"#) == .insert([column]))
        #expect(try change(#"{"insert":{}}"#) == .insert([]))
        #expect(try change(#"{"modify":{"a":1}}"#) == .modify([column]))
        #expect(try change(#"{"delete":null}"#) == .delete)
    }

    @Test(
        "table updates of a wrong shape are refused",
        arguments: [
            "{}", "null", "[]", "{\"new\":1}", "{\"new\":null}", "{\"what\":{}}", "{\"new\":{\"a\":null}}", "{\"new\":{\"a\":{}}}",
            "{\"new\":{\"a\":[]}}", "{\"new\":{\"a\":[\"uuid\"]}}", "{\"new\":{\"a\":[\"uuid\",\"x\"]}}", "{\"new\":{\"a\":[\"bag\",[]]}}",
            "{\"new\":{\"a\":[\"set\",1]}}", "{\"new\":{\"a\":[\"set\",[[\"map\",[]]]]}}", "{\"new\":{\"a\":[\"map\",[1]]}}",
            "{\"new\":{\"a\":[\"map\",[[1]]]}}", "{\"new\":{\"a\":[\"map\",[[1,2,3]]]}}", "{\"new\":{\"a\":[\"set\",[],1]}}",
            "{\"insert\":{},\"delete\":null}", "{\"new\":{\"a\":[\"named-uuid\",\"x\"]}}",
        ])
    func wrongShapes(text: String) {
        let whole = "{\"method\":\"update\",\"id\":null,\"params\":[0,{\"T\":{\"\(uuid)\":\(text)}}]}"
        let decoded = decode(whole)
        if text.first == "{" {
            guard case .unexpectedShape? = decoded.error?.reason else {
                Issue.record("\(decoded)")
                return
            }
        } else {
            // Not an object behind a UUID: kept as it is, and no row.
            #expect(decoded.error == nil)
        }
        #expect(decode(Array(whole.utf8)) { 1 } == decoded)
    }

    @Test("what a real server said is the same whole, byte by byte and in any chunks")
    func chunking() throws {
        let bytes = [UInt8](try Data(contentsOf: fixture("southbound.stream")))
        let whole = decode(bytes) { .max }
        #expect(whole.error == nil)
        #expect(!whole.isInMessage)
        #expect(whole.messages.count == 17)
        #expect(decode(bytes) { 1 } == whole)
        for seed in 0..<40 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            #expect(decode(bytes) { Int.random(in: 1...(seed % 2 == 0 ? 16 : 4000), using: &generator) } == whole, "seed \(seed)")
        }
    }

    @Test("what a real server said means what Foundation says it means")
    func foundation() throws {
        let bytes = [UInt8](try Data(contentsOf: fixture("southbound.stream")))
        var start = 0
        var decoder = OVSDBMessageDecoder()
        var seen = 0
        for index in bytes.indices {
            // Cut the stream into messages by our decoder, and let Foundation read each cut.
            var messages: [OVSDBMessage] = []
            try decoder.decode([bytes[index]].span, into: &messages)
            guard let message = messages.first else { continue }
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(bytes[start...index])) as? [String: Any])
            start = index + 1
            switch message {
            case .notification(let method, _, let updates):
                #expect(object["method"] as? String == method)
                seen += try compare(updates, (object["params"] as? [Any])?.last)
            case .response(_, _, _, let updates):
                let result = object["result"]
                seen += try compare(updates, (result as? [Any])?.last ?? result)
            case .request: Issue.record("there is none")
            }
        }
        #expect(seen > 60)
    }

    /// - Returns: how many rows were compared.
    private func compare(_ updates: OVSDBTableUpdates, _ json: Any?) throws -> Int {
        var rows = 0
        for (table, list) in updates.tables {
            let tables = try #require((json as? [String: Any])?[table] as? [String: Any])
            #expect(tables.count == list.count)
            for update in list {
                let kinds = try #require(tables[update.uuid.description] as? [String: Any])
                let (kind, columns): (String, [OVSDBColumnValue]?) =
                    switch update.change {
                    case .replace(let columns): ("new", columns)
                    case .insert(let columns): (kinds["initial"] == nil ? "insert" : "initial", columns)
                    case .modify(let columns): ("modify", columns)
                    case .delete: ("delete", nil)
                    }
                rows += 1
                guard let columns else { continue }
                let row = try #require(kinds[kind] as? [String: Any])
                #expect(row.count == columns.count)
                for column in columns {
                    let ours = try JSONSerialization.jsonObject(with: Data(JSONValue(column.value).bytes), options: .fragmentsAllowed)
                    #expect(NSArray(object: normal(ours)) == NSArray(object: normal(row[column.column] ?? NSNull())))
                }
            }
        }
        return rows
    }

    /// Pairs of a map have no order.
    private func normal(_ json: Any) -> Any {
        guard let list = json as? [Any], list.first as? String == "map", let pairs = list.last as? [[String]] else { return json }
        return Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
    }
}
