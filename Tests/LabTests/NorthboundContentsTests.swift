import Foundation
import NetworkTypes
import Testing

@testable import Lab

/// What Neutron 29.0.0 wrote into OVN 23.03, against what the lab writes: names and ids differ, shapes must not.
@Suite("Northbound contents, compared with Neutron's own")
struct NorthboundContentsTests {
    /// Rows by table; sets of one are their member, empty columns are left out.
    private let neutron: [String: [JSON]]
    private let lab: [String: [JSON]]

    init() throws {
        let path = try #require(Bundle.module.path(forResource: "neutron-29-northbound", ofType: "json", inDirectory: "Fixtures"))
        let document = try JSON(parsing: try Data(contentsOf: URL(fileURLWithPath: path)))
        neutron = (document.object ?? [:]).mapValues { $0.array ?? [] }
        let cloud = try #require(try ScenarioParserTests.shipped("two-clouds-ha").cloud("paris"))
        lab = Dictionary(grouping: NorthboundContents.operations(for: cloud)) { $0["table"]?.string ?? "" }
            .mapValues { operations in operations.compactMap { $0["row"].map(Self.plain) } }
    }

    /// Turns a row of OVSDB's notation into the fixture's.
    private static func plain(_ row: JSON) -> JSON {
        guard case .object(let columns) = row else { return row }
        var result: [String: JSON] = [:]
        for (name, value) in columns {
            switch (value[0]?.string, value[1]?.array) {
            case ("map", let pairs?):
                if !pairs.isEmpty {
                    result[name] = .object(Dictionary(uniqueKeysWithValues: pairs.map { ($0[0]?.string ?? "", $0[1] ?? .null) }))
                }
            case ("set", let items?):
                if items.count == 1 { result[name] = items[0] } else if !items.isEmpty { result[name] = .array(items) }
            default:
                if value != "" { result[name] = value }
            }
        }
        return .object(result)
    }

    private func keys(_ rows: [JSON]?, _ column: String, where matches: (JSON) -> Bool) -> Set<Set<String>> {
        Set((rows ?? []).filter(matches).map { Set($0[column]?.object?.keys.map { $0 } ?? []) })
    }

    private func columns(_ rows: [JSON]?, where matches: (JSON) -> Bool) -> Set<String> {
        (rows ?? []).filter(matches).reduce(into: []) { $0.formUnion($1.object?.keys.map { $0 } ?? []) }
    }

    private static func owner(_ owner: String) -> (JSON) -> Bool {
        { $0["external_ids"]?["neutron:device_owner"]?.string == owner }
    }

    @Test("ports have the external_ids of their kind", arguments: ["network:router_interface", "network:router_gateway"])
    func routerPorts(owner: String) {
        let ours = keys(lab["Logical_Switch_Port"], "external_ids", where: Self.owner(owner))
        #expect(!ours.isEmpty && ours == keys(neutron["Logical_Switch_Port"], "external_ids", where: Self.owner(owner)))
        #expect(
            keys(lab["Logical_Switch_Port"], "options", where: Self.owner(owner))
                == keys(neutron["Logical_Switch_Port"], "options", where: Self.owner(owner)))
    }

    @Test("VM ports have Neutron's external_ids and options, but for the floating IP, which none has here")
    func machinePorts() {
        let ours = keys(lab["Logical_Switch_Port"], "external_ids", where: Self.owner("compute:nova"))
        let theirs = keys(neutron["Logical_Switch_Port"], "external_ids", where: Self.owner("compute:nova"))
        #expect(ours == Set(theirs.map { $0.subtracting(["neutron:port_fip"]) }))
        #expect(keys(lab["Logical_Switch_Port"], "options", where: Self.owner("compute:nova")) == [["requested-chassis"]])
        let known = columns(neutron["Logical_Switch_Port"], where: Self.owner("compute:nova")).subtracting(["_uuid", "up", "type"])
        #expect(columns(lab["Logical_Switch_Port"], where: Self.owner("compute:nova")).union(["type"]) == known.union(["type"]))
    }

    @Test("networks and routers have the keys that Neutron writes", arguments: ["Logical_Switch", "Logical_Router"])
    func containers(table: String) {
        let column = table == "Logical_Switch" ? "other_config" : "options"
        #expect(keys(lab[table], "external_ids") { _ in true } == keys(neutron[table], "external_ids") { _ in true })
        #expect(keys(lab[table], column) { _ in true } == keys(neutron[table], column) { _ in true })
    }

    @Test("router ports have Neutron's keys; the gateway port has a group of candidates", arguments: ["True", "False"])
    func logicalRouterPorts(isGateway: String) {
        let chosen: (JSON) -> Bool = { $0["external_ids"]?["neutron:is_ext_gw"]?.string == isGateway }
        let rows = (lab["Logical_Router_Port"] ?? []).filter(chosen)
        #expect(!rows.isEmpty)
        #expect(keys(rows, "external_ids") { _ in true } == keys(neutron["Logical_Router_Port"], "external_ids", where: chosen))
        #expect(keys(rows, "options") { _ in true } == keys(neutron["Logical_Router_Port"], "options", where: chosen))
        #expect(rows.allSatisfy { ($0["ha_chassis_group"] != nil) == (isGateway == "True") })
    }

    @Test("default routes and NAT rows are Neutron's; SNAT is for all sources and has no external_ids")
    func routesAndNAT() {
        let ours = keys(lab["Logical_Router_Static_Route"], "external_ids") { _ in true }
        #expect(ours == keys(neutron["Logical_Router_Static_Route"], "external_ids") { $0["external_ids"]?["neutron:is_ext_gw"] != nil })
        let theirs = columns(neutron["NAT"]) { $0["type"] == "snat" }.subtracting(["_uuid"])
        #expect(columns(lab["NAT"]) { _ in true } == theirs)
        #expect(lab["NAT"]?.allSatisfy { $0["logical_ip"] == "0.0.0.0/0" } == true)
    }

    @Test("a router's candidates are named after it, with the keys of Neutron's own group")
    func candidates() {
        let own = keys(neutron["HA_Chassis_Group"], "external_ids") { $0["external_ids"]?["neutron:network_id"] == nil }
        #expect(keys(lab["HA_Chassis_Group"], "external_ids") { _ in true } == own)
        #expect(Set((lab["HA_Chassis"] ?? []).compactMap { $0["chassis_name"]?.string }) == ["paris-gw1", "paris-gw2"])
        #expect(Set((lab["HA_Chassis"] ?? []).compactMap { $0["priority"]?.number }) == [1, 2])
    }

    @Test("names follow Neutron's patterns")
    func names() throws {
        let uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
        for (table, pattern) in [
            ("Logical_Switch", "neutron-\(uuid)"), ("Logical_Router", "neutron-\(uuid)"), ("Logical_Router_Port", "lrp-\(uuid)"),
            ("Logical_Switch_Port", "(provnet-)?\(uuid)"), ("HA_Chassis_Group", "neutron-\(uuid)"),
        ] {
            let expression = try Regex(pattern)
            for rows in [lab[table], neutron[table]] {
                let names = (rows ?? []).compactMap { $0["name"]?.string }
                #expect(!names.isEmpty)
                #expect(try names.allSatisfy { try expression.wholeMatch(in: $0) != nil }, "\(table): \(names)")
                #expect(Set(names).count == names.count)
            }
        }
    }

    @Test("security groups drop what is not allowed and have the keys of Neutron's rules")
    func securityGroups() {
        let drops = (lab["ACL"] ?? []).filter { $0["action"] == "drop" }
        #expect(drops.count == 2 && drops.allSatisfy { $0["priority"] == 1000 })
        #expect(keys(lab["ACL"], "external_ids") { $0["action"] == "allow-related" } == [["neutron:security_group_rule_id"]])
        #expect(keys(lab["Port_Group"], "external_ids") { $0["name"] != "neutron_pg_drop" } == [["neutron:security_group_id"]])
    }

    @Test("ids are the same in every run and differ from each other")
    func ids() {
        #expect(OpenStackID(of: "paris/port/blue-1") == OpenStackID(of: "paris/port/blue-1"))
        #expect(Set((0..<2000).map { OpenStackID(of: "paris/bench/\($0)").mac }).count == 2000)
        #expect(NeutronName.tap(OpenStackID(of: "x")).count == 14)
        #expect(MACAddress(OpenStackID(of: "x").mac) != nil)
    }
}
