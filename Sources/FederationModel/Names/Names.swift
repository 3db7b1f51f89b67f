import NetworkTypes

/// A name that an admin gives to an object of the federation: 1…63 letters, digits, `-`, `_` and `.`,
/// beginning with a letter or digit. It is used unchanged in certificates, file names and OVN keys.
package protocol FederationName: TextualValue, Comparable {
    /// The kind of name, for errors: `cloud name`.
    static var kind: String { get }
    var text: String { get }
    init(unchecked text: String)
}

extension FederationName {
    package init(parsing text: some StringProtocol) throws(ParseError) {
        let bytes = Array(text.utf8)
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        }
        guard (1...63).contains(bytes.count), isAlphanumeric(bytes[0]),
            bytes.allSatisfy({ isAlphanumeric($0) || $0 == 0x2d || $0 == 0x2e || $0 == 0x5f })
        else {
            throw ParseError(
                expected: Self.kind, value: String(text),
                reason: "must be 1–63 letters, digits, “-”, “_” or “.”, beginning with a letter or digit",
                remedy: "choose another name")
        }
        self.init(unchecked: String(text))
    }

    package var description: String { text }
    package static func < (a: Self, b: Self) -> Bool { a.text < b.text }
}

/// The name of a whole federation; the trust domain of its certificates.
package struct FederationID: FederationName {
    package static let kind = "federation name"
    package let text: String
    package init(unchecked text: String) { self.text = text }
}

package struct CloudName: FederationName {
    package static let kind = "cloud name"
    package let text: String
    package init(unchecked text: String) { self.text = text }
}

/// The name of a gateway node inside its cloud, as its operator calls it (often the host name).
package struct NodeName: FederationName {
    package static let kind = "gateway name"
    package let text: String
    package init(unchecked text: String) { self.text = text }
}

package struct VPNName: FederationName {
    package static let kind = "VPN name"
    package let text: String
    package init(unchecked text: String) { self.text = text }
}

/// One gateway of the federation; written `paris/gw1`.
package struct GatewayID: TextualValue, Comparable {
    package let cloud: CloudName
    package let node: NodeName

    package init(parsing text: some StringProtocol) throws(ParseError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw ParseError(
                expected: "gateway", value: String(text), reason: "must be two names separated by one slash",
                remedy: "write it like paris/gw1")
        }
        self.init(cloud: try CloudName(parsing: parts[0]), node: try NodeName(parsing: parts[1]))
    }

    package init(cloud: CloudName, node: NodeName) {
        self.cloud = cloud
        self.node = node
    }

    package var description: String { "\(cloud)/\(node)" }
    /// The path of one of its keys in the federation file: `clouds.paris.gateways.gw1.vtep`.
    package func path(_ key: String) -> String { "clouds.\(cloud).gateways.\(node).\(key)" }
    package static func < (a: Self, b: Self) -> Bool { (a.cloud, a.node) < (b.cloud, b.node) }
}
