import FederationModel
import NetworkTypes

/// The addresses that the federation itself has, as far as the file says them: what no tenant's prefix should be.
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

    /// The first that lies in a prefix, and whose it is.
    func first(in prefix: IPPrefix) -> (address: IPAddress, owner: String)? {
        owners.first { prefix.contains($0.address) }
    }
}
