import FederationModel
import NetworkTypes

/// Addresses of the network itself. A tenant's packet to one of this node's would end here, whatever VRF it is in: the kernel looks into its
/// `local` table first.
struct ReservedAddresses {
    private let local: Set<IPAddress>
    /// Of gateways, each with whose it is.
    private var vteps: [IPAddress: String]

    /// - Parameter local: this node's.
    init(_ intent: GatewayIntent, local: Set<IPAddress>) {
        self.local = local.union([.v4(intent.base.vtep)])
        vteps = [:]
        for origin in intent.vpns.values.lazy.flatMap(\.origins) { vteps[.v4(origin.vtep)] = origin.owner }
    }

    /// Why traffic is not sent to a destination; nil: it is.
    func reason(against destination: IPPrefix) -> String? {
        guard destination.isHost else { return nil }
        if local.contains(destination.address) { return "is an address of this node" }
        return vteps[destination.address].map { "is the VTEP of a gateway of \($0)" }
    }

    /// This node's, as hosts.
    var hosts: Set<IPPrefix> { Set(local.map(IPPrefix.init(host:))) }
}
