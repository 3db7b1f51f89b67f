import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A certificate that the authority made.
package struct IssuedCertificate: Hashable, Sendable {
    package let identity: PeerIdentity
    /// Lower case hexadecimal, two digits per byte.
    package let serial: String
    package let notBefore: Date
    package let notAfter: Date
    package let isRevoked: Bool
    /// Where it lies.
    package let path: String

    init(_ certificate: Certificate, path: String, isRevoked: Bool) throws(PKIError) {
        do {
            identity = try PeerIdentity(certificate: certificate)
        } catch {
            throw PKIError(reason: "\(path): \(error.reason)", remedy: error.remedy)
        }
        serial = certificate.serialHex
        notBefore = certificate.notValidBefore
        notAfter = certificate.notValidAfter
        self.isRevoked = isRevoked
        self.path = path
    }
}

extension Certificate {
    /// Lower case hexadecimal, two digits per byte, without leading zero bytes.
    var serialHex: String { hexadecimal(serialNumber.bytes) }
}

func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
    bytes.drop { $0 == 0 }.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
