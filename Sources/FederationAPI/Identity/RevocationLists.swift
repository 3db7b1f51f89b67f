/// The revocation lists in force, one for each authority: always the newest that was ever seen.
///
/// An older list, put back by whoever writes the file or by a restored directory, would give back what was revoked.
package struct RevocationLists: Hashable, Sendable {
    private var byAuthority: [String: SignedRevocationList] = [:]

    /// By authority.
    package var all: [SignedRevocationList] { byAuthority.values.sorted { $0.authority < $1.authority } }

    package init() {}

    /// - Parameters:
    ///   - documents: DER, one list or more.
    ///   - roots: DER. Each list must be signed by one of them.
    init(_ documents: [[UInt8]], signedBy roots: [[UInt8]]) throws(CertificateRefusal) {
        for document in documents {
            guard let list = SignedRevocationList(document, signedBy: roots) else {
                throw CertificateRefusal(
                    reason: "the revocation list is invalid, or not signed by any of the trust roots",
                    remedy: "use the crl.pem next to the ca.pem in use")
            }
            var complaint: [RevocationComplaint] = []
            take(list, complaints: &complaint)
        }
    }

    /// Takes a list unless a newer one of its authority is there.
    /// - Returns: whether it is in force now, and was not before.
    @discardableResult
    mutating func take(_ list: SignedRevocationList, complaints: inout [RevocationComplaint]) -> Bool {
        if let held = byAuthority[list.authority] {
            if held.der == list.der { return false }
            guard (held.number, held.thisUpdate) < (list.number, list.thisUpdate) else {
                complaints.append(RevocationComplaint(authority: list.name, held: held.number, offered: list.number))
                return false
            }
        }
        byAuthority[list.authority] = list
        return true
    }
}

/// A list that was not taken because a newer one of the same authority is known.
package struct RevocationComplaint: Hashable, Sendable, CustomStringConvertible {
    package let authority: String
    package let held: RevocationListNumber
    package let offered: RevocationListNumber

    package var reason: String {
        held == offered
            ? "the revocation list of \(authority) differs from the known list with the same number \(held)"
            : "the revocation list of \(authority) has number \(offered), but number \(held) is already known"
    }

    package var remedy: String {
        "the known list stays in force; install the newest crl.pem, or, where ca.key is, repeat the missing revocations "
            + "and renew the list with a higher number: fedctl pki crl --refresh --number \(held.next)"
    }

    package var description: String { "\(reason); \(remedy)" }
}

/// Where lists are remembered over restarts.
package protocol RevocationMemory: Sendable {
    /// DER of the newest list of each authority.
    func recall() throws -> [[UInt8]]
    /// Writes lists down, in place of older ones of the same authorities.
    func remember(_ lists: [SignedRevocationList]) throws
}

extension CertificateVerifier {
    /// The same, by the newest of its own lists and others. Lists of authorities that are no trust roots any more are left out.
    func keeping(_ lists: RevocationLists?, complaints: inout [RevocationComplaint]) throws(CertificateRefusal) -> CertificateVerifier {
        guard let own = revocationLists, let lists else { return self }
        var merged = RevocationLists()
        // What was known first: what is offered now is measured by it.
        var nothing: [RevocationComplaint] = []
        for list in lists.all {
            guard let list = SignedRevocationList(list.der, signedBy: roots) else { continue }
            merged.take(list, complaints: &nothing)
        }
        for list in own.all { merged.take(list, complaints: &complaints) }
        return try CertificateVerifier(roots: roots, revocationLists: merged)
    }
}
