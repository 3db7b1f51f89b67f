import NIOSSL

/// Our certificate and the authority that we trust, for `ssl:` remotes. Files of PEM, read anew for each connection,
/// so that a renewed certificate is used without a restart.
package struct OVSDBTLS: Hashable, Sendable {
    package let certificateFile: String
    package let privateKeyFile: String
    package let trustRootsFile: String

    package init(certificateFile: String, privateKeyFile: String, trustRootsFile: String) {
        self.certificateFile = certificateFile
        self.privateKeyFile = privateKeyFile
        self.trustRootsFile = trustRootsFile
    }

    /// TLS 1.2 is the floor, because that is the most that ovsdb-server with an OpenSSL before 1.1.1 speaks. Host names are not
    /// compared: the certificates of ovs-pki(8) name a role, and OVS itself checks the chain only.
    func context() throws(OVSDBError) -> NIOSSLContext {
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.minimumTLSVersion = .tlsv12
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .file(trustRootsFile)
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificateFile).map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: privateKeyFile, format: .pem))
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .credentials("\(error) with \(certificateFile), \(privateKeyFile), \(trustRootsFile)")
        }
    }
}
