import Foundation
import Testing

@testable import OVSDB

@Suite("Schemas, conditions, operations")
struct SchemaTests {
    private func schema(_ path: String) throws -> OVSDBSchema {
        let file = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let decoded = decode(Array("{\"id\":1,\"error\":null,\"result\":".utf8) + file + Array("}".utf8)) { 100 }
        guard case .response(_, let result, _, _)? = decoded.messages.first else { throw Missing() }
        return try OVSDBSchema(result)
    }

    @Test("OVN's schemas are read")
    func schemas() throws {
        let southbound = try schema("/usr/share/ovn/ovn-sb.ovsschema")
        #expect(southbound.name == "OVN_Southbound")
        let port = try #require(southbound.tables["Port_Binding"])
        #expect(port["chassis"] == OVSDBColumnType(.uuid, minimum: 0))
        #expect(port["additional_chassis"] == OVSDBColumnType(.uuid, minimum: 0, maximum: .max))
        #expect(port["tunnel_key"] == OVSDBColumnType(.integer))
        #expect(port["external_ids"] == OVSDBColumnType(.string, value: .string, minimum: 0, maximum: .max))
        #expect(port["up"] == OVSDBColumnType(.boolean, minimum: 0))
        let northbound = try schema("/usr/share/ovn/ovn-nb.ovsschema")
        #expect(northbound.tables["NAT"]?["exempted_ext_ips"] == OVSDBColumnType(.uuid, minimum: 0))
        #expect(northbound.tables["NAT"]?["type"] == OVSDBColumnType(.string))
    }

    @Test(
        "a schema that is none is refused",
        arguments: ["{}", "[]", #"{"name":"x","tables":{"T":{}}}"#, #"{"name":"x","tables":{"T":{"columns":{"c":{"type":"colour"}}}}}"#])
    func badSchemas(text: String) throws {
        guard case .response(_, let result, _, _) = try message("{\"id\":1,\"error\":null,\"result\":\(text)}") else { throw Missing() }
        #expect(throws: OVSDBError.self) { try OVSDBSchema(result) }
    }

    @Test("conditions hold as ovsdb-server says")
    func conditions() {
        let set = OVSDBColumnType(.string, minimum: 0, maximum: .max)
        let map = OVSDBColumnType(.string, value: .string, minimum: 0, maximum: .max)
        let number = OVSDBColumnType(.integer, minimum: 0)
        let ab = OVSDBValue.set([.string("a"), .string("b")])
        let pairs = OVSDBValue.map([.string("k"): .string("v"), .string("l"): .string("w")])
        func holds(_ function: OVSDBCondition.Function, _ value: OVSDBValue, _ argument: OVSDBValue, _ type: OVSDBColumnType) -> Bool {
            OVSDBCondition("c", function, argument).holds(for: value, of: type)
        }
        #expect(holds(.equal, ab, .set([.string("b"), .string("a")]), set))
        #expect(holds(.notEqual, ab, .atom(.string("a")), set))
        #expect(holds(.includes, ab, .atom(.string("a")), set))
        #expect(!holds(.includes, ab, .atom(.string("z")), set))
        #expect(holds(.excludes, ab, .atom(.string("z")), set))
        #expect(!holds(.excludes, ab, ab, set))
        #expect(holds(.includes, pairs, .map([.string("k"): .string("v")]), map))
        #expect(!holds(.includes, pairs, .map([.string("k"): .string("w")]), map))
        #expect(holds(.excludes, pairs, .map([.string("k"): .string("w")]), map))
        #expect(holds(.greater, .atom(.integer(3)), .atom(.integer(2)), number))
        #expect(holds(.lessOrEqual, .atom(.integer(2)), .atom(.integer(2)), number))
        #expect(!holds(.less, .set([]), .atom(.integer(2)), number))
        #expect(!holds(.greaterOrEqual, .atom(.integer(1)), .atom(.integer(2)), number))
    }

    @Test("operations are written as RFC 7047, section 5.2, says")
    func operations() {
        func text(_ operation: OVSDBOperation) -> String { String(decoding: JSONValue(operation).bytes, as: UTF8.self) }
        let uuid = OVSDBUUID(high: 0x5dbd_8616_1959_4c8b, low: 0xb5cb_4289_13d3_f5bb)
        #expect(
            text(.insert(table: "T", row: ["a": .atom(.string("x\n\u{1}\"é")), "b": .atom(.namedUUID("r"))], name: "q"))
                == #"{"op":"insert","row":{"a":"x\n\u0001\"é","b":["named-uuid","r"]},"table":"T","uuid-name":"q"}"#)
        #expect(
            text(.update(table: "T", where: [.uuid(uuid)], row: ["r": .atom(.real(0.5)), "e": .set([])]))
                == #"{"op":"update","row":{"e":["set",[]],"r":0.5},"table":"T","where":[["_uuid","==",["uuid","5dbd8616-1959-4c8b-b5cb-428913d3f5bb"]]]}"#
        )
        #expect(
            text(.mutate(table: "T", where: [], mutations: OVSDBMutation.setting(["k": "v"], in: "m")))
                == #"{"mutations":[["m","delete",["set",["k"]]],["m","insert",["map",[["k","v"]]]]],"op":"mutate","table":"T","where":[]}"#)
        #expect(
            text(.delete(table: "T", where: [OVSDBCondition("n", .lessOrEqual, .atom(.integer(-4)))]))
                == #"{"op":"delete","table":"T","where":[["n","<=",-4]]}"#)
        #expect(text(.select(table: "T", where: [], columns: ["a"])) == #"{"columns":["a"],"op":"select","table":"T","where":[]}"#)
        #expect(
            text(
                .wait(
                    table: "T", where: [], columns: ["b"], until: .notEqual, rows: [["b": .atom(.boolean(true))]],
                    timeout: .milliseconds(2500)))
                == #"{"columns":["b"],"op":"wait","rows":[{"b":true}],"table":"T","timeout":2500,"until":"!=","where":[]}"#)
        #expect(text(.comment("why")) == #"{"comment":"why","op":"comment"}"#)
    }

    @Test("results are read, and errors in them are errors")
    func results() throws {
        let uuid = OVSDBUUID(high: 0, low: 1)
        let list = try OVSDBOperationResult.list(
            [["uuid": ["uuid", "00000000-0000-0000-0000-000000000001"]], ["count": 3], ["rows": [["a": ["set", [1, 2]]]]], [:]], of: 4)
        #expect(list == [.inserted(uuid), .count(3), .rows([["a": .set([.integer(1), .integer(2)])]]), .done])
        #expect(throws: OVSDBError.transactionFailed(operation: 1, error: "timed out", details: "why")) {
            try OVSDBOperationResult.list([[:], ["error": "timed out", "details": "why"], .null], of: 3)
        }
        #expect(throws: OVSDBError.transactionFailed(operation: nil, error: "referential integrity violation", details: "")) {
            try OVSDBOperationResult.list([["count": 1], ["error": "referential integrity violation"]], of: 1)
        }
        #expect(throws: OVSDBError.self) { try OVSDBOperationResult.list([["count": 1]], of: 2) }
        #expect(throws: OVSDBError.self) { try OVSDBOperationResult.list(.null, of: 0) }
    }

    @Test("a UUID is read in either case and printed in lower case")
    func uuids() {
        let text = "5DBD8616-1959-4c8b-b5cb-428913d3f5bb"
        #expect(OVSDBUUID(text)?.description == text.lowercased())
        for bad in [
            "", "5dbd8616-1959-4c8b-b5cb-428913d3f5b", "5dbd8616-1959-4c8b-b5cb-428913d3f5bbb", "5dbd8616_1959-4c8b-b5cb-428913d3f5bb",
            "gdbd8616-1959-4c8b-b5cb-428913d3f5bb",
        ] {
            #expect(OVSDBUUID(bad) == nil)
        }
    }
}
