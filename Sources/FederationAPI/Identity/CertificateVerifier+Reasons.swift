import COpenSSL

extension CertificateVerifier {
    /// OpenSSL's verdict (X509_STORE_CTX_get_error(3)) as a sentence, with what to do.
    static func refusal(_ code: Int32) -> CertificateRefusal {
        let words = String(cString: X509_verify_cert_error_string(Int(code)))
        let remedy =
            switch code {
            case X509_V_ERR_CERT_HAS_EXPIRED:
                "issue a new certificate with “fedctl pki issue”, and check that the clocks agree"
            case X509_V_ERR_CERT_NOT_YET_VALID:
                "set the clocks of both machines"
            case X509_V_ERR_CERT_REVOKED:
                "the certificate was revoked; if that was a mistake, issue a new one with “fedctl pki issue”"
            case X509_V_ERR_INVALID_PURPOSE:
                "use a certificate of the right kind: a coordinator's for the coordinator, a gateway's or an admin's for the others"
            case X509_V_ERR_CRL_HAS_EXPIRED:
                "write a new revocation list where ca.key is, “fedctl pki crl --refresh”, and give crl.pem to the coordinator and the agents"
            case X509_V_ERR_CRL_NOT_YET_VALID:
                "set the clocks of both machines"
            case X509_V_ERR_UNABLE_TO_GET_CRL:
                "the revocation list is from another authority; use the crl.pem next to the ca.pem in use"
            case X509_V_ERR_PERMITTED_VIOLATION, X509_V_ERR_EXCLUDED_VIOLATION:
                "the authority may not issue certificates for this federation; issue it with that federation's authority"
            default:
                "use a certificate of the authority whose ca.pem is the trust root of both sides"
            }
        return CertificateRefusal(reason: "certificate refused: \(words)", remedy: remedy)
    }
}
