import Federation
import FederationFile
import FederationModel
import Foundation
import Testing

@Suite("The schema for editors")
struct SchemaTests {
    private func schema() throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(Topologies.text("federation.schema.json").utf8)) as? [String: Any])
    }

    private func definitions() throws -> [String: [String: Any]] { try #require(schema()["$defs"] as? [String: [String: Any]]) }

    private func properties(of name: String) throws -> [String: [String: Any]] {
        try #require(definitions()[name]?["properties"] as? [String: [String: Any]])
    }

    @Test("knows the keys that the reader knows, and calls the same ones required")
    func keys() throws {
        let definitions = try definitions()
        let tables: [(FileKeys, [String: Any]?)] = [
            (.document, try schema()), (.pools, definitions["pools"]), (.targetPool, definitions["targetPool"]),
            (.reservation, definitions["reservation"]), (.cloud, definitions["cloud"]), (.limits, definitions["limits"]),
            (.bgp, definitions["bgp"]), (.routeServer, definitions["routeServer"]), (.gateway, definitions["gateway"]),
            (.vpn, definitions["vpn"]), (.policy, definitions["policy"]), (.fullMesh, definitions["fullMesh"]),
            (.hubAndSpoke, definitions["hubAndSpoke"]), (.partialMesh, definitions["partialMesh"]), (.edge, definitions["edge"]),
            (.attachment, definitions["attachment"]), (.selector, definitions["selector"]), (.bgpvpn, definitions["bgpvpn"]),
            (.filters, definitions["filters"]),
            (.share, definitions["share"]), (.externalOrigin, definitions["externalOrigin"]),
        ]
        #expect(Set(tables.map(\.0)) == Set(FileKeys.tables))
        for (keys, definition) in tables {
            let definition = try #require(definition)
            let properties = try #require(definition["properties"] as? [String: [String: Any]])
            #expect(Set(properties.keys) == Set(keys.all), "\(keys.subject)")
            #expect(Set(definition["required"] as? [String] ?? []) == Set(keys.required.keys), "\(keys.subject)")
            #expect(definition["additionalProperties"] as? Bool == false, "\(keys.subject)")
            let choices = (definition["oneOf"] as? [[String: Any]] ?? []).compactMap { $0["required"] as? [String] }
            #expect(choices == keys.choices, "\(keys.subject)")
            for (key, property) in properties { #expect(property["description"] is String, "\(keys.subject): \(key)") }
        }
    }

    @Test("has no definition that nothing refers to, and refers to none that it has not")
    func references() throws {
        let text = try Topologies.text("federation.schema.json")
        let referred = Set(text.matches(of: /"#\/\$defs\/([A-Za-z0-9]+)"/).map { String($0.1) })
        #expect(referred == Set(try definitions().keys))
    }

    @Test("offers the words that the reader takes")
    func words() throws {
        #expect(try properties(of: "vpn")["mtu"]?["minimum"] as? Int == VPN.mtuRange.lowerBound)
        #expect(try properties(of: "vpn")["mtu"]?["maximum"] as? Int == VPN.mtuRange.upperBound)
        #expect(try properties(of: "vpn")["kind"]?["enum"] as? [String] == VPNKind.allCases.map(\.rawValue))
        #expect(try definitions()["pattern"]?["enum"] as? [String] == VPNPolicy.Pattern.allCases.map(\.rawValue))
        #expect(try definitions()["management"]?["enum"] as? [String] == BGPManagement.allCases.map(\.rawValue))
        let attachment = try properties(of: "attachment")
        #expect(attachment["role"]?["enum"] as? [String] == AttachmentRole.allCases.map(\.rawValue))
        #expect((attachment["advertise"]?["items"] as? [String: [String]])?["enum"] == Advertisement.words.map(\.name))
    }

    @Test("has the ranges and defaults of the reader")
    func ranges() throws {
        let cloud = try properties(of: "cloud")
        #expect(cloud["underlayMTU"]?["minimum"] as? Int == Cloud.underlayMTURange.lowerBound)
        #expect(cloud["underlayMTU"]?["maximum"] as? Int == Cloud.underlayMTURange.upperBound)
        let defaults = Pools()
        let pools = try properties(of: "pools").merging(try properties(of: "targetPool")) { first, _ in first }
        for (key, text) in [
            ("as", "\(defaults.asns.lowerBound)-\(defaults.asns.upperBound)"),
            ("vni", "\(defaults.vnis.lowerBound)-\(defaults.vnis.upperBound)"),
            ("administrator", "\(defaults.routeTargetAdministrator)"),
            ("numbers", "\(defaults.routeTargetNumbers.lowerBound)-\(defaults.routeTargetNumbers.upperBound)"),
            ("quarantine", "\(defaults.quarantine / 3_600_000)h"),
        ] {
            #expect((pools[key]?["description"] as? String)?.hasSuffix("Default: \(text).") == true, "\(key)")
        }
    }
}
