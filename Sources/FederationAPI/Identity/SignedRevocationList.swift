import COpenSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A revocation list whose signature was verified with a trust root.
package struct SignedRevocationList: Hashable, Sendable {
    /// SHA-256 of the authority's public key, hexadecimal: a new authority may bear the old one's name.
    package let authority: String
    /// For people: the last part of the authority's name.
    package let name: String
    package let number: RevocationListNumber
    /// Seconds since 1970.
    package let thisUpdate: Int64
    package let nextUpdate: Int64
    package let der: [UInt8]

    /// - Parameter roots: DER.
    /// - Returns: nil where none of the roots signed it, or it does not say until when it is valid.
    init?(_ der: [UInt8], signedBy roots: [[UInt8]]) {
        guard let list = CertificateVerifier.revocationList(der) else { return nil }
        defer {
            X509_CRL_free(list)
            ERR_clear_error()
        }
        guard let facts = Facts(list) else { return nil }
        for bytes in roots {
            guard let root = CertificateVerifier.certificate(bytes) else { continue }
            defer { X509_free(root) }
            guard X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(root)) == 0, let key = X509_get0_pubkey(root),
                X509_CRL_verify(list, key) == 1, let digest = Self.keyDigest(root)
            else { continue }
            authority = digest
            name = Self.commonName(root)
            number = facts.number
            thisUpdate = facts.thisUpdate
            nextUpdate = facts.nextUpdate
            self.der = der
            return
        }
        return nil
    }

    /// What is read from a list, whoever signed it.
    struct Facts {
        let number: RevocationListNumber
        let thisUpdate: Int64
        let nextUpdate: Int64

        init?(_ list: OpaquePointer) {
            guard let from = Self.seconds(X509_CRL_get0_lastUpdate(list)), let until = Self.seconds(X509_CRL_get0_nextUpdate(list)) else {
                return nil
            }
            thisUpdate = from
            nextUpdate = until
            guard let raw = X509_CRL_get_ext_d2i(list, NID_crl_number, nil, nil) else {
                // Lists without a number are told apart by their time.
                number = RevocationListNumber(bytes: [])
                return
            }
            let integer = raw.assumingMemoryBound(to: ASN1_INTEGER.self)
            defer { ASN1_INTEGER_free(integer) }
            number = RevocationListNumber(
                bytes: UnsafeBufferPointer(start: ASN1_STRING_get0_data(integer), count: Int(ASN1_STRING_length(integer))))
        }

        static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
            var parts = tm()
            guard let time, ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
            return Int64(timegm(&parts))
        }
    }

    private static func keyDigest(_ certificate: OpaquePointer) -> String? {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard X509_pubkey_digest(certificate, EVP_sha256(), &digest, &length) == 1 else { return nil }
        return digest.prefix(Int(length)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func commonName(_ certificate: OpaquePointer) -> String {
        var text = [CChar](repeating: 0, count: 65)
        guard X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, &text, Int32(text.count)) > 0 else {
            return "?"
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
