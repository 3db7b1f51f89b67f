import COpenSSL

/// Until when something is valid that connections stand or fall by.
package struct Validity: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
        /// Of a peer or of ourselves.
        case certificate(PeerIdentity)
        case authority(String)
        /// Of that authority.
        case revocationList(String)
    }

    package let subject: Subject
    /// Seconds since 1970.
    package let from: Int64
    package let until: Int64

    package init(_ subject: Subject, from: Int64, until: Int64) {
        self.subject = subject
        self.from = from
        self.until = until
    }

    package enum Stage: Int, Hashable, Sendable, Comparable {
        case fresh, month, week, ended
        package static func < (one: Stage, other: Stage) -> Bool { one.rawValue < other.rawValue }
    }

    private static let day: Int64 = 86400

    /// How near the end is. A revocation list lives for days: of its life a third is the time to write the next one.
    /// - Parameter now: seconds since 1970.
    package func stage(at now: Int64) -> Stage {
        let left = until - now
        if left < 0 { return .ended }
        if case .revocationList = subject { return left < min((until - from) / 3, 7 * Self.day) ? .week : .fresh }
        return left <= 7 * Self.day ? .week : left <= 30 * Self.day ? .month : .fresh
    }

    /// `the certificate of spiffe://demo/admin/ada ends in 6 days`
    package func sentence(at now: Int64) -> String {
        let left = until - now
        let when =
            left < 0 ? "expired \(Self.span(-left)) ago" : "expires in \(Self.span(left))"
        return switch subject {
        case .certificate(let identity): "the certificate of \(identity) \(when)"
        case .authority(let name): "the authority \(name) \(when)"
        case .revocationList(let name): "the revocation list of \(name) \(when)"
        }
    }

    private static func span(_ seconds: Int64) -> String {
        seconds >= 2 * day ? "\(seconds / day) days" : seconds >= 7200 ? "\(seconds / 3600) hours" : "\(max(seconds / 60, 1)) min"
    }

    /// An order.
    package var remedy: String {
        switch subject {
        case .certificate(.coordinator): "where ca.key is: fedctl pki issue coordinator --replace --address ADDRESS; copy both files here"
        case .certificate(.gateway(_, let gateway)):
            "where ca.key is: fedctl pki issue gateway \(gateway) --replace; copy both files to that gateway"
        case .certificate(.reader(_, let cloud)):
            "where ca.key is: fedctl pki issue reader \(cloud) --replace; copy both files to that cloud"
        case .certificate(.admin(_, let name)): "where ca.key is: fedctl pki issue admin \(name) --replace"
        case .authority:
            "create a new authority in another folder (fedctl pki init --certs), append its ca.pem to all trust roots, "
                + "then issue all certificates with it"
        case .revocationList: "where ca.key is: fedctl pki crl --refresh; then copy crl.pem to the coordinator and the agents"
        }
    }
}

extension CredentialSnapshot {
    /// Of our certificate, of the trust roots and of the revocation lists in force.
    package var validities: [Validity] {
        var found = [Validity(.certificate(identity), from: notBefore, until: notAfter)]
        for root in verifier.roots {
            guard let certificate = CertificateVerifier.certificate(root) else { continue }
            defer { X509_free(certificate) }
            guard let times = CertificateVerifier.validity(certificate) else { continue }
            found.append(
                Validity(.authority(SignedRevocationList.commonName(certificate)), from: times.lowerBound, until: times.upperBound))
        }
        for list in verifier.revocationLists?.all ?? [] {
            found.append(Validity(.revocationList(list.name), from: list.thisUpdate, until: list.nextUpdate))
        }
        return found
    }
}

extension CertificateVerifier {
    /// Seconds since 1970; nil where they cannot be read, or are the wrong way round.
    static func validity(_ certificate: OpaquePointer) -> ClosedRange<Int64>? {
        guard let from = SignedRevocationList.Facts.seconds(X509_get0_notBefore(certificate)),
            let until = SignedRevocationList.Facts.seconds(X509_get0_notAfter(certificate)), from <= until
        else { return nil }
        return from...until
    }
}
