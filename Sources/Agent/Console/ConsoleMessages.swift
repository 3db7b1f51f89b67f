import FederationModel
import Foundation
import NetworkTypes

/// What is asked of the running agent on its node, without the coordinator: one JSON object on one line, answered by one.
package enum ConsoleRequest: Hashable, Sendable, Codable {
    case status
    /// Why a VPN's prefixes, or this one, are or are not advertised and reached.
    case explain(vpn: VPNName, prefix: IPPrefix?)
}

package enum ConsoleReply: Hashable, Sendable, Codable {
    case status(NodeStatus)
    case explanation(RouteExplanation)
    /// What is wrong with the question, and what to do.
    case refused(String)
}

/// The form on the wire: a line of JSON, at most so many bytes.
enum ConsoleLine {
    static let longestRequest = 4096
    /// A gateway with tens of thousands of prefixes tells them all.
    static let longestReply = 64 << 20

    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value)) + [0x0a]
    }

    static func decode<Value: Decodable>(_ bytes: some Sequence<UInt8>, as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}

/// Where the agent listens: a socket that only root and the agent's user may speak to.
package enum ConsolePath {
    package static let directory = "/run/ovn-federation"

    package static func socket(in directory: String) -> String { "\(directory)/agent.sock" }
}
