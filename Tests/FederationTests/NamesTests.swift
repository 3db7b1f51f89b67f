import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("Names")
struct NamesTests {
    @Test("have 1 to 63 letters, digits, dashes, underscores and dots, and begin with a letter or digit")
    func grammar() {
        for text in ["a", "1", "paris", "eu-west.1_b", "A" + String(repeating: "b", count: 62)] {
            #expect(CloudName(text)?.description == text)
        }
        for text in ["", "-a", ".a", "_a", "a b", "a/b", "ä", "a\u{0}", String(repeating: "a", count: 64), "a:b"] {
            #expect(CloudName(text) == nil, "\(text)")
        }
    }

    @Test("are refused with the word for what they name")
    func refusal() {
        let error = #expect(throws: ParseError.self) { try VPNName(parsing: "blue net") }
        #expect(
            error?.description
                == "invalid VPN name “blue net”: must be 1–63 letters, digits, “-”, “_” or “.”, beginning with a letter or digit; "
                + "choose another name")
    }

    @Test("a gateway is written with its cloud")
    func gateway() throws {
        let gateway = try GatewayID(parsing: "paris/gw1")
        #expect(gateway == GatewayID(cloud: CloudName(unchecked: "paris"), node: NodeName(unchecked: "gw1")))
        #expect(gateway.description == "paris/gw1")
        for text in ["paris", "paris/", "/gw1", "paris/gw1/x", "par is/gw1"] { #expect(GatewayID(text) == nil, "\(text)") }
    }

    @Test("are the keys of coded objects")
    func coding() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode([try GatewayID(parsing: "paris/gw1"): try GatewayID(parsing: "tokyo/gw1")])
        #expect(String(decoding: data, as: UTF8.self) == #"{"paris/gw1":"tokyo/gw1"}"#)
    }
}
