import Crypto
import FederationModel
import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A certificate authority in a folder, for development and small federations; certs/README.md describes the files.
///
/// Its root may vouch for names of its own federation only (name constraint), so that it harms no other one if it is lost.
package struct CertificateAuthority: Sendable {
    package let folder: String
    package let federation: FederationID
    let certificate: Certificate
    let key: Certificate.PrivateKey

    /// How long things are valid, in seconds.
    package enum Lifetime {
        package static let authority: TimeInterval = 10 * 365 * 86400
        package static let certificate: TimeInterval = 365 * 86400
        /// Short, so that who holds back a newer list gains days and not years: a list that ended lets nobody in.
        package static let revocationList: TimeInterval = 7 * 86400
        package static let revocationLists: ClosedRange<TimeInterval> = 3600...(400 * 86400)
        /// Clocks of other machines may be behind by so much.
        package static let skew: TimeInterval = 300
    }

    /// Makes a new authority with an empty revocation list.
    /// - Throws: `PKIError` also where the folder has one: it is never overwritten.
    ///
    /// - Parameter revocationListLifetime: seconds that the list is valid, and those that follow it.
    package static func create(
        in folder: String, federation: FederationID, now: Date = Date(), revocationListLifetime: TimeInterval = Lifetime.revocationList
    ) throws(PKIError) -> CertificateAuthority {
        let paths = AuthorityPaths(folder: folder)
        guard !SecretFile.exists(paths.certificate), !SecretFile.exists(paths.key) else {
            throw PKIError(
                reason: "\(folder) already has an authority",
                remedy: "use it (“fedctl pki issue”), give another folder with --certs, or move the old one away")
        }
        try SecretFile.makeFolder(paths.issued)
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let certificate = try Self.wrap("the authority's certificate") {
            let name = try DistinguishedName {
                OrganizationName("ovn-federation")
                CommonName(federation.text)
            }
            return try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
                notValidBefore: now - Lifetime.skew, notValidAfter: now + Lifetime.authority, issuer: name, subject: name,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                    Critical(NameConstraints(permittedURIDomains: [federation.text]))
                    SubjectKeyIdentifier(hash: key.publicKey)
                    SubjectAlternativeNames([.uniformResourceIdentifier("spiffe://\(federation)")])
                }, issuerPrivateKey: key)
        }
        let authority = CertificateAuthority(folder: folder, federation: federation, certificate: certificate, key: key)
        try SecretFile.write(try Self.pem(key), to: paths.key, mode: SecretFile.privateMode)
        try SecretFile.write(try Self.pem(certificate), to: paths.certificate, mode: SecretFile.publicMode)
        try authority.writeRevocationList(revoking: nil, now: now, lifetime: revocationListLifetime)
        return authority
    }

    /// Opens the authority of a folder.
    package init(in folder: String) throws(PKIError) {
        let paths = AuthorityPaths(folder: folder)
        guard SecretFile.exists(paths.certificate) else {
            throw PKIError(
                reason: "\(folder) has no authority (\(paths.certificate) is missing)",
                remedy: "create one: fedctl pki init --federation NAME")
        }
        let certificatePEM = try SecretFile.read(paths.certificate)
        let keyPEM = try SecretFile.readKey(paths.key)
        self.folder = folder
        certificate = try Self.wrap(paths.certificate) { try Certificate(pemEncoded: certificatePEM) }
        key = try Self.wrap(paths.key) { try Certificate.PrivateKey(pemEncoded: keyPEM) }
        var names: [String] = []
        for case .uniformResourceIdentifier(let uri) in (try? certificate.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames() {
            names.append(uri)
        }
        guard key.publicKey == certificate.publicKey else {
            throw PKIError(
                reason: "\(paths.key) does not belong to \(paths.certificate)", remedy: "put the two files of one “fedctl pki init” there")
        }
        guard names.count == 1, names[0].hasPrefix("spiffe://"), let federation = FederationID(String(names[0].dropFirst(9))) else {
            throw PKIError(
                reason: "\(paths.certificate) is not the authority of a federation", remedy: "create one: fedctl pki init --federation NAME"
            )
        }
        self.federation = federation
    }

    private init(folder: String, federation: FederationID, certificate: Certificate, key: Certificate.PrivateKey) {
        self.folder = folder
        self.federation = federation
        self.certificate = certificate
        self.key = key
    }

    var paths: AuthorityPaths { AuthorityPaths(folder: folder) }

    static func pem(_ certificate: Certificate) throws(PKIError) -> String {
        try wrap("the certificate") { try certificate.serializeAsPEM().pemString + "\n" }
    }

    static func pem(_ key: Certificate.PrivateKey) throws(PKIError) -> String {
        try wrap("the key") { try key.serializeAsPEM().pemString + "\n" }
    }

    /// The libraries' errors say what is wrong with bytes; ours say with which file.
    static func wrap<T>(_ what: String, _ body: () throws -> T) throws(PKIError) -> T {
        do {
            return try body()
        } catch let error as PKIError {
            throw error
        } catch {
            throw PKIError(
                reason: "cannot read or create \(what): \(error)", remedy: "restore it from a backup, or start again in another folder")
        }
    }
}

/// Where the authority keeps what.
package struct AuthorityPaths: Hashable, Sendable {
    package let folder: String

    package init(folder: String) { self.folder = folder }

    package var certificate: String { folder + "/ca.pem" }
    package var key: String { folder + "/ca.key" }
    package var revocationList: String { folder + "/crl.pem" }
    /// A copy of every certificate that was ever issued, by serial number: a lost certificate can still be revoked.
    package var issued: String { folder + "/issued" }
}
