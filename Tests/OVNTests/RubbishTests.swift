import NetworkTypes
import OVN
import OVSDB
import Testing

@Suite("Rows that make no sense are reported, and the others go on")
struct RubbishTests {
    private let uuids = (0..<40).map { OVSDBUUID(high: 7, low: UInt64($0)) }

    private func text(_ string: String) -> OVSDBValue { .atom(.string(string)) }
    private func map(_ pairs: [String: String]) -> OVSDBValue {
        .map(Dictionary(uniqueKeysWithValues: pairs.map { (.string($0), .string($1)) }))
    }

    private func table(_ columns: [String], _ rows: [(OVSDBUUID, [String: OVSDBValue])]) -> OVSDBTable {
        OVSDBTable(
            columns: columns,
            rows: Dictionary(
                uniqueKeysWithValues: rows.map { uuid, values in
                    (uuid, OVSDBRow(uuid: uuid, values: columns.map { values[$0] ?? .set([]) }))
                }))
    }

    private func port(_ name: String, _ type: String, _ datapath: Int, mac: [String], chassis: Int? = nil, options: [String: String] = [:])
        -> [String: OVSDBValue]
    {
        [
            "logical_port": text(name), "type": text(type), "datapath": .atom(.uuid(uuids[datapath])), "mac": .set(mac.map { .string($0) }),
            "chassis": chassis.map { .atom(.uuid(uuids[$0])) } ?? .set([]), "options": map(options),
        ]
    }

    private func southbound(_ ports: [[String: OVSDBValue]]) -> OVSDBReplica {
        OVSDBReplica(tables: [
            "Chassis": table(Chassis.columns, [(uuids[0], ["name": text("gw1")]), (uuids[1], [:])]),
            "Datapath_Binding": table(
                DatapathBinding.columns,
                [
                    (uuids[2], ["external_ids": map(["logical-router": uuids[30].description, "name": "r"])]),
                    (uuids[3], ["external_ids": map(["logical-switch": uuids[31].description, "name": "n", "name2": ""])]),
                    (uuids[4], ["external_ids": map(["name": "neither"])]),
                    (uuids[5], ["external_ids": map(["logical-switch": "nonsense", "name": "bad"])]),
                ]),
            "Port_Binding": table(PortBinding.columns, ports.enumerated().map { (uuids[10 + $0], $1) }),
        ])
    }

    @Test("a port without name or datapath, bad MACs and addresses, an unknown chassis: each is told, the good host stays")
    func southbound() {
        let view = CloudView(
            southbound: southbound([
                port("lrp", "patch", 2, mac: ["02:00:00:00:00:01 10.0.0.1/24 10.0.0.999/24"], options: ["peer": "lsp"]),
                port("lsp", "patch", 3, mac: ["router"], options: ["peer": "lrp"]),
                port("lrp2", "patch", 2, mac: ["no-mac"], options: ["peer": "lsp2"]),
                port("good", "", 3, mac: ["02:00:00:00:01:01 10.0.0.11"], chassis: 0),
                port("half", "", 3, mac: ["02:00:00:00:01:02 10.0.0.12 10.0.0"], chassis: 0),
                port("none", "", 3, mac: ["10.0.0.13"], chassis: 0),
                port("lost", "", 3, mac: ["02:00:00:00:01:04 10.0.0.14"], chassis: 9),
                port("", "", 3, mac: []),
                ["logical_port": text("homeless")],
                port("net", "localnet", 3, mac: ["unknown"]),
                port("cr", "chassisredirect", 2, mac: []),
                [:],
            ]), northbound: OVSDBReplica())
        #expect(view.routers.count == 1)
        #expect(view.routers.first?.interfaces.map(\.logicalPort) == ["lrp"])
        #expect(view.routers.first?.interfaces.first?.addresses.map(\.description) == ["10.0.0.1/24"])
        #expect(
            view.routers.first?.interfaces.first?.hosts.map { "\($0.logicalPort) \($0.addresses)" } == [
                "good [10.0.0.11]", "half [10.0.0.12]",
            ])
        #expect(view.networks.map(\.identity.name) == ["n"])
        #expect(
            view.problems.map { "\($0.table) \($0.name) \($0.column) \($0.value)" } == [
                "Chassis  name ", "Datapath_Binding bad external_ids nonsense", "Datapath_Binding neither external_ids ",
                "Port_Binding  logical_port ", "Port_Binding  logical_port ", "Port_Binding cr options ", "Port_Binding half mac 10.0.0",
                "Port_Binding homeless datapath ", "Port_Binding lost chassis \(uuids[9])", "Port_Binding lrp mac 10.0.0.999/24",
                "Port_Binding lrp2 mac no-mac", "Port_Binding lrp2 mac no-mac", "Port_Binding net options ",
                "Port_Binding none mac 10.0.0.13",
            ])
        #expect(view.problems.last?.description == "Port_Binding none: mac “10.0.0.13” is not a MAC or IP address")
    }

    @Test("values of the wrong type and rows that are too short are no crash")
    func wrongTypes() {
        var replica = southbound([])
        replica.tables["Port_Binding"]?.rows[uuids[10]] = OVSDBRow(uuid: uuids[10], values: [.map([:]), .atom(.integer(4))])
        replica.tables["Port_Binding"]?.rows[uuids[11]] = OVSDBRow(
            uuid: uuids[11], values: PortBinding.columns.map { _ in .atom(.real(0.5)) })
        #expect(CloudView(southbound: replica, northbound: OVSDBReplica()).problems.filter { $0.table == "Port_Binding" }.count == 2)
        #expect(CloudView(southbound: OVSDBReplica(), northbound: OVSDBReplica()).problems.isEmpty)
        #expect(LocalSwitchView(OVSDBReplica()).chassis == nil)
    }

    @Test("a NAT rule of no kind, without addresses or with a port range for an address is told, its neighbours stay")
    func northbound() throws {
        func rule(_ type: String, _ external: String, _ logical: String) -> [String: OVSDBValue] {
            ["type": text(type), "external_ip": text(external), "logical_ip": text(logical)]
        }
        let rows = NorthboundRows(
            OVSDBReplica(tables: [
                "NAT": table(
                    NATRule.columns,
                    [
                        (uuids[0], rule("snat", "192.0.2.1", "10.0.0.5/24")), (uuids[1], rule("full-cone", "192.0.2.1", "10.0.0.0/24")),
                        (uuids[2], rule("snat", "192.0.2.1-192.0.2.9", "10.0.0.0/24")), (uuids[3], rule("snat", "192.0.2.1", "")),
                    ]),
                "Logical_Router_Static_Route": table(StaticRoute.columns, [(uuids[4], ["ip_prefix": text("default")])]),
                "Logical_Router": table(LogicalRouter.columns, [(uuids[5], [:])]),
                "Address_Set": table(AddressSet.columns, [(uuids[6], [:])]),
            ]))
        #expect(rows.natRules.map(\.logical) == [IPPrefix("10.0.0.0/24")])
        #expect(rows.problems.map(\.column) == ["name", "ip_prefix", "type", "external_ip", "logical_ip"])
        #expect(rows.routers.map(\.identifier) == [uuids[5].description])
    }

    @Test("datapaths of newer OVN, which say their kind in columns, are read as well")
    func newerDatapath() {
        let columns = DatapathBinding.columns + DatapathBinding.newerColumns
        let replica = OVSDBReplica(tables: [
            "Datapath_Binding": table(
                columns,
                [
                    (
                        uuids[2],
                        [
                            "external_ids": map(["name": "neutron-\(uuids[9])"]), "type": text("logical-router"),
                            "nb_uuid": .atom(.uuid(uuids[30])),
                        ]
                    )
                ])
        ])
        let view = CloudView(southbound: replica, northbound: OVSDBReplica())
        #expect(view.problems.isEmpty)
        #expect(view.routers.map(\.id) == [uuids[9].description])
        #expect(view.routers.map(\.northboundUUID) == [uuids[30]])
    }

    @Test("a network of newer OVN, whose datapath bears no name, has that of the northbound database; a new name stands there first")
    func networkName() {
        func view(_ external: [String: String], _ northbound: [String: String]) -> CloudView {
            let south = OVSDBReplica(tables: [
                "Datapath_Binding": table(
                    DatapathBinding.columns + DatapathBinding.newerColumns,
                    [
                        (
                            uuids[2],
                            [
                                "external_ids": map(["name": "neutron-\(uuids[9])"].merging(external) { $1 }),
                                "type": text("logical-switch"),
                                "nb_uuid": .atom(.uuid(uuids[30])),
                            ]
                        )
                    ])
            ])
            let north = OVSDBReplica(tables: [
                "Logical_Switch": table(LogicalSwitch.columns, [(uuids[30], ["external_ids": map(northbound)])])
            ])
            return CloudView(southbound: south, northbound: north)
        }
        let named = ["neutron:network_name": "blue-net"]
        #expect(view([:], named).networks(name: "blue-net").map(\.identity.id) == [uuids[9].description])
        #expect(view(["name2": "old-net"], named).networks.map(\.identity.name) == ["blue-net"])
        #expect(view(["name2": "old-net"], [:]).networks.map(\.identity.name) == ["old-net"])
        #expect(view([:], [:]).networks.map(\.identity.name) == [uuids[9].description])
    }
}
