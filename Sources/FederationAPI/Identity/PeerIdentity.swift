import FederationModel
import NetworkTypes
import X509

/// The name of a person or tool that may change the federation.
package struct AdminName: FederationName {
    package static let kind = "admin name"
    package let text: String
    package init(unchecked text: String) { self.text = text }
}

/// Who the other end is, as its certificate says in its one URI name (the form of SPIFFE; the federation is the trust domain).
package enum PeerIdentity: TextualValue {
    /// `spiffe://FEDERATION/cloud/CLOUD/gateway/NODE`
    case gateway(FederationID, GatewayID)
    /// `spiffe://FEDERATION/admin/NAME`
    case admin(FederationID, AdminName)
    /// `spiffe://FEDERATION/cloud/CLOUD/reader`: reads what concerns that cloud, and changes nothing.
    case reader(FederationID, CloudName)
    /// `spiffe://FEDERATION/coordinator`
    case coordinator(FederationID)

    /// Reads exactly what `description` writes: no port, no query, no escapes, no empty parts.
    package init(parsing text: some StringProtocol) throws(ParseError) {
        func refusal(_ reason: String) -> ParseError {
            ParseError(
                expected: "identity", value: String(text), reason: reason,
                remedy:
                    "issue the certificate with “fedctl pki issue coordinator”, “… gateway CLOUD/NODE”, “… admin NAME” or “… reader CLOUD”")
        }
        let scheme = "spiffe://"
        guard text.hasPrefix(scheme) else { throw refusal("must begin with \(scheme)") }
        let parts = text.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        guard let domain = parts.first else { throw refusal("the federation is missing") }
        let federation = try FederationID(parsing: domain)
        switch parts.count {
        case 2 where parts[1] == "coordinator":
            self = .coordinator(federation)
        case 3 where parts[1] == "admin":
            self = .admin(federation, try AdminName(parsing: parts[2]))
        case 4 where parts[1] == "cloud" && parts[3] == "reader":
            self = .reader(federation, try CloudName(parsing: parts[2]))
        case 5 where parts[1] == "cloud" && parts[3] == "gateway":
            let gateway = GatewayID(cloud: try CloudName(parsing: parts[2]), node: try NodeName(parsing: parts[4]))
            self = .gateway(federation, gateway)
        default:
            throw refusal("must name a coordinator, a gateway, an admin or a reader")
        }
    }

    /// The URI name of a certificate.
    ///
    /// A certificate with two of them could be one peer to us and another to somebody else: it is refused.
    package init(certificate: Certificate) throws(ParseError) {
        let names = try? certificate.extensions.subjectAlternativeNames
        var uris: [String] = []
        for case .uniformResourceIdentifier(let uri) in names ?? SubjectAlternativeNames() { uris.append(uri) }
        guard uris.count == 1 else {
            throw ParseError(
                expected: "certificate of this federation", value: certificate.subject.description,
                reason: "must have one URI name, has \(uris.count)",
                remedy: "issue it with “fedctl pki issue”")
        }
        try self.init(parsing: uris[0])
    }

    package var federation: FederationID {
        switch self {
        case .gateway(let federation, _), .admin(let federation, _), .reader(let federation, _), .coordinator(let federation): federation
        }
    }

    package var role: PeerRole {
        switch self {
        case .gateway: .gateway
        case .admin: .admin
        case .reader: .reader
        case .coordinator: .coordinator
        }
    }

    package var description: String {
        switch self {
        case .gateway(let federation, let gateway): "spiffe://\(federation)/cloud/\(gateway.cloud)/gateway/\(gateway.node)"
        case .admin(let federation, let name): "spiffe://\(federation)/admin/\(name)"
        case .reader(let federation, let cloud): "spiffe://\(federation)/cloud/\(cloud)/reader"
        case .coordinator(let federation): "spiffe://\(federation)/coordinator"
        }
    }
}

/// What kinds of peers there are.
package enum PeerRole: String, Hashable, Sendable, CaseIterable {
    case gateway, admin, reader, coordinator
}
