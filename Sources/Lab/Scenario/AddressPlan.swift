import NetworkTypes

/// The addresses that a scenario does not spell out. All follow from cloud numbers and positions in the file.
package struct AddressPlan: Sendable {
    package let scenario: Scenario

    package init(_ scenario: Scenario) { self.scenario = scenario }

    /// Where the coordinator listens.
    package static let coordinator = "192.168.100.1"
    package static let coordinatorPort = 7443
    /// This machine's own, of a scenario with something outside.
    package static let outside = "192.168.100.2"

    /// A leg in the management network: centrals and nodes have one, in the order of the file, from .10 on.
    package func management(_ host: Host) -> String? {
        let legs = scenario.clouds.flatMap { cloud in [Host.central(cloud.name)] + cloud.nodes.map { .node(cloud.name, $0) } }
        return legs.firstIndex(of: host).map { "192.168.100.\(10 + $0)" }
    }

    /// A gateway's place among all gateways, from 1.
    package func position(of cloud: String, _ gateway: String) -> Int {
        let all = scenario.clouds.flatMap { cloud in cloud.gateways.map { (cloud.name, $0.name) } }
        return (all.firstIndex { $0 == (cloud, gateway) } ?? 0) + 1
    }

    /// The two ends of the link between a gateway and the spine (RFC 3021).
    package func uplink(of cloud: String, _ gateway: String) -> (gateway: String, spine: String) {
        let position = position(of: cloud, gateway)
        return ("10.0.\(position).1", "10.0.\(position).0")
    }

    /// Where a node of a cloud with several ends its Geneve tunnels; with one node there are none, and any address does.
    package func tunnel(_ cloud: Scenario.Cloud, _ node: String) -> String {
        "10.9.\(cloud.number).\((cloud.nodes.firstIndex(of: node) ?? 0) + 1)"
    }
}

extension Scenario.Cloud {
    /// The provider network of the cloud.
    package var provider: [(gateway: String, prefix: String)] {
        [("172.24.\(number).1", "172.24.\(number).0/24"), ("fd24:\(number)::1", "fd24:\(number)::/64")]
    }

    /// What stands for the Internet behind the provider network's gateway.
    package var internet: [IPAddress] {
        ["198.51.100.\(number)", "2001:db8:\(number)::1"].compactMap(IPAddress.init)
    }

    /// The addresses of a router on the provider network: .10, .20, .30…, with lengths.
    package func external(_ router: String) -> [String] {
        let digits = ((routers.firstIndex { $0.name == router } ?? 0) + 1) * 10
        return ["172.24.\(number).\(digits)/24", "fd24:\(number)::\(digits)/64"]
    }

    /// The router's IPv4 address on the provider network: what SNAT shows to the Internet.
    package func externalIPv4(_ router: String) -> IPAddress? {
        external(router).first.flatMap { IPAddress(String($0.prefix { $0 != "/" })) }
    }
}

extension Scenario.Network {
    /// The router's address in a subnet: the first.
    package static func gateway(of subnet: IPPrefix) -> IPAddress {
        IPAddress(family: subnet.family, bits: subnet.address.bits + 1)
    }
}
