import NIOSSL

/// The two ends of a connection, and what TLS is at each.
package enum TransportSide: Sendable {
    /// The coordinator listens.
    case server
    /// Gateways and admins connect.
    case client

    var ownRoles: Set<PeerRole> { self == .server ? [.coordinator] : [.gateway, .admin, .reader] }
    var peerRoles: Set<PeerRole> { self == .server ? [.gateway, .admin, .reader] : [.coordinator] }
    var ownRolesInWords: String { self == .server ? "coordinator" : "gateway, admin or reader" }
    var peerPurpose: CertificateVerifier.Purpose { self == .server ? .client : .server }

    /// TLS 1.3 and nothing older, certificates on both sides. The verification that is asked for here is replaced by
    /// ours in the handler; it must be on, or no peer would have to show a certificate at all.
    func configuration(certificatePEM: String, keyPEM: String) throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificatePEM.utf8)).map { NIOSSLCertificateSource.certificate($0) }
        let key = NIOSSLPrivateKeySource.privateKey(try NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem))
        var configuration: TLSConfiguration
        switch self {
        case .server:
            configuration = .makeServerConfiguration(certificateChain: chain, privateKey: key)
            configuration.certificateVerification = .noHostnameVerification
        case .client:
            configuration = .makeClientConfiguration()
            configuration.certificateChain = chain
            configuration.privateKey = key
            // Our peers are named by the URI in their certificate, not by the host name that they are reached by.
            configuration.certificateVerification = .noHostnameVerification
        }
        configuration.minimumTLSVersion = .tlsv13
        configuration.maximumTLSVersion = .tlsv13
        configuration.trustRoots = .certificates([])
        configuration.applicationProtocols = ["h2"]
        configuration.shutdownTimeout = .seconds(1)
        return configuration
    }
}
