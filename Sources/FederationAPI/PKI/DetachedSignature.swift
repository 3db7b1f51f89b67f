import COpenSSL

/// Signatures that `openssl cms -verify` checks.
package enum DetachedSignature {
    /// A CMS signature (RFC 5652) of `text`, which it does not contain; it contains the certificates.
    ///
    /// - Parameters:
    ///   - certificates: PEM, the signer’s own first.
    ///   - key: PEM, of the signer’s certificate; of any kind that OpenSSL signs with.
    /// - Returns: PEM.
    package static func sign(_ text: [UInt8], certificates: String, key: String) throws(PKIError) -> String {
        func failed(_ what: String) -> PKIError {
            defer { ERR_clear_error() }
            let code = ERR_peek_last_error()
            let words = ERR_reason_error_string(code).map { String(cString: $0) } ?? "no reason given"
            return PKIError(reason: "cannot sign: \(what) (\(words))", remedy: "use the certificate and key written by “fedctl pki issue”")
        }
        guard let keyInput = memory(Array(key.utf8)), let certificateInput = memory(Array(certificates.utf8)), let input = memory(text),
            let output = BIO_new(BIO_s_mem())
        else { throw failed("out of memory") }
        defer { for bio in [keyInput, certificateInput, input, output] { BIO_free_all(bio) } }
        guard let privateKey = PEM_read_bio_PrivateKey(keyInput, nil, nil, nil) else { throw failed("the private key is not readable") }
        defer { EVP_PKEY_free(privateKey) }
        guard let signer = PEM_read_bio_X509(certificateInput, nil, nil, nil) else { throw failed("the certificate is not readable") }
        defer { X509_free(signer) }
        guard let others = fed_certificates_new() else { throw failed("out of memory") }
        defer { fed_certificates_free(others) }
        while let other = PEM_read_bio_X509(certificateInput, nil, nil, nil) {
            if fed_certificates_add(others, other) == 0 { X509_free(other) }
        }
        ERR_clear_error()
        let flags = UInt32(CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP)
        guard let signature = CMS_sign(signer, privateKey, others, input, flags) else { throw failed("the key is not the certificate’s") }
        defer { CMS_ContentInfo_free(signature) }
        guard fed_write_signature(output, signature) == 1 else { throw failed("the signature cannot be written") }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = BIO_read(output, &buffer, Int32(buffer.count))
            guard count > 0 else { break }
            bytes += buffer[..<Int(count)]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func memory(_ bytes: [UInt8]) -> OpaquePointer? {
        guard let bio = BIO_new(BIO_s_mem()) else { return nil }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { BIO_write(bio, $0.baseAddress, Int32(clamping: $0.count)) }
            guard count > 0 else {
                BIO_free_all(bio)
                return nil
            }
            rest = rest.dropFirst(Int(count))
        }
        return bio
    }
}

extension Credentials {
    /// Signs with our key as it is on disk now.
    /// - Returns: a detached CMS signature, PEM, with our certificate.
    package func sign(_ text: [UInt8]) throws(PKIError) -> String {
        try DetachedSignature.sign(
            text, certificates: try SecretFile.read(files.certificate), key: try SecretFile.readKey(files.key))
    }
}
