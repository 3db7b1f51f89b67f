import NetworkTypes
import Yams

/// Reads `lab.yaml`, strictly, and names all that is wrong with it.
package enum ScenarioParser {
    /// `file` is what errors call it.
    package static func parse(_ text: String, name: String, file: String) throws(ScenarioError) -> Scenario {
        let reader = YAMLReader(file: file)
        guard let root = reader.root(of: text) else { throw ScenarioError(problems: reader.problems) }
        let fields = reader.mapping(root, "a lab", required: ["spine", "clouds", "stages"], optional: ["fast", "outside"])
        var scenario = Scenario(
            name: name, isFast: reader.flag(fields["fast"], "fast") ?? false,
            outside: fields["outside"].flatMap { reader.string($0, "command") }, spine: spine(fields["spine"], reader), clouds: [],
            stages: [])
        for (name, key, node) in reader.named(fields["clouds"], "clouds") {
            let cloud = cloud(name, node, reader)
            if scenario.clouds.contains(where: { $0.number == cloud.number }) {
                reader.complain("number \(cloud.number) of cloud \(name) is already used by another cloud; choose a free one", at: key)
            }
            if cloud.northbound == .neutron, scenario.outside == nil {
                reader.complain("cloud \(name) waits for a Neutron, and nothing is outside; also write “outside: COMMAND”", at: key)
            }
            scenario.clouds.append(cloud)
        }
        let stages = StageParser(reader: reader, scenario: scenario)
        scenario.stages = reader.items(fields["stages"], "stages").compactMap(stages.stage)
        guard reader.problems.isEmpty else { throw ScenarioError(problems: reader.problems) }
        return scenario
    }

    private static func spine(_ node: Node?, _ reader: YAMLReader) -> Scenario.Spine {
        let unset = Scenario.Spine(asn: ASN(value: 4_200_009_999)!, address: IPv4Address(bits: 0x0aff_00fe))
        guard let node else { return unset }
        let fields = reader.mapping(node, "the spine", required: ["as", "address"])
        return Scenario.Spine(
            asn: reader.value(fields["as"], ASN.self) ?? unset.asn,
            address: reader.value(fields["address"], IPv4Address.self) ?? unset.address)
    }

    private static func cloud(_ name: String, _ node: Node, _ reader: YAMLReader) -> Scenario.Cloud {
        let fields = reader.mapping(
            node, "a cloud", required: ["number", "as", "gateways", "routers", "networks", "machines"],
            optional: ["computes", "federated", "underlay", "provider-vlan", "northbound"])
        var cloud = Scenario.Cloud(
            name: name, number: reader.number(fields["number"], "cloud number", in: 1...99) ?? 0,
            asn: reader.value(fields["as"], ASN.self) ?? ASN(value: 1)!,
            isFederated: reader.flag(fields["federated"], "federated") ?? true, northbound: northbound(fields["northbound"], reader),
            underlay: underlay(fields["underlay"], reader),
            providerVLAN: reader.number(fields["provider-vlan"], "VLAN", in: 1...4094), gateways: [],
            computes: reader.strings(fields["computes"], "computes"), routers: [], networks: [], machines: [])
        for (name, _, node) in reader.named(fields["gateways"], "gateways") {
            let fields = reader.mapping(node, "a gateway", required: ["vtep"])
            guard let vtep = reader.value(fields["vtep"], IPv4Address.self) else { continue }
            cloud.gateways.append(.init(name: name, vtep: vtep))
        }
        if cloud.gateways.isEmpty { reader.complain("cloud \(name) has no gateways; add one", at: fields["gateways"] ?? node) }
        for (name, _, node) in reader.named(fields["routers"], "routers") {
            cloud.routers.append(router(name, node, in: cloud, reader))
        }
        for (name, _, node) in reader.named(fields["networks"], "networks") {
            if let network = network(name, node, in: cloud, reader) { cloud.networks.append(network) }
        }
        for (name, key, node) in reader.named(fields["machines"], "machines") {
            if ["central", "internet", "fabric"].contains(name) || cloud.nodes.contains(name) {
                reader.complain("name \(name) appears twice in cloud \(cloud.name); choose another", at: key)
            }
            if let machine = machine(name, node, in: cloud, reader) { cloud.machines.append(machine) }
        }
        return cloud
    }

    private static func underlay(_ node: Node?, _ reader: YAMLReader) -> Scenario.Underlay {
        guard let node, let word = reader.string(node, "underlay") else { return .bgp }
        if let underlay = Scenario.Underlay(rawValue: word) { return underlay }
        reader.complain("unknown underlay “\(word)”: write bgp or static", at: node)
        return .bgp
    }

    private static func northbound(_ node: Node?, _ reader: YAMLReader) -> Scenario.Northbound {
        guard let node, let word = reader.string(node, "northbound") else { return .lab }
        if let writer = Scenario.Northbound(rawValue: word) { return writer }
        reader.complain("unknown writer of the northbound “\(word)”: write lab or neutron", at: node)
        return .lab
    }

    private static func router(_ name: String, _ node: Node, in cloud: Scenario.Cloud, _ reader: YAMLReader) -> Scenario.Router {
        let fields = reader.mapping(node, "a router", required: ["project"], optional: ["snat", "gateways"])
        let chosen = reader.strings(fields["gateways"], "gateways")
        for gateway in chosen where !cloud.gateways.contains(where: { $0.name == gateway }) {
            reader.complain("router \(name): unknown gateway \(gateway) in cloud \(cloud.name)", at: fields["gateways"])
        }
        return Scenario.Router(
            name: name, project: reader.string(fields["project"], "project") ?? "", snat: reader.flag(fields["snat"], "snat") ?? true,
            gateways: chosen.isEmpty ? cloud.gateways.map(\.name) : chosen)
    }

    private static func network(_ name: String, _ node: Node, in cloud: Scenario.Cloud, _ reader: YAMLReader) -> Scenario.Network? {
        let fields = reader.mapping(node, "a network", required: ["router", "subnets"], optional: ["vlan"])
        guard let router = reader.string(fields["router"], "router") else { return nil }
        if cloud.router(router) == nil {
            reader.complain("network \(name): unknown router \(router) in cloud \(cloud.name)", at: fields["router"])
        }
        let subnets = reader.items(fields["subnets"], "subnets").compactMap { reader.value($0, IPPrefix.self) }
        return Scenario.Network(
            name: name, router: router, subnets: subnets, vlan: reader.number(fields["vlan"], "VLAN", in: 1...4094))
    }

    private static func machine(_ name: String, _ node: Node, in cloud: Scenario.Cloud, _ reader: YAMLReader) -> Scenario.Machine? {
        let fields = reader.mapping(node, "a machine", required: ["network", "on", "addresses"])
        guard let networkName = reader.string(fields["network"], "network"), let host = reader.string(fields["on"], "on") else {
            return nil
        }
        if !cloud.nodes.contains(host) {
            reader.complain("machine \(name): unknown node \(host) in cloud \(cloud.name)", at: fields["on"])
        }
        guard let network = cloud.network(networkName) else {
            reader.complain("machine \(name): unknown network \(networkName) in cloud \(cloud.name)", at: fields["network"])
            return nil
        }
        var addresses: [IPAddress] = []
        for item in reader.items(fields["addresses"], "addresses") {
            guard let address = reader.value(item, IPAddress.self) else { continue }
            if !network.subnets.contains(where: { $0.contains(address) }) {
                reader.complain("machine \(name): \(address) is outside the subnets of network \(networkName)", at: item)
            }
            if cloud.machines.contains(where: { $0.network == networkName && $0.addresses.contains(address) }) {
                reader.complain("machine \(name): \(address) appears twice in network \(networkName)", at: item)
            }
            addresses.append(address)
        }
        return Scenario.Machine(name: name, network: networkName, node: host, addresses: addresses)
    }
}
