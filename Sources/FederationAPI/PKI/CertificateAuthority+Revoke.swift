import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CertificateAuthority {
    /// Adds a certificate to the revocation list. Coordinators that are given the list close its connections as they read it.
    ///
    /// - Parameter path: of the certificate, or of its copy in `issued/`.
    /// - Returns: the certificate; `isRevoked` says that it is, now or already before.
    package func revoke(_ path: String, now: Date = Date()) throws(PKIError) -> IssuedCertificate {
        let text = try SecretFile.read(path)
        let revoked = try Self.wrap(path) { try Certificate(pemEncoded: text) }
        guard certificate.publicKey.isValidSignature(revoked.signature, for: revoked) else {
            throw PKIError(
                reason: "\(path) was not issued by this authority (\(paths.certificate))",
                remedy: "revoke it with the authority that issued it: --certs FOLDER")
        }
        let issued = try IssuedCertificate(revoked, path: path, isRevoked: true)
        try SecretFile.locked(paths.key) { () throws(PKIError) in
            try writeRevocationList(revoking: revoked, now: now)
        }
        return issued
    }

    /// All certificates that were issued, by identity and then by age.
    package func list() throws(PKIError) -> [IssuedCertificate] {
        let revoked = try RevocationList.serials(in: try SecretFile.read(paths.revocationList))
        var result: [IssuedCertificate] = []
        for name in SecretFile.names(in: paths.issued) where name.hasSuffix(".pem") {
            let path = "\(paths.issued)/\(name)"
            let text = try SecretFile.read(path)
            let certificate = try Self.wrap(path) { try Certificate(pemEncoded: text) }
            result.append(try IssuedCertificate(certificate, path: path, isRevoked: revoked.contains(certificate.serialHex)))
        }
        return result.sorted { ($0.identity.description, $0.notBefore, $0.serial) < ($1.identity.description, $1.notBefore, $1.serial) }
    }

    /// Writes the list anew with what it had and a higher number, so that it is valid for another while.
    ///
    /// - Parameters:
    ///   - lifetime: seconds; nil: as long as the list before it.
    ///   - number: the least number of the new list.
    /// - Returns: what is in the new list.
    @discardableResult
    package func refreshRevocationList(now: Date = Date(), lifetime: TimeInterval? = nil, atLeast number: Int64 = 1) throws(PKIError)
        -> RevocationListSummary
    {
        try SecretFile.locked(paths.key) { () throws(PKIError) in
            try writeRevocationList(revoking: nil, now: now, lifetime: lifetime, atLeast: number)
        }
        return try revocationList()
    }

    /// What the list says of itself.
    package func revocationList() throws(PKIError) -> RevocationListSummary {
        try RevocationList.summary(of: try SecretFile.read(paths.revocationList), in: paths.revocationList)
    }

    /// Writes the list anew, with what it had.
    /// - Parameter lifetime: seconds; nil: as long as the list before it, or a week.
    func writeRevocationList(revoking revoked: Certificate?, now: Date, lifetime: TimeInterval? = nil, atLeast number: Int64 = 1)
        throws(PKIError)
    {
        let old = SecretFile.exists(paths.revocationList) ? try SecretFile.read(paths.revocationList) : nil
        let former = try old.map { (pem) throws(PKIError) in
            try RevocationList.summary(of: pem, in: paths.revocationList).lifetime - Lifetime.skew
        }
        let lifetime = lifetime ?? former.flatMap { Lifetime.revocationLists.contains($0) ? $0 : nil } ?? Lifetime.revocationList
        let issuerDER = try Self.der(certificate)
        let keyDER = try Self.wrap("the key") { try key.serializeAsPEM().derBytes }
        let revokedDER = try revoked.map { (certificate) throws(PKIError) in try Self.der(certificate) }
        let list = try RevocationList.make(
            from: old, atLeast: number, revoking: revokedDER, issuer: issuerDER, key: keyDER, now: Int64(now.timeIntervalSince1970),
            lastUpdate: Int64((now - Lifetime.skew).timeIntervalSince1970),
            nextUpdate: Int64(min(now + lifetime, certificate.notValidAfter).timeIntervalSince1970))
        try SecretFile.write(list, to: paths.revocationList, mode: SecretFile.publicMode)
    }

    private static func der(_ certificate: Certificate) throws(PKIError) -> [UInt8] {
        try wrap("the certificate") {
            var serializer = DER.Serializer()
            try serializer.serialize(certificate)
            return serializer.serializedBytes
        }
    }
}
