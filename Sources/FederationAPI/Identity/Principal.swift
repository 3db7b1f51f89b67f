import FederationModel
import NetworkTypes
import X509

/// Who acts on the federation, and by which certificate. It is what the audit names.
package struct Principal: Hashable, Sendable {
    package enum Identity: Hashable, Sendable {
        case admin(AdminName)
        case agent(GatewayID)
        /// What the coordinator does by itself.
        case coordinator
    }

    package let identity: Identity
    /// The serial number of the certificate that the identity was authenticated by, in hex as `fedctl pki list` prints it. Nil where no
    /// connection was: the coordinator itself, and what was written down before serial numbers were.
    package let certificate: String?

    package init(_ identity: Identity, certificate: String? = nil) {
        self.identity = identity
        self.certificate = certificate
    }

    /// What the coordinator does by itself.
    package static let coordinator = Principal(.coordinator)

    /// The admin that a verified certificate names.
    init(_ name: AdminName, _ certificate: Certificate) { self.init(.admin(name), certificate: certificate.serialHex) }
}

/// `ada`, `paris/gw1`, `(coordinator)`: no name has a slash or a bracket, so that none reads like another kind's.
extension Principal: CustomStringConvertible {
    /// Reads exactly what `description` writes.
    package init(parsing text: some StringProtocol, certificate: String? = nil) throws(ParseError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if text == "(coordinator)" {
            self.init(.coordinator, certificate: certificate)
        } else if parts.count == 2 {
            let gateway = GatewayID(cloud: try CloudName(parsing: parts[0]), node: try NodeName(parsing: parts[1]))
            self.init(.agent(gateway), certificate: certificate)
        } else {
            self.init(.admin(try AdminName(parsing: text)), certificate: certificate)
        }
    }

    package var description: String {
        switch identity {
        case .admin(let name): name.text
        case .agent(let gateway): gateway.description
        case .coordinator: "(coordinator)"
        }
    }
}

extension Principal: Codable {
    private enum CodingKeys: CodingKey { case name, certificate }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            parsing: try container.decode(String.self, forKey: .name),
            certificate: try container.decodeIfPresent(String.self, forKey: .certificate))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(description, forKey: .name)
        try container.encodeIfPresent(certificate, forKey: .certificate)
    }
}
