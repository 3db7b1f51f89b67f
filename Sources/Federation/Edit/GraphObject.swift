import NetworkTypes

/// One thing of a graph that can be edited by itself.
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

    package func isIn(_ graph: FederationGraph) -> Bool {
        switch self {
        case .cloud(let name): graph.clouds[name] != nil
        case .gateway(let id): graph[id] != nil
        case .vpn(let name): graph.vpns[name] != nil
        }
    }

    /// Where it stands in the file.
    var keys: [String] {
        switch self {
        case .cloud(let name): ["clouds", name.text]
        case .gateway(let id): ["clouds", id.cloud.text, "gateways", id.node.text]
        case .vpn(let name): ["vpns", name.text]
        }
    }
}

/// `KEY=VALUE`, in the words of the file: `policy=hub-and-spoke`, `limits.prefixes=1000`, `labels.tier=gold`,
/// `anycast=[10.53.0.53/32]`. Without value the key is taken out.
package struct Assignment: TextualValue {
    package let keys: [String]
    /// YAML; empty: the key is taken out.
    package let value: String

    package init(parsing text: some StringProtocol) throws(ParseError) {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw ParseError(
                expected: "setting", value: String(text), reason: "it is not of the form KEY=VALUE",
                remedy: "write it like policy=full-mesh; KEY= without value takes the key out")
        }
        var keys = text[..<equals].split(separator: "." as Character, omittingEmptySubsequences: false).map { String($0) }
        // Keys of labels have dots of their own.
        if keys[0] == "labels", keys.count > 2 { keys = ["labels", keys.dropFirst().joined(separator: ".")] }
        guard keys.allSatisfy({ !$0.isEmpty }) else {
            throw ParseError(
                expected: "setting", value: String(text), reason: "a part of its key is empty", remedy: "write it like limits.prefixes=1000"
            )
        }
        self.keys = keys
        value = String(text[text.index(after: equals)...])
    }

    package var description: String { "\(keys.joined(separator: "."))=\(value)" }
}
