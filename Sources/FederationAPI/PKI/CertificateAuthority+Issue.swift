import Crypto
import FederationModel
import NetworkTypes
import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Whom a certificate is for.
package enum CertificateSubject: Hashable, Sendable {
    /// IP addresses and host names that it is reached by, for tools that look at them (ours look at the URI).
    case coordinator(addresses: [String])
    case gateway(GatewayID)
    case admin(AdminName)
    /// Whoever reads for a cloud: its Neutron.
    case reader(CloudName)

    /// The admin that `fedctl` is by default.
    package static let defaultAdmin = AdminName(unchecked: "admin")

    /// Without `.pem` or `.key`.
    package var fileName: String {
        switch self {
        case .coordinator: "coordinator"
        case .gateway(let gateway): "\(gateway.cloud).\(gateway.node)"
        case .admin(Self.defaultAdmin): "admin"
        case .admin(let name): "admin-\(name)"
        case .reader(let cloud): "reader-\(cloud)"
        }
    }

    func identity(in federation: FederationID) -> PeerIdentity {
        switch self {
        case .coordinator: .coordinator(federation)
        case .gateway(let gateway): .gateway(federation, gateway)
        case .admin(let name): .admin(federation, name)
        case .reader(let cloud): .reader(federation, cloud)
        }
    }

    var commonName: String {
        switch self {
        case .coordinator: "coordinator"
        case .gateway(let gateway): gateway.description
        case .admin(let name): name.text
        case .reader(let cloud): "reader of \(cloud)"
        }
    }
}

extension CertificateAuthority {
    /// Issues a certificate with a new P-256 key, and writes both.
    ///
    /// - Parameters:
    ///   - replacing: overwrites the certificate and key of the same peer. The old certificate stays valid; revoke it if
    ///     its key may be in other hands.
    ///   - lifetime: seconds.
    package func issue(
        _ subject: CertificateSubject, replacing: Bool = false, now: Date = Date(), lifetime: TimeInterval = Lifetime.certificate
    ) throws(PKIError) -> IssuedCertificate {
        let path = "\(folder)/\(subject.fileName)"
        let identity = subject.identity(in: federation)
        try refuseOverwriting("\(path).pem", by: identity, replacing: replacing)
        let names = try alternativeNames(of: subject, identity: identity)
        let usage: ExtendedKeyUsage.Usage = identity.role == .coordinator ? .serverAuth : .clientAuth
        let leafKey = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let serial = Certificate.SerialNumber()
        let leaf = try Self.wrap("the certificate of \(identity)") {
            try Certificate(
                version: .v3, serialNumber: serial, publicKey: leafKey.publicKey, notValidBefore: now - Lifetime.skew,
                notValidAfter: min(now + lifetime, certificate.notValidAfter), issuer: certificate.subject,
                subject: try DistinguishedName {
                    OrganizationName("ovn-federation")
                    // 64 characters at most (RFC 5280, appendix A.1); for people only.
                    CommonName(String(subject.commonName.prefix(64)))
                },
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: try Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([usage])
                    SubjectKeyIdentifier(hash: leafKey.publicKey)
                    AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: certificate.publicKey).keyIdentifier)
                    SubjectAlternativeNames(names)
                }, issuerPrivateKey: key)
        }
        let text = try Self.pem(leaf)
        // The record comes first: nothing is in use that the authority does not know of. The key comes before the
        // certificate: whoever sees the new certificate finds its key.
        try SecretFile.makeFolder(paths.issued)
        try SecretFile.write(text, to: "\(paths.issued)/\(leaf.serialHex).pem", mode: SecretFile.publicMode)
        try SecretFile.write(try Self.pem(leafKey), to: "\(path).key", mode: SecretFile.privateMode)
        try SecretFile.write(text, to: "\(path).pem", mode: SecretFile.publicMode)
        return try IssuedCertificate(leaf, path: "\(path).pem", isRevoked: false)
    }

    private func refuseOverwriting(_ path: String, by identity: PeerIdentity, replacing: Bool) throws(PKIError) {
        guard SecretFile.exists(path) else { return }
        let text = try SecretFile.read(path)
        let old = try Self.wrap(path) { try Certificate(pemEncoded: text) }
        guard let oldIdentity = try? PeerIdentity(certificate: old), oldIdentity == identity else {
            throw PKIError(
                reason: "\(path) is the certificate of another peer with the same file name",
                remedy: "rename one of the two, or use another folder with --certs")
        }
        guard replacing else {
            throw PKIError(
                reason: "\(path) exists",
                remedy: "use it, or add --replace to issue a new one (“fedctl pki revoke \(path)” first if its key may be lost)")
        }
    }

    private func alternativeNames(of subject: CertificateSubject, identity: PeerIdentity) throws(PKIError) -> [GeneralName] {
        var names: [GeneralName] = [.uniformResourceIdentifier(identity.description)]
        guard case .coordinator(let addresses) = subject else { return names }
        for address in addresses {
            switch IPAddress(address) {
            case .v4(let address):
                names.append(.ipAddress(ASN1OctetString(contentBytes: bytes(UInt128(address.bits), count: 4)[...])))
            case .v6(let address):
                names.append(.ipAddress(ASN1OctetString(contentBytes: bytes(address.bits, count: 16)[...])))
            case nil:
                let isHostName = address.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x2d || $0 == 0x2e
                }
                guard !address.isEmpty, isHostName else {
                    throw PKIError(
                        reason: "invalid address “\(address)”: must be an IP address or host name",
                        remedy: "write it like --address 192.0.2.1 or --address coordinator.example")
                }
                names.append(.dnsName(address))
            }
        }
        return names
    }

    /// Network byte order.
    private func bytes(_ number: UInt128, count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt128(8 * (count - 1 - $0))) }
    }
}
