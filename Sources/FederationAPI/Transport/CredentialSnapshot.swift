import NIOSSL
import SwiftASN1
import X509

/// What the files hold, read and understood: enough for one new connection.
package struct CredentialSnapshot: Sendable {
    /// Ours.
    package let identity: PeerIdentity
    /// Our certificate's serial number, for logs and `fedctl status`.
    package let serialNumber: String
    /// Seconds since 1970 at which our certificate begins and ends.
    package let notBefore: Int64
    package let notAfter: Int64
    let context: NIOSSLContext
    /// With the revocation lists in force.
    package internal(set) var verifier: CertificateVerifier
    /// DER, our own certificate first.
    let chain: [[UInt8]]

    /// - Throws: `CertificateRefusal` that names the file.
    ///
    /// - Parameters:
    ///   - lists: revocation lists that were in force before: of each authority the newest one counts.
    ///   - complaints: of lists that are older than these.
    init(
        files: CredentialFiles, role side: TransportSide, keeping lists: RevocationLists?, complaints: inout [RevocationComplaint]
    ) throws(CertificateRefusal) {
        let certificatePEM = try Self.read(files.certificate)
        let keyPEM = try Self.read(files.key, by: SecretFile.readKey)
        let trustRootsPEM = try Self.read(files.trustRoots)
        var revocationListPEM: String?
        if let path = files.revocationList { revocationListPEM = try Self.read(path) }

        let documents = ((try? PEMDocument.parseMultiple(pemString: certificatePEM)) ?? []).filter { $0.discriminator == "CERTIFICATE" }
        guard let first = documents.first, let leaf = try? Certificate(derEncoded: first.derBytes) else {
            throw CertificateRefusal(
                reason: "\(files.certificate) has no PEM certificate", remedy: "use the .pem written by “fedctl pki issue”")
        }
        do {
            identity = try PeerIdentity(certificate: leaf)
        } catch {
            throw CertificateRefusal(reason: "\(files.certificate): \(error.reason)", remedy: error.remedy)
        }
        guard side.ownRoles.contains(identity.role) else {
            throw CertificateRefusal(
                reason: "\(files.certificate) is the certificate of \(identity), but this side needs one of a \(side.ownRolesInWords)",
                remedy: "use the right certificate and key")
        }
        verifier = try CertificateVerifier(trustRoots: trustRootsPEM, revocationList: revocationListPEM)
            .keeping(lists, complaints: &complaints)
        serialNumber = leaf.serialNumber.description
        notBefore = Int64(leaf.notValidBefore.timeIntervalSince1970)
        notAfter = Int64(leaf.notValidAfter.timeIntervalSince1970)
        chain = documents.map(\.derBytes)
        do {
            context = try NIOSSLContext(configuration: side.configuration(certificatePEM: certificatePEM, keyPEM: keyPEM))
        } catch {
            throw CertificateRefusal(
                reason: "\(files.key) is not the private key of \(files.certificate)",
                remedy: "use the .key written together with the certificate")
        }
    }

    private static func read(
        _ path: String, by reader: (String) throws(PKIError) -> String = SecretFile.read
    ) throws(CertificateRefusal) -> String {
        do {
            return try reader(path)
        } catch {
            throw CertificateRefusal(reason: error.reason, remedy: error.remedy)
        }
    }
}
