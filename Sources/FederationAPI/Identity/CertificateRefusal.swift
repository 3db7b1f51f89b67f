/// Why a certificate, or a file that judges certificates, is refused; with what to do, for the log of the side that refuses.
package struct CertificateRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence.
    package let reason: String
    /// An order.
    package let remedy: String

    package init(reason: String, remedy: String) {
        self.reason = reason
        self.remedy = remedy
    }

    package var description: String { "\(reason); \(remedy)" }
}
