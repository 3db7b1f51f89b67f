import FederationAPI
import Foundation

/// The newest revocation lists that were seen: an older one, put in place later, gives back nothing that was revoked.
extension StateDirectory: RevocationMemory {
    private static let file = "revocation-lists.json"

    package func recall() throws -> [[UInt8]] {
        (load(Self.file) { try JSONDecoder().decode([String: Data].self, from: $0) } ?? [:]).sorted { $0.key < $1.key }.map {
            Array($0.value)
        }
    }

    package func remember(_ lists: [SignedRevocationList]) throws {
        var kept = load(Self.file) { try JSONDecoder().decode([String: Data].self, from: $0) } ?? [:]
        let known = kept
        for list in lists { kept[list.authority] = Data(list.der) }
        if kept != known { try save(kept, Self.file) }
    }
}
