import FederationModel
import NetworkTypes

/// Addresses of the network itself. A tenant's packet to one of this node's would end here, whatever VRF it is in: the kernel looks into its
/// `local` table first.
struct ReservedAddresses {
    private let local: Set<IPAddress>
    /// Of gateways, each with what it is.
    private var others: [IPAddress: String]

    /// - Parameter local: this node's.
    init(_ intent: GatewayIntent, local: Set<IPAddress>) {
        let probes = AddressFamily.allCases.map { ProbeWays.address(intent.base.probeAddress, $0) }
        self.local = local.union([.v4(intent.base.vtep)]).union(probes)
        others = [:]
        for origin in intent.vpns.values.lazy.flatMap(\.origins) {
            others[.v4(origin.vtep)] = "is the VTEP of a gateway of \(origin.owner)"
            guard let probe = origin.probeAddress else { continue }
            for family in AddressFamily.allCases {
                others[ProbeWays.address(probe, family)] = "is the probe address of a gateway of \(origin.owner)"
                others[ProbeWays.turningAddress(probe, family)] = "is for probes through the router of a gateway of \(origin.owner)"
            }
        }
        for family in AddressFamily.allCases {
            others[ProbeWays.turningAddress(intent.base.probeAddress, family)] = "is for probes through a router of this node"
        }
    }

    /// Why traffic is not sent to a destination; nil: it is.
    func reason(against destination: IPPrefix) -> String? {
        guard destination.isHost else { return nil }
        if local.contains(destination.address) { return "is an address of this node" }
        return others[destination.address]
    }

    /// This node's, as hosts.
    var hosts: Set<IPPrefix> { Set(local.map(IPPrefix.init(host:))) }
}
