import FederationModel
import NetworkTypes

/// The federation's own addresses in the file. Tenants' prefixes must not contain them.
struct FederationAddresses {
    private var owners: [(address: IPAddress, owner: String)] = []

    init(_ clouds: [CloudName: Cloud]) {
        for (name, cloud) in clouds.sorted(by: { $0.key < $1.key }) {
            for (node, gateway) in cloud.gateways.sorted(by: { $0.key < $1.key }) {
                if let vtep = gateway.vtep { owners.append((vtep, "VTEP of \(name)/\(node)")) }
                if let probe = gateway.probeAddress { owners.append((.v4(probe), "probe address of \(name)/\(node)")) }
            }
            for server in cloud.bgp.routeServers { owners.append((server.address, "route server of \(name)")) }
        }
    }

    /// The first one inside a prefix, with its owner.
    func first(in prefix: IPPrefix) -> (address: IPAddress, owner: String)? {
        owners.first { prefix.contains($0.address) }
    }
}
