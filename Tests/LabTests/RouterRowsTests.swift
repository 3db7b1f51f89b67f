import NetworkTypes
import Testing

@testable import Lab

@Suite("Routers that appear beside those of a lab, compared with what the lab writes as Neutron does")
struct RouterRowsTests {
    private func cloud() throws -> Scenario.Cloud { try #require(try ScenarioParserTests.shipped("two-clouds").cloud("paris")) }

    /// Of the rows of a table: which columns they fill, and the keys of their maps.
    private func shapes(_ operations: [JSON], _ table: String, where chosen: (JSON) -> Bool = { _ in true }) -> Set<[String]> {
        let rows = operations.filter { $0["op"]?.string == "insert" && $0["table"]?.string == table }.compactMap { $0["row"] }
        return Set(
            rows.filter(chosen).map { row in
                (row.object ?? [:]).filter { $0.value != "" && $0.value != .set([JSON]()) }.flatMap { name, value -> [String] in
                    guard value[0]?.string == "map" else { return [name] }
                    return (value[1]?.array ?? []).compactMap { pair in pair[0]?.string.map { "\(name):\($0)" } }
                }.sorted()
            })
    }

    @Test("a router that a project makes again has the rows of the first, under ids of its own, and its ports say the project")
    func recreated() throws {
        let cloud = try cloud(), network = try #require(cloud.network("blue-net"))
        let rows = RouterRows("blue-router", of: "eve", in: cloud, generation: "1")
        let made = rows.creation(subnets: network.subnets.map { (network, $0) }, external: cloud.external("blue-router"))
        let first = NorthboundContents.operations(for: cloud)
        for table in ["Logical_Router", "Logical_Router_Port", "HA_Chassis_Group", "NAT", "Logical_Router_Static_Route"] {
            #expect(shapes(made, table) == shapes(first, table), "\(table)")
        }
        let isRouter: (JSON) -> Bool = { $0["type"]?.string == "router" }
        #expect(shapes(made, "Logical_Switch_Port", where: isRouter) == shapes(first, "Logical_Switch_Port", where: isRouter))
        #expect(rows.id != NeutronCloud(cloud).router("blue-router"))
        #expect(rows.id != RouterRows("blue-router", of: "eve", in: cloud, generation: "2").id)
        let text = JSON.array(made).text
        #expect(text.contains(NeutronCloud(cloud).project("eve").compact) && !text.contains(NeutronCloud(cloud).project("blue").compact))
    }

    @Test("an empty one has no port in any network, and a gateway port only where it is to have one")
    func empty() throws {
        let rows = RouterRows("blue-router", of: "eve", in: try cloud(), generation: "1")
        #expect(rows.creation(subnets: [], external: nil).compactMap { $0["table"]?.string } == ["Logical_Router"])
        let tables = rows.creation(subnets: [], external: ["172.24.1.200/24"]).compactMap { $0["table"]?.string }
        #expect(tables.count { $0 == "Logical_Router_Port" } == 1 && !tables.contains("NAT"))
    }
}
