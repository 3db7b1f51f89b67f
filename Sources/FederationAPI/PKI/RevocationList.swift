import COpenSSL
import SwiftASN1

/// Certificate revocation lists (RFC 5280, section 5), by OpenSSL: the engine that will judge by them writes them.
enum RevocationList {
    /// A new list with the entries of the old one and one more.
    ///
    /// - Parameters:
    ///   - old: PEM; nil for the first list.
    ///   - least: of its number.
    ///   - revoked: DER of the certificate to add; nil to add none. One that is in the old list already is not added again.
    ///   - issuer: DER.
    ///   - key: DER (PKCS #8).
    ///   - now, lastUpdate, nextUpdate: seconds since 1970.
    /// - Returns: PEM.
    static func make(
        from old: String?, atLeast least: Int64, revoking revoked: [UInt8]?, issuer: [UInt8], key: [UInt8], now: Int64, lastUpdate: Int64,
        nextUpdate: Int64
    ) throws(PKIError) -> String {
        guard let list = X509_CRL_new(), let issuer = CertificateVerifier.certificate(issuer),
            let key = CertificateVerifier.read(key, { d2i_AutoPrivateKey(nil, &$0, $1) })
        else { throw failure("OpenSSL cannot read the authority") }
        defer {
            X509_CRL_free(list)
            X509_free(issuer)
            EVP_PKEY_free(key)
        }
        var number = least
        // Version 2 (RFC 5280, section 5.1.2.1), which is written as 1.
        guard X509_CRL_set_version(list, 1) == 1, X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer)) == 1 else {
            throw failure("OpenSSL cannot begin a list")
        }
        if let old {
            let previous = try read(old)
            defer { X509_CRL_free(previous) }
            number = max(least, self.number(of: previous) + 1)
            let entries = X509_CRL_get_REVOKED(previous)
            for index in 0..<fed_revoked_count(entries) {
                guard let entry = X509_REVOKED_dup(fed_revoked_at(entries, index)), X509_CRL_add0_revoked(list, entry) == 1 else {
                    throw failure("OpenSSL cannot copy an entry")
                }
            }
        }
        try setTime(lastUpdate) { X509_CRL_set1_lastUpdate(list, $0) }
        try setTime(nextUpdate) { X509_CRL_set1_nextUpdate(list, $0) }
        if let revoked { try add(revoked, to: list, now: now) }
        try setNumber(number, of: list)
        guard fed_add_authority_key(list, issuer) == 1, X509_CRL_sort(list) == 1, X509_CRL_sign(list, key, EVP_sha256()) > 0 else {
            throw failure("OpenSSL cannot sign the list")
        }
        return PEMDocument(type: "X509 CRL", derBytes: try encode(list)).pemString + "\n"
    }

    /// Serial numbers of what a list revokes: lower case hexadecimal, two digits per byte.
    static func serials(in pem: String) throws(PKIError) -> Set<String> {
        let list = try read(pem)
        defer { X509_CRL_free(list) }
        let entries = X509_CRL_get_REVOKED(list)
        var serials: Set<String> = []
        for index in 0..<fed_revoked_count(entries) {
            guard let serial = X509_REVOKED_get0_serialNumber(fed_revoked_at(entries, index)) else { continue }
            let bytes = UnsafeBufferPointer(start: ASN1_STRING_get0_data(serial), count: Int(ASN1_STRING_length(serial)))
            serials.insert(hexadecimal(bytes))
        }
        return serials
    }

    /// What a list says of itself.
    /// - Parameter path: where it is from, for errors.
    static func summary(of pem: String, in path: String) throws(PKIError) -> RevocationListSummary {
        let list = try read(pem)
        defer { X509_CRL_free(list) }
        guard let facts = SignedRevocationList.Facts(list) else {
            throw PKIError(reason: "\(path) has no expiry time", remedy: "renew it: fedctl pki crl --refresh")
        }
        return RevocationListSummary(
            number: facts.number, from: facts.thisUpdate, until: facts.nextUpdate,
            revoked: Int(fed_revoked_count(X509_CRL_get_REVOKED(list))))
    }

    private static func add(_ certificate: [UInt8], to list: OpaquePointer, now: Int64) throws(PKIError) {
        guard let certificate = CertificateVerifier.certificate(certificate) else { throw failure("OpenSSL cannot read the certificate") }
        defer { X509_free(certificate) }
        var present: OpaquePointer?
        if X509_CRL_get0_by_cert(list, &present, certificate) == 1 { return }
        guard let entry = X509_REVOKED_new() else { throw failure("OpenSSL has no memory") }
        guard X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(certificate)) == 1 else {
            X509_REVOKED_free(entry)
            throw failure("OpenSSL cannot note the serial number")
        }
        do throws(PKIError) {
            try setTime(now) { X509_REVOKED_set_revocationDate(entry, $0) }
        } catch {
            X509_REVOKED_free(entry)
            throw error
        }
        guard X509_CRL_add0_revoked(list, entry) == 1 else {
            X509_REVOKED_free(entry)
            throw failure("OpenSSL cannot add an entry")
        }
    }

    private static func setTime(_ seconds: Int64, _ body: (UnsafeMutablePointer<ASN1_TIME>?) -> Int32) throws(PKIError) {
        guard let time = ASN1_TIME_set(nil, time_t(seconds)) else { throw failure("OpenSSL cannot write a time") }
        defer { ASN1_TIME_free(time) }
        guard body(time) == 1 else { throw failure("OpenSSL cannot write a time") }
    }

    /// Rises with each list, so that an older one can be told (RFC 5280, section 5.2.3).
    private static func number(of list: OpaquePointer) -> Int64 {
        guard let raw = X509_CRL_get_ext_d2i(list, NID_crl_number, nil, nil) else { return 0 }
        let integer = raw.assumingMemoryBound(to: ASN1_INTEGER.self)
        defer { ASN1_INTEGER_free(integer) }
        var number: Int64 = 0
        return ASN1_INTEGER_get_int64(&number, integer) == 1 ? number : 0
    }

    private static func setNumber(_ number: Int64, of list: OpaquePointer) throws(PKIError) {
        guard let integer = ASN1_INTEGER_new() else { throw failure("OpenSSL has no memory") }
        defer { ASN1_INTEGER_free(integer) }
        guard ASN1_INTEGER_set_int64(integer, number) == 1, X509_CRL_add1_ext_i2d(list, NID_crl_number, integer, 0, 0) == 1 else {
            throw failure("OpenSSL cannot number the list")
        }
    }

    private static func encode(_ list: OpaquePointer) throws(PKIError) -> [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509_CRL(list, &bytes)
        guard count > 0, let bytes else { throw failure("OpenSSL cannot encode the list") }
        defer { CRYPTO_free(bytes, #file, #line) }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }

    private static func read(_ pem: String) throws(PKIError) -> OpaquePointer {
        guard let document = try? PEMDocument(pemString: pem), let list = CertificateVerifier.revocationList(document.derBytes) else {
            throw PKIError(
                reason: "crl.pem is not a revocation list",
                remedy: "restore it from a backup; without it, revoked certificates would be valid again")
        }
        return list
    }

    private static func failure(_ reason: String) -> PKIError {
        ERR_clear_error()
        return PKIError(reason: reason, remedy: "check that ca.pem and ca.key are from the same “fedctl pki init”")
    }
}
