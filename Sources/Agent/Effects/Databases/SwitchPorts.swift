import EVPN
import OVN
import OVSDB

/// Puts ports of ours on provider bridges and takes them off, in the node's Open_vSwitch database.
struct SwitchPorts {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let database: OVSDBClient

    /// One transaction.
    func add(_ port: SwitchPort) async throws {
        let view = database.replica.map(LocalSwitchView.init)
        let standing = view?.bridges.lazy.compactMap { bridge in bridge.port(named: port.name).map { (bridge, $0) } }.first
        var operations: [OVSDBOperation] = []
        if let (bridge, old) = standing {
            if bridge.name == port.bridge {
                operations.append(.update(table: "Port", where: [.uuid(old.uuid)], row: Self.columns))
            } else {
                operations.append(Self.detach(old.uuid, from: bridge.name))
            }
        }
        if standing?.0.name != port.bridge {
            var row = Self.columns
            row["name"] = .atom(.string(port.name))
            row["interfaces"] = .atom(.namedUUID("interface"))
            operations += [
                .insert(table: "Interface", row: ["name": .atom(.string(port.name))], name: "interface"),
                .insert(table: "Port", row: row, name: "port"),
                .mutate(
                    table: "Bridge", where: [OVSDBCondition("name", .equal, .atom(.string(port.bridge)))],
                    mutations: [OVSDBMutation("ports", .insert, .atom(.namedUUID("port")))]),
            ]
        }
        let results = try await database.transact(operations)
        guard results.last?.count == 1 else { throw Failure(description: "Open vSwitch has no bridge \(port.bridge)") }
    }

    /// One transaction, or none where it is gone already.
    func remove(_ port: SwitchPort) async throws {
        guard let bridge = database.replica.map(LocalSwitchView.init)?.bridge(named: port.bridge), let old = bridge.port(named: port.name)
        else { return }
        _ = try await database.transact([Self.detach(old.uuid, from: bridge.name)])
    }

    /// A port that no bridge refers to is deleted by the server.
    private static func detach(_ port: OVSDBUUID, from bridge: String) -> OVSDBOperation {
        .mutate(
            table: "Bridge", where: [OVSDBCondition("name", .equal, .atom(.string(bridge)))],
            mutations: [OVSDBMutation("ports", .delete, .atom(.uuid(port)))])
    }

    private static let columns: [String: OVSDBValue] = [
        "tag": .atom(.integer(Int64(SwitchPort.isolationVLAN))),
        "external_ids": .map([.string(LocalSwitchView.ownerKey): .string("hand-off")]),
    ]
}

extension ObservedSwitch {
    /// What of the node's Open vSwitch concerns us.
    init(_ view: LocalSwitchView) {
        self.init()
        for bridge in view.bridges {
            bridges.insert(bridge.name)
            for port in bridge.ports {
                if port.type == "patch", let ofport = port.ofport { patchPorts[port.name] = UInt32(ofport) }
                if LocalNames.index(in: port.name, stem: "fedov") != nil {
                    ports[port.name] = ObservedSwitchPort(bridge: bridge.name, tag: port.tag, ofport: port.ofport.map(UInt32.init))
                }
            }
        }
    }
}
