import NetworkTypes
import OVSDB

/// What this node's Open vSwitch holds, derived from its Open_vSwitch database: a value to ask and to compare.
package struct LocalSwitchView: Equatable, Sendable {
    /// Nil until the node is a chassis of OVN.
    package let chassis: LocalChassis?
    /// Sorted by name.
    package let bridges: [BridgeView]
    /// What made no sense, sorted.
    package let problems: [RowProblem]

    /// The key in a Port's `external_ids` that marks it as ours.
    package static let ownerKey = "ovn-federation"

    package init(_ replica: OVSDBReplica) {
        var problems: [RowProblem] = []
        let ports = Dictionary(
            replica.read(OVSPort.self, problems: &problems).map { ($0.uuid, $0) }, uniquingKeysWith: { first, _ in first })
        let interfaces = Dictionary(
            replica.read(OVSInterface.self, problems: &problems).map { ($0.uuid, $0) }, uniquingKeysWith: { first, _ in first })
        bridges = replica.read(OVSBridge.self, problems: &problems).sorted { ($0.name, $0.uuid) < ($1.name, $1.uuid) }.map { row in
            let ports = row.ports.compactMap { ports[$0] }.map { port in
                SwitchPortView(port, interfaces: port.interfaces.compactMap { interfaces[$0] })
            }
            return BridgeView(
                uuid: row.uuid, name: row.name, datapathType: row.datapathType, ports: ports.sorted { $0.name < $1.name })
        }
        var chassis: LocalChassis?
        for row in replica.read(OpenVSwitchConfiguration.self, problems: &problems) {
            do {
                let local = try LocalChassis(row)
                problems += local.problems
                chassis = local
            } catch {
                problems.append(error)
            }
        }
        self.chassis = chassis
        self.problems = problems.sorted()
    }

    package func bridge(named name: String) -> BridgeView? { bridges.first { $0.name == name } }

    /// The bridge that carries a physical network here, if it is mapped and exists.
    package func bridge(forPhysicalNetwork network: String) -> BridgeView? {
        chassis?.bridgeMappings[network].flatMap { bridge(named: $0) }
    }

    /// Where the packets of a provider network come out of OVN: the patch port on the provider bridge of exactly this localnet
    /// port. Several provider networks may share a bridge, so a port that merely looks like a patch will not do. Nil until
    /// ovn-controller has made it, which it does once something on this node needs the network.
    package func patchPort(of localnet: LocalnetPort) -> (bridge: BridgeView, port: SwitchPortView)? {
        guard let bridge = bridge(forPhysicalNetwork: localnet.physicalNetwork),
            let port = bridge.port(named: localnet.patchPort(integrationBridge: chassis?.integrationBridge ?? "br-int"))
        else { return nil }
        return (bridge, port)
    }

    /// The ports with our key, with their bridges.
    package var federationPorts: [(bridge: BridgeView, port: SwitchPortView)] {
        bridges.flatMap { bridge in bridge.ports.filter { $0.federationMark != nil }.map { (bridge, $0) } }
    }
}

package struct BridgeView: Hashable, Sendable {
    package let uuid: OVSDBUUID
    package let name: String
    /// `netdev` is the datapath in user space; empty or `system` that of the kernel.
    package let datapathType: String
    /// Sorted by name.
    package let ports: [SwitchPortView]

    package func port(named name: String) -> SwitchPortView? { ports.first { $0.name == name } }
}

/// A port with its interface; for a bond only the first one, because the relevant ports are never bonds.
package struct SwitchPortView: Hashable, Sendable {
    package let uuid: OVSDBUUID
    package let name: String
    /// 0…4095; nil for a trunk port.
    package let tag: UInt16?
    /// The interface's type: empty for a device of the kernel, `patch`, `internal`, …
    package let type: String
    /// The OpenFlow port number, 1…65279; nil until ovs-vswitchd has created the port, or if it failed.
    package let ofport: UInt16?
    package let mac: MACAddress?
    /// Why ovs-vswitchd could not make it.
    package let error: String?
    /// The value of our key in the port's `external_ids`; nil for foreign ports.
    package let federationMark: String?

    init(_ port: OVSPort, interfaces: [OVSInterface]) {
        let interface = interfaces.first { $0.name == port.name } ?? interfaces.min { $0.name < $1.name }
        uuid = port.uuid
        name = port.name
        tag = port.tag
        type = interface?.type ?? ""
        ofport = interface?.ofport
        mac = interface?.mac
        error = interface?.error
        federationMark = port.externalIDs[LocalSwitchView.ownerKey]
    }
}
