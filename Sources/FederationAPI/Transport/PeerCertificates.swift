import COpenSSL
import Synchronization

/// Until when the certificates of peers are valid, by the last handshake of each: who renewed one is seen to have.
///
/// It grows by identities that our authorities vouched for only.
package final class PeerCertificates: Sendable {
    private let known = Mutex<[PeerIdentity: Validity]>([:])

    /// By identity.
    package var validities: [Validity] {
        known.withLock { Array($0) }.sorted { $0.key.description < $1.key.description }.map(\.value)
    }

    /// - Parameter leaf: DER; it was verified.
    func note(_ identity: PeerIdentity, leaf: [UInt8]) {
        guard let certificate = CertificateVerifier.certificate(leaf) else { return }
        defer { X509_free(certificate) }
        guard let times = CertificateVerifier.validity(certificate) else { return }
        known.withLock { $0[identity] = Validity(.certificate(identity), from: times.lowerBound, until: times.upperBound) }
    }
}
