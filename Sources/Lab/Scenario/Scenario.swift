import NetworkTypes

/// What a `lab.yaml` asks for: the clouds to raise and the stages that show what must hold in them.
package struct Scenario: Hashable, Sendable {
    /// The folder's name below `topologies/`.
    package var name: String
    /// One of those that `make test` runs; `make lab` runs all.
    package var isFast = false
    /// The command that raises what the lab does not, in this machine's own place in the management network (`Outside`), and
    /// has the stages judged; nil: the lab is all there is.
    package var outside: String?
    package var spine: Spine
    package var clouds: [Cloud]
    package var stages: [Stage]

    /// The router in the middle: BGP underlay of all gateways, and route server of their EVPN sessions.
    package struct Spine: Hashable, Sendable {
        package var asn: ASN
        package var address: IPv4Address
    }

    package struct Cloud: Hashable, Sendable {
        package var name: String
        /// 1…99: what addresses of the cloud are made of.
        package var number: Int
        package var asn: ASN
        /// False for somebody else's: it has its underlay, and neither agent nor place in the federation file.
        package var isFederated = true
        package var northbound = Northbound.lab
        /// How the gateways' VTEPs are reached.
        package var underlay = Underlay.bgp
        /// Of the provider network, 1…4094; nil: it has none (Neutron's type `flat`).
        package var providerVLAN: Int?
        package var gateways: [Gateway]
        /// Nodes without a way out: VMs only, Geneve to the gateways.
        package var computes: [String]
        package var routers: [Router]
        package var networks: [Network]
        package var machines: [Machine]

        /// All nodes, gateways first.
        package var nodes: [String] { gateways.map(\.name) + computes }

        package func network(_ name: String) -> Network? { networks.first { $0.name == name } }
        package func router(_ name: String) -> Router? { routers.first { $0.name == name } }

        /// The tenant that a machine belongs to.
        package func project(of machine: Machine) -> String {
            network(machine.network).flatMap { router($0.router) }?.project ?? ""
        }
    }

    /// Who writes routers, networks and ports into a cloud's northbound database.
    package enum Northbound: String, Hashable, Sendable, CaseIterable {
        /// The lab, as Neutron would, before any node starts.
        case lab
        /// A Neutron outside the lab, and nobody else.
        case neutron
    }

    /// What makes the VTEPs reach each other: the operator's part, before any federation.
    package enum Underlay: String, Hashable, Sendable, CaseIterable {
        /// eBGP with the spine, in the `router bgp` that the agent's EVPN sessions join.
        case bgp
        /// Static routes by way of the spine; FRR runs, and nobody configured it: its bgpd has no `router bgp`.
        case `static`
    }

    package struct Gateway: Hashable, Sendable {
        package var name: String
        package var vtep: IPv4Address
    }

    package struct Router: Hashable, Sendable {
        package var name: String
        /// The tenant's name; its OpenStack id is made from it.
        package var project: String
        /// Neutron's default: sources of IPv4 become the router's own address on the provider network.
        package var snat: Bool
        /// Gateways that may host it, the preferred first.
        package var gateways: [String]
    }

    package struct Network: Hashable, Sendable {
        package var name: String
        package var router: String
        package var subnets: [IPPrefix]
        /// 1…4094: a network of the fabric (Neutron's type `vlan`), whose router answers on the gateway's chassis alone; nil: Geneve.
        package var vlan: Int?
    }

    package struct Machine: Hashable, Sendable {
        package var name: String
        package var network: String
        /// The node that it runs on.
        package var node: String
        package var addresses: [IPAddress]
    }

    package func cloud(_ name: String) -> Cloud? { clouds.first { $0.name == name } }

    /// All machines of a tenant, over all clouds.
    package func machines(of project: String) -> [(cloud: Cloud, machine: Machine)] {
        clouds.flatMap { cloud in cloud.machines.filter { cloud.project(of: $0) == project }.map { (cloud, $0) } }
    }

    package var projects: Set<String> { Set(clouds.flatMap(\.routers).map(\.project)) }
}

/// A place in the lab where commands can be run: `spine`, `mgmt`, `paris/gw1`, `paris/internet`, `paris/blue-1`.
package struct Host: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package static let spine = Host(description: "spine")
    package static let management = Host(description: "mgmt")
    package static func central(_ cloud: String) -> Host { Host(description: "\(cloud)/central") }
    package static func internet(_ cloud: String) -> Host { Host(description: "\(cloud)/internet") }
    package static func fabric(_ cloud: String) -> Host { Host(description: "\(cloud)/fabric") }
    package static func node(_ cloud: String, _ name: String) -> Host { Host(description: "\(cloud)/\(name)") }

    /// The same with `-`: names its namespace (after `fl-`), its folders and its logs.
    package var label: String { description.replacing("/", with: "-") }
    package var namespace: NetworkNamespace { NetworkNamespace(NetworkNamespace.prefix + label) }
}

extension Scenario {
    /// All places, in the order of `fedlab status`.
    package var hosts: [Host] {
        [.management, .spine]
            + clouds.flatMap { cloud in
                [.central(cloud.name), .internet(cloud.name)] + (cloud.nodes.count > 1 ? [.fabric(cloud.name)] : [])
                    + cloud.nodes.map { .node(cloud.name, $0) } + cloud.machines.map { .node(cloud.name, $0.name) }
            }
    }

    package func host(named name: String) -> Host? { hosts.first { $0.description == name } }
}
