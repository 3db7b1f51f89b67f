import COpenSSL
import SwiftASN1

/// Decides whether a peer's certificate is good, by OpenSSL's X.509 engine: chain, validity, purpose, name constraints
/// and revocation in one place (BoringSSL and swift-certificates look at no revocation list).
///
/// It is a value: the lists are read again for each verification (about 0.1 ms), so nothing is shared between threads.
package struct CertificateVerifier: Hashable, Sendable {
    /// What the peer uses its certificate for (extended key usage, RFC 5280, section 4.2.1.12).
    package enum Purpose: String, Sendable {
        case client = "ssl_client"
        case server = "ssl_server"
    }

    /// DER.
    let roots: [[UInt8]]
    /// Nil where revocation is not asked for.
    package let revocationLists: RevocationLists?

    /// - Parameters:
    ///   - trustRoots: PEM with one certificate or more.
    ///   - revocationList: PEM with one list or more, each signed by one of the roots. If given, every certificate must be covered by one.
    package init(trustRoots: String, revocationList: String?) throws(CertificateRefusal) {
        let roots = try Self.documents(trustRoots, type: "CERTIFICATE", "the trust roots")
        var lists: RevocationLists?
        if let revocationList {
            lists = try RevocationLists(Self.documents(revocationList, type: "X509 CRL", "the revocation list"), signedBy: roots)
        }
        try self.init(roots: roots, revocationLists: lists)
    }

    init(roots: [[UInt8]], revocationLists: RevocationLists?) throws(CertificateRefusal) {
        self.roots = roots
        self.revocationLists = revocationLists
        // What OpenSSL cannot read is found now and not at the first peer.
        X509_STORE_free(try store())
    }

    /// - Parameters:
    ///   - chain: DER, as the peer sent it: its own certificate first.
    ///   - time: seconds since 1970.
    package func verify(_ chain: [[UInt8]], as purpose: Purpose, at time: Int64) throws(CertificateRefusal) {
        let code = try verdict(chain, as: purpose, at: time)
        guard code == X509_V_OK else { throw Self.refusal(code) }
    }

    /// Whether a client's certificate is refused for the reason that it was revoked, and for no other.
    func isRevoked(_ chain: [[UInt8]], at time: Int64) -> Bool {
        (try? verdict(chain, as: .client, at: time)) == X509_V_ERR_CERT_REVOKED
    }

    /// OpenSSL's verdict (X509_STORE_CTX_get_error(3)).
    private func verdict(_ chain: [[UInt8]], as purpose: Purpose, at time: Int64) throws(CertificateRefusal) -> Int32 {
        guard let first = chain.first, let leaf = Self.certificate(first) else {
            throw CertificateRefusal(reason: "cannot read the certificate", remedy: "issue it again")
        }
        defer { X509_free(leaf) }
        let store = try store()
        defer { X509_STORE_free(store) }
        guard let others = fed_certificates_new(), let context = X509_STORE_CTX_new() else { throw Self.outOfMemory }
        defer {
            X509_STORE_CTX_free(context)
            fed_certificates_free(others)
        }
        // Longer chains than our depth are refused anyway; a peer cannot make us read more.
        for bytes in chain.dropFirst().prefix(Int(Self.depth)) {
            guard let certificate = Self.certificate(bytes) else { continue }
            guard fed_certificates_add(others, certificate) > 0 else {
                X509_free(certificate)
                throw Self.outOfMemory
            }
        }
        guard X509_STORE_CTX_init(context, store, leaf, others) == 1,
            X509_STORE_CTX_set_default(context, purpose.rawValue) == 1, let parameters = X509_STORE_CTX_get0_param(context)
        else { throw Self.outOfMemory }
        X509_VERIFY_PARAM_set_time(parameters, time_t(time))
        X509_VERIFY_PARAM_set_depth(parameters, Self.depth)
        // 112 bits: no SHA-1, no RSA below 2048 (SSL_CTX_set_security_level(3)).
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        if revocationLists != nil {
            X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_CRL_CHECK))
        }
        let accepted = X509_verify_cert(context)
        let code = X509_STORE_CTX_get_error(context)
        ERR_clear_error()
        guard accepted == 1, code == X509_V_OK else { return code == X509_V_OK ? X509_V_ERR_UNSPECIFIED : code }
        try Self.demandLeaf(leaf, for: purpose)
        return code
    }

    /// OpenSSL lets pass what says nothing: a certificate without extended key usage is good for all, and one that may sign others is
    /// good for a connection too. Ours say what they are for, and sign nothing (RFC 5280, sections 4.2.1.9 and 4.2.1.12).
    private static func demandLeaf(_ leaf: OpaquePointer, for purpose: Purpose) throws(CertificateRefusal) {
        let flags = X509_get_extension_flags(leaf)
        guard flags & UInt32(EXFLAG_BCONS) != 0, flags & UInt32(EXFLAG_CA) == 0 else {
            throw CertificateRefusal(
                reason: "certificate refused: basicConstraints CA:FALSE is missing",
                remedy: "issue it with “fedctl pki issue”, or with basicConstraints=CA:FALSE")
        }
        let wanted = UInt32(purpose == .client ? XKU_SSL_CLIENT : XKU_SSL_SERVER)
        guard flags & UInt32(EXFLAG_XKUSAGE) != 0, X509_get_extended_key_usage(leaf) & wanted != 0 else {
            let usage = purpose == .client ? "clientAuth" : "serverAuth"
            throw CertificateRefusal(
                reason: "certificate refused: its extended key usage lacks \(usage)",
                remedy: "issue it with “fedctl pki issue”, or with extendedKeyUsage=\(usage)")
        }
    }

    /// Certificates between the peer's and the root.
    private static let depth: Int32 = 4

    private func store() throws(CertificateRefusal) -> OpaquePointer {
        guard let store = X509_STORE_new() else { throw Self.outOfMemory }
        for bytes in roots {
            guard let root = Self.certificate(bytes) else {
                X509_STORE_free(store)
                throw CertificateRefusal(
                    reason: "cannot read a certificate of the trust roots", remedy: "use ca.pem of “fedctl pki init”")
            }
            defer { X509_free(root) }
            X509_STORE_add_cert(store, root)
        }
        for signed in revocationLists?.all ?? [] {
            guard let list = Self.revocationList(signed.der) else {
                X509_STORE_free(store)
                throw CertificateRefusal(
                    reason: "cannot read the revocation list", remedy: "use crl.pem of “fedctl pki init” or “fedctl pki revoke”")
            }
            defer { X509_CRL_free(list) }
            X509_STORE_add_crl(store, list)
        }
        return store
    }

    static func documents(_ pem: String, type: String, _ what: String) throws(CertificateRefusal) -> [[UInt8]] {
        let documents = ((try? PEMDocument.parseMultiple(pemString: pem)) ?? []).filter { $0.discriminator == type }
        guard !documents.isEmpty else {
            throw CertificateRefusal(
                reason: "the file of \(what) has no PEM block “\(type)”", remedy: "give the file that “fedctl pki init” wrote")
        }
        return documents.map(\.derBytes)
    }

    static func certificate(_ der: [UInt8]) -> OpaquePointer? {
        read(der) { d2i_X509(nil, &$0, $1) }
    }

    static func revocationList(_ der: [UInt8]) -> OpaquePointer? {
        read(der) { d2i_X509_CRL(nil, &$0, $1) }
    }

    static func read(_ der: [UInt8], _ body: (inout UnsafePointer<UInt8>?, Int) -> OpaquePointer?) -> OpaquePointer? {
        defer { ERR_clear_error() }
        return der.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            return body(&position, buffer.count)
        }
    }

    static let outOfMemory = CertificateRefusal(reason: "OpenSSL has no memory", remedy: "see what uses the memory of this machine")
}
