import FederationModel
import NetworkTypes

/// An object of a graph that can be edited by itself.
package enum GraphObject: Hashable, Sendable, CustomStringConvertible {
    case cloud(CloudName)
    case gateway(GatewayID)
    case vpn(VPNName)

    /// `cloud paris`, `gateway paris/gw1`, `VPN blue`.
    package var description: String {
        switch self {
        case .cloud(let name): "cloud \(name)"
        case .gateway(let id): "gateway \(id)"
        case .vpn(let name): "VPN \(name)"
        }
    }

    /// Whether the graph has it.
    package func isIn(_ graph: FederationGraph) -> Bool {
        switch self {
        case .cloud(let name): graph.clouds[name] != nil
        case .gateway(let id): graph[id] != nil
        case .vpn(let name): graph.vpns[name] != nil
        }
    }

    /// Its path in the file.
    package var keys: [String] {
        switch self {
        case .cloud(let name): ["clouds", name.text]
        case .gateway(let id): ["clouds", id.cloud.text, "gateways", id.node.text]
        case .vpn(let name): ["vpns", name.text]
        }
    }

    /// As arguments of fedctl: `vpn blue`.
    package var words: String {
        switch self {
        case .cloud(let name): "cloud \(name)"
        case .gateway(let id): "gateway \(id)"
        case .vpn(let name): "vpn \(name)"
        }
    }
}
